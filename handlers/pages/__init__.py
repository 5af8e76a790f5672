"""What pages show, as values made from the store; how they look stands in `templates/pages`."""
