"""Frozen values, one noun each; all instants are aware UTC, all offsets are code points."""
