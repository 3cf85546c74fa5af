"""The published index: stored text, dense leg (Chroma), lexical leg (tantivy)."""
