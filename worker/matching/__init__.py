"""Which watches does an article satisfy, and where; pure."""
