"""Introductions at the desk: what waits, one pair, one letter. For technology managers."""
