"""Data files only: the demo model, its session, icons and artwork."""
