"""The mouse tools that draw masks, one file each."""
