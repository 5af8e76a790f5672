"""How runs begin: by a prompt, a command or a dialog."""
