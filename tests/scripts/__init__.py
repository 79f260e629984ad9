"""The scripts room: text, comments, files."""
