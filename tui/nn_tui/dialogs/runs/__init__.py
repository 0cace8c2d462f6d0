"""Runs as tables: the runs kept beside the one on the screen."""
