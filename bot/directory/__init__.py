"""What the bot knows of the server's people, teams and channels, and how it asks."""
