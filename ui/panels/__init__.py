"""The docked panels: setup, canvas, timeline, inspect."""
