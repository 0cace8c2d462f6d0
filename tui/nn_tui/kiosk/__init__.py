"""What a stranger's process may do, and the screen that a stranger gets."""
