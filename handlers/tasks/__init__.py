"""Tasks and checklists: what people ask for."""
