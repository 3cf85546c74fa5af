"""The page's views of needs, offers, matches, receipts and introductions."""
