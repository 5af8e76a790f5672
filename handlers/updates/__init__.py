"""Status updates, their reminders, and who follows them."""
