"""Plots for the terminal: axes, a canvas of dots, a description of a plot, and its widget."""
