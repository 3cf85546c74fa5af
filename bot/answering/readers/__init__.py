"""Readers: each proposes what answers a question from one kind of structure."""
