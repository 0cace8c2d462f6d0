"""Runs as tables: the steps of the one on the screen, and the runs kept beside it."""
