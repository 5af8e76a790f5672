"""Asking a Mattermost server that still has its own playbooks for them, and for their finished runs."""
