"""Tests of sqlgen.revisions."""
