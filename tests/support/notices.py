"""Short notices and what they say of themselves."""

from bot.documents.blocks import Extract, Field
from bot.documents.metadata import read_metadata
from bot.documents.structure import text_lines
from bot.types.documents import DocumentMetadata

BODY = "第一条 为了支持企业开展技术创新，提高成果转化的质量和效率，根据有关规定，制定本办法。"


def read(text: str, *, title: str | None = None, day: str | None = None, **fields: str) -> DocumentMetadata:
    """The metadata of ``text``, with box entries; every quote is checked against the text."""
    clean = "\n".join(line.strip() for line in text.split("\n") if line.strip())
    box = tuple(Field(label, value) for label, value in fields.items())
    known = read_metadata(text_lines(clean), Extract((), title=title, date=day, fields=box))
    for quote in known.quotes:
        assert quote.start is None or clean[quote.start : quote.end] == quote.text
        assert quote.start is not None or quote.label is not None or quote.text in clean + known.title
    return known
