"""A run as a program of its own, in NumPy or PyTorch, short enough to be read."""
