"""What is done to runs, whoever asks for it."""
