"""The search core that passages and market records share: BM25, idf, vectors on disk."""
