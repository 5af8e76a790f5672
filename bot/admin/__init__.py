"""What an administrator uses: setting up, and finding out what is missing."""
