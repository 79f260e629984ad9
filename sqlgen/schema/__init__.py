"""What is known about the schema while revisions are replayed, with no database to ask."""
