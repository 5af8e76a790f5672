"""What is logged, and what never is: secrets, words of people, floods."""
