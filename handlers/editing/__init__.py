"""Making and changing playbooks: what people do to them in chat and on pages."""
