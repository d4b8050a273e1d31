"""Estimates from a few probes: a diagonal, a region's mean, and their error bars."""
