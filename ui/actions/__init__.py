"""The one registry of actions."""
