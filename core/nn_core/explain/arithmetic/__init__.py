"""Rules with the numbers of a run filled in, line by line."""
