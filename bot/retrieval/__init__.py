"""Query → hits: both legs fused with measured weights."""
