"""Rows to learn from: made by a function or read from a CSV file, scaled, and split."""
