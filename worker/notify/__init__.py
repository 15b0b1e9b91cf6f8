"""Messages and the channels that take them."""
