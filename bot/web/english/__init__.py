"""What code composes in Chinese, said in English at the page's edge: sentences by a table, dates and marks by rule."""
