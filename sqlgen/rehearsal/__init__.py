"""Rehearsals: a script, its checks and its way back, run on a scratch database."""
