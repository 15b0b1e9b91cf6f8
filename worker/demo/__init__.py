"""A recorded news morning, and the whole service run on it."""
