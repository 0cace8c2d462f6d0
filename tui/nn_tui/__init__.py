"""The screen of nn-tui."""
