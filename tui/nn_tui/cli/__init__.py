"""The command line, and runs without a screen."""
