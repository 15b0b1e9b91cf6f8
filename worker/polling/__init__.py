"""When a feed is asked, where, with which conditions, and what is remembered of its answer; pure."""
