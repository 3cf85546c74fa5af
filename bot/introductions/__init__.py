"""First introductions: asked of each side alone, joined only after two recorded yeses."""
