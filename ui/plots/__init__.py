"""The timeline, the histogram and curves."""
