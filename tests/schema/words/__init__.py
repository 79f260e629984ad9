"""What PostgreSQL's catalog makes of expressions, names and changes, and what the shadow schema makes of them."""
