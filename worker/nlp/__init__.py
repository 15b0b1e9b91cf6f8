"""The Stanza models behind one class."""
