"""The parts of the main screen: header, plots, table, words, status."""
