"""The service measured on labelled news, by the same code path."""
