"""The sandbox's page in a browser: its files, and the Markdown that it shows."""
