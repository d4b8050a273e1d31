"""The frozen views of the window, and the one place that resolves them. No Qt."""
