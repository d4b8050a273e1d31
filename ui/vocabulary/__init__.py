"""Plain values that all rooms share; they depend on nothing else. No Qt."""
