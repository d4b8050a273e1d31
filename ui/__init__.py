"""The window of memlens: Qt only, no mathematics."""
