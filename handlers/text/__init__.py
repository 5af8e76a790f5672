"""Words, numbers and times, as people write and read them; nothing here knows the store."""
