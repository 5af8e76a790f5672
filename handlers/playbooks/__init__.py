"""The playbook as data: what a file says, checked and told of with places."""
