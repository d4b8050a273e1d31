"""The one door to translations, and the language that is installed behind it."""
