"""Training of the bundled embedding model from plain text."""
