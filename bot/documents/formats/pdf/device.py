"""Pages to glyphs: a pdfminer device that keeps what reading needs and counts what a page costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pdfminer import utils
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, stream_value

from bot.documents.formats.pdf.glyphs import RawGlyph, RawPage, Turn
from bot.documents.formats.pdf.opening import BoundedFonts, unlisted_code
from bot.errors import DocumentError

#: Drawing instructions of one page, forms counted each time they are drawn. A full page of text has 20 kB.
MAX_PAGE_BYTES = 8_000_000
#: Of all pages together; about three minutes of reading.
MAX_FILE_BYTES = 100_000_000
#: What drawing a form costs at least, so that a million empty ones are counted too.
_FORM_COST = 2_000
MAX_PAGE_GLYPHS = 200_000
MAX_PAGE_RULES = 20_000
#: Thinner than this, a filled rectangle is a line.
_THIN = 3.0
#: Degrees that text may be off the vertical or the horizontal.
_STRAIGHT = 8.0
_UNKNOWN = "\ufffd"
_UNSEEN_MODES = (3, 7)
_SYMBOLS = {"\uf0fe": "☑", "\uf052": "☑", "\uf0fd": "☒", "\uf0a8": "□", "\uf06f": "□", "\uf0a3": "□"}

Matrix = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]


class TooMuch(Exception):
    """One page draws more than any page people read."""


class GlyphDevice(PDFTextDevice):
    """Collects the glyphs, lines, fills and pictures of one page at a time."""

    def __init__(self, fonts: BoundedFonts) -> None:
        super().__init__(fonts)
        self.file_bytes = 0
        self._mode = 0
        self._start()

    def _start(self) -> None:
        self.page_bytes = 0
        self.drawn = False
        self.glyphs: list[RawGlyph] = []
        self.rules: list[Rectangle] = []
        self.fills: list[Rectangle] = []
        self.images: list[Rectangle] = []

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Forget the page before."""
        self._start()

    def charge(self, size: int) -> None:
        """Count drawing instructions. Raises :class:`TooMuch` or, for the whole file, :class:`DocumentError`."""
        self.page_bytes += size
        self.file_bytes += size
        if self.file_bytes > MAX_FILE_BYTES:
            raise DocumentError("PDF 的内容太多", value=f"{self.file_bytes:,} 字节", remedy="拆成几个文件再放入")
        if self.page_bytes > MAX_PAGE_BYTES:
            raise TooMuch

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Remember whether the string is drawn at all, then take its characters."""
        self.drawn = True
        self._mode = textstate.render
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        """Take one character; gives its advance in text space."""
        advance = font.char_width(cid) * fontsize * scaling
        a, b, c, d, _, _ = matrix
        size = abs(fontsize) * math.hypot(c, d)
        if font.is_vertical():
            glyph = _vertical(matrix, font, fontsize, advance, cid, size)
        else:
            x, y = utils.apply_matrix_pt(matrix, (0, rise))
            end_x, end_y = utils.apply_matrix_pt(matrix, (advance, rise))
            sign = -1 if fontsize * scaling < 0 else 1
            glyph = (x, y, end_x, end_y, _turn(sign * a, sign * b))
        x, y, end_x, end_y, turn = glyph
        if len(self.glyphs) >= MAX_PAGE_GLYPHS:
            raise TooMuch
        if all(math.isfinite(value) for value in (x, y, end_x, end_y, size)):
            unseen, white = self._mode in _UNSEEN_MODES, self._mode in (0, 4) and _is_white(graphicstate.ncolor)
            self.glyphs.append(RawGlyph(_unicode(font, cid), x, y, end_x, end_y, size, turn, unseen, white))
        return advance

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]) -> None:
        """Take straight lines and rectangles; what is filled tells white text on a dark ground."""
        self.drawn = True
        if not path or self.ctm is None or len(self.rules) > MAX_PAGE_RULES:
            return
        for part in _parts(path):
            points = [utils.apply_matrix_pt(self.ctm, point) for point in part]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            box = (min(xs), min(ys), max(xs), max(ys))
            thin = min(box[2] - box[0], box[3] - box[1]) <= _THIN
            if fill and not _is_white(graphicstate.ncolor) and not thin:
                self.fills.append(box)
            if thin and (stroke or (fill and not _is_white(graphicstate.ncolor))):
                self.rules.append(box)
            elif stroke or (fill and _is_box(points)):
                self.rules.extend(_edges(points))

    def render_image(self, name: str, stream: PDFStream) -> None:
        """Where a picture stands; it fills the unit square of its space."""
        self.drawn = True
        if self.ctm is not None:
            corners = [utils.apply_matrix_pt(self.ctm, point) for point in ((0, 0), (1, 0), (0, 1), (1, 1))]
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            self.images.append((min(xs), min(ys), max(xs), max(ys)))


class CountingInterpreter(PDFPageInterpreter):
    """Tells the device how much is about to be drawn."""

    def execute(self, streams: Sequence[object]) -> None:
        """Draw the streams, once they are counted."""
        size = sum(len(stream_value(stream).get_data()) for stream in streams)
        self.device.charge(size + _FORM_COST)  # type: ignore[attr-defined]
        super().execute(streams)


def read_page(page: PDFPage, number: int, interpreter: PDFPageInterpreter, device: GlyphDevice) -> RawPage:
    """What ``page`` draws. Raises :class:`TooMuch`, and whatever pdfminer raises for a damaged page."""
    page.rotate = round(page.rotate / 90) * 90 % 360
    interpreter.process_page(page)
    x0, y0, x1, y1 = page.mediabox
    width, height = (y1 - y0, x1 - x0) if page.rotate in (90, 270) else (x1 - x0, y1 - y0)
    return RawPage(
        number,
        width,
        height,
        _window(page, width, height),
        tuple(device.glyphs),
        tuple(device.rules),
        tuple(device.fills),
        tuple(device.images),
        drawn=device.drawn,
        rotated=page.rotate in (90, 270),
    )


def to_page(page: PDFPage, x: float, y: float) -> tuple[float, float]:
    """A point of the file's own space as it lies on the turned page."""
    x0, y0, x1, y1 = page.mediabox
    if page.rotate == 90:
        return y - y0, x1 - x
    if page.rotate == 180:
        return x1 - x, y1 - y
    if page.rotate == 270:
        return y1 - y, x - x0
    return x - x0, y - y0


