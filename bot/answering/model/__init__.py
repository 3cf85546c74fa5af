"""Answers with a model service: questions made whole, sentences worded, each held against its evidence."""
