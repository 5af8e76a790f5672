"""What runs tell together, asked for in chat, told once a week, and what of it should change the playbook."""
