"""Whom and what an article names: mentions, each with one canonical name; pure."""
