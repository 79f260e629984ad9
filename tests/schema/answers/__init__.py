"""Small revisions that use every kind of object: what the shadow schema answers is what a real server answers."""
