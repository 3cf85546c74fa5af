"""The views beside the conversation: eligibility, needs and offers, receipts, introductions."""
