"""Whether watches keep what their golden examples promise, and which of them are therefore in force; pure."""
