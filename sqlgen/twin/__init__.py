"""The row twin: the rows that a script writes, mirrored in a small database, so that revisions can read them."""
