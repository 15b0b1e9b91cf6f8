"""Configuration files and environment turned into frozen values; every fault reported at once."""