def _window(page: PDFPage, width: float, height: float) -> Rectangle:
    """The part that is shown. A crop box that leaves the page is cut to it; an empty one is a mistake."""
    corners = [to_page(page, page.cropbox[i], page.cropbox[j]) for i, j in ((0, 1), (2, 3))]
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    window = (max(xs[0], 0.0), max(ys[0], 0.0), min(xs[1], width), min(ys[1], height))
    return window if window[0] < window[2] and window[1] < window[3] else (0.0, 0.0, width, height)


def _vertical(
    matrix: Matrix, font: PDFFont, fontsize: float, advance: float, cid: int, size: float
) -> tuple[float, float, float, float, Turn]:
    """Upright characters run down; their line lies on the left edge of their squares."""
    displacement: Any = font.char_disp(cid)
    vx, vy = displacement if isinstance(displacement, tuple) else (None, 880)
    left = -fontsize * 0.5 if vx is None else -vx * fontsize * 0.001
    top = (1000 - vy) * fontsize * 0.001
    x, y = utils.apply_matrix_pt(matrix, (left, top))
    return x, y, x, y - size, Turn.VERTICAL


def _turn(a: float, b: float) -> Turn:
    angle = math.degrees(math.atan2(b, a)) % 360
    nearest = round(angle / 90) * 90
    return Turn(nearest % 360) if abs(angle - nearest) <= _STRAIGHT else Turn.SKEW


def _unicode(font: PDFFont, cid: int) -> str:
    if cid < 0:
        return unlisted_code(cid) or _UNKNOWN
    try:
        text = font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        return _UNKNOWN
    if not text or all("\ue000" <= character <= "\uf8ff" for character in text):
        # Symbol fonts keep their signs at U+F000; nearly all of them are bullets and boxes to tick.
        return _SYMBOLS.get(text, "•") if text and "\uf020" <= text[0] <= "\uf0ff" else _UNKNOWN
    return text


def _is_white(colour: Any) -> bool:
    values = colour if isinstance(colour, list | tuple) else (colour,)
    if not values or not all(isinstance(value, int | float) for value in values):
        return False
    if len(values) == 4:
        return all(value <= 0.02 for value in values)
    return all(value >= 0.98 for value in values)


def _parts(path: Sequence[Any]) -> list[list[tuple[float, float]]]:
    """The points of every part of a path; a curve is taken by its end, which is enough for its box."""
    parts: list[list[tuple[float, float]]] = []
    for kind, *numbers in path:
        if kind == "m" or not parts:
            parts.append([])
        if len(numbers) >= 2:
            parts[-1].append((numbers[-2], numbers[-1]))
        elif parts[-1]:
            parts[-1].append(parts[-1][0])
    return [part for part in parts if part]


def _is_box(points: Sequence[tuple[float, float]]) -> bool:
    return 4 <= len(points) <= 5


def _edges(points: Sequence[tuple[float, float]]) -> list[Rectangle]:
    """The horizontal and vertical sides of a drawn outline."""
    edges = []
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        if min(abs(x1 - x0), abs(y1 - y0)) <= _THIN:
            edges.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    return edges
