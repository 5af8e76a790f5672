"""The playbook files of this installation: read, kept in the store, and followed while the bot runs."""
