"""Masks: boolean picture regions, every edit of them, finding, comparing and their files."""
