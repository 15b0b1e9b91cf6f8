"""What an article is about: its IPTC categories and its key phrases; pure."""
