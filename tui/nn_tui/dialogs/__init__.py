"""What lies over the main screen for a while: help, options, palette, prompts, sheets."""
