"""Real projects: their revisions, untouched, rendered and applied."""
