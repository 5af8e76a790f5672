"""Webhooks in chat: how they stand, what was delivered, trying them, their secrets, and being told that one is off."""
