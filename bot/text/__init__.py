"""Plain text rules: tokens, sentences, figures, status words. No input or output."""
