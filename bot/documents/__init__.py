"""Files of a corpus folder become documents and chunks.

``corpus`` lists the files, ``load`` reads one into a :class:`bot.types.Document` (``formats`` know the
file types; ``characters``, ``furniture``, ``lines`` and ``collapsed`` clean its text; ``structure`` finds
its sections; ``metadata`` and ``front_matter`` say what it is), ``chunking`` cuts it into passages.
"""
