"""Questions that the documents could not answer, left for the office with whom to answer."""
