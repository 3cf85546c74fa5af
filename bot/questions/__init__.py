"""Questions as they were asked on the page, masked, for a settable time, and what staff make of them."""
