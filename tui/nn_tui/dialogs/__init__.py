"""Dialogs over the main screen: help, options, palette, prompts, sheets."""
