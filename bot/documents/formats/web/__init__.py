"""Web pages: from elements to units of text, the article among them, and its blocks."""
