"""What people wrote, as safe HTML for pages."""

from handlers.text import rich_text

html = rich_text.html
