"""The search index: embedder, dense and lexical legs, published versions."""
