"""Everything that people read: messages, pages and the starter playbooks, as data of this package."""
