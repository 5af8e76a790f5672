"""What the bot's lasting messages look like: content made from the store, the same whoever asks for it."""
