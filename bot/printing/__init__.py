"""Word and PDF files of anything the assistant hands over: letters, answers, checks of eligibility."""
