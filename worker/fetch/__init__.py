"""Feeds over HTTP, and their bytes turned into entries."""
