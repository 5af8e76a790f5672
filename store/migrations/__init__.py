"""The steps by which a database follows the program's schema."""
