"""Text in, text out: cleaning, comparison forms, words, addresses; pure functions only."""
