"""One training step, whole or phase by phase, and all the state that it reads and writes."""
