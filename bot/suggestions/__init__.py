"""Questions that a corpus can answer: made of it at ingest, asked there, and offered where people ask."""
