"""A query to its best chunks: terms, legs, fusion."""
