"""Webhooks out: what playbooks have other programs told, in lanes of their own beside the courier."""
