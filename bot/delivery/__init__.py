"""The way out: effects from the outbox to the server."""
