"""Rows of styled text: roles, columns, and plain spellings for plain terminals."""
