"""Readings: one number of a run or a step, one file each, found through the registry."""
