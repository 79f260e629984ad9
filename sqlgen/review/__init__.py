"""Code review of scripts: the tree that a project keeps in version control, what has changed in it, and releases."""
