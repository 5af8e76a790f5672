"""Templates of playbooks, rendered in a process of its own whose time and memory the operating system limits."""
