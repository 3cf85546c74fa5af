"""What managers do with records: who looks after which, what is like it, how far matters have come."""
