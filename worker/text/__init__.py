"""Text in, text out: cleaning, comparison forms, words, addresses, times; pure functions only."""
