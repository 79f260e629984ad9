"""The lending database of a public library."""
