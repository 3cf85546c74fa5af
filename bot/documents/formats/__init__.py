"""One module for each file format; each yields an :class:`bot.documents.blocks.Extract`."""
