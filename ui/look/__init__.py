"""Theme, icons and tones of colour."""
