"""Turn → what is asked: parts of a message, follow-ups made whole, what each part asks for."""
