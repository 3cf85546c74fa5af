"""The parts of the Word reader; :mod:`bot.documents.formats.docx` puts them together."""
