"""Which story does an article belong to, and who is told; pure."""
