"""PDF files built for tests; every string that is drawn is remembered, so that none can be lost unnoticed."""

import io
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

import pdfplumber
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bot.documents.blocks import Extract, Reason
from bot.documents.characters import fold_characters
from bot.documents.formats.pdf import read_pdf
from bot.types import UnitKind

FONT = "STSong-Light"
WIDTH, HEIGHT = A4
#: Raised and lowered characters stand in the text as characters of their own.
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉", "0123456789+-n0123456789")


@dataclass
class Paper:
    """A canvas with its origin in the upper left corner."""

    size: tuple[float, float] = A4
    encrypt: str | None = None
    drawn: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=self.size, encrypt=self.encrypt)
        self.canvas.setTitle("")

    def text(self, x: float, top: float, text: str, size: float = 12, font: str = FONT) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.size[1] - top, text)
        self.drawn.append(text)

    def lines(self, *lines: str, x: float = 60, top: float = 80, step: float = 20, size: float = 12) -> float:
        for number, line in enumerate(lines):
            self.text(x, top + step * number, line, size)
        return top + step * len(lines)

    def rule(self, x0: float, top0: float, x1: float, top1: float) -> None:
        self.canvas.line(x0, self.size[1] - top0, x1, self.size[1] - top1)

    def grid(self, xs: list[float], tops: list[float]) -> None:
        """All lines of a table without merged cells."""
        for x in xs:
            self.rule(x, tops[0], x, tops[-1])
        for top in tops:
            self.rule(xs[0], top, xs[-1], top)

    def page(self) -> None:
        self.canvas.showPage()

    def save(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()


def characters(text: str) -> Counter[str]:
    plain = unicodedata.normalize("NFKC", fold_characters(text)) if "ﬃ" in text else fold_characters(text)
    return Counter("".join(plain.translate(_PLAIN).replace("−", "-").split()))


def accounted(extract: Extract) -> Counter[str]:
    """Every character of the blocks (a row's cells with the header cells once each) and of the ledger."""
    found: Counter[str] = Counter()
    for block in extract.blocks:
        if block.kind is not UnitKind.ROW:
            found += characters(block.text)
        for cell in block.cells:
            found += characters(cell.text)
            for header in cell.headers:
                found += characters(header)
    for dropped in extract.dropped:
        found += characters(dropped.text)
    return found


def lost(extract: Extract, data: bytes) -> Counter[str]:
    """What pdfplumber finds on the pages, unfiltered, that stands neither in a block nor in the ledger."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        # (cid:13) is how pdfplumber writes a character that the font has no meaning for.
        raw = "".join(re.sub(r"\(cid:\d+\)", "\ufffd", char["text"]) for page in document.pages for char in page.chars)
    return characters(raw) - accounted(extract)


def missing(extract: Extract, paper: Paper) -> Counter[str]:
    """The same by what the test drew."""
    return characters("".join(paper.drawn)) - accounted(extract)


def read(paper: Paper) -> Extract:
    """The extract, once it is sure that no character was lost."""
    data = paper.save()
    extract = read_pdf(data)
    assert not lost(extract, data) and not missing(extract, paper)
    return extract


def texts(extract: Extract) -> list[str]:
    return [block.text for block in extract.blocks]


def dropped(extract: Extract, reason: Reason) -> list[tuple[str, str]]:
    return [(each.text, each.where) for each in extract.dropped if each.reason is reason]
