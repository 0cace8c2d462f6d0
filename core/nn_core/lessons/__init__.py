"""The course: lesson files, what they ask for, whether it is reached, and what is remembered."""
