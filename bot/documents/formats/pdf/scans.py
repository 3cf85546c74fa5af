"""Pages without a text layer: drawn by PDFium, read by text recognition, laid out like any other page."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from bot.documents.formats import recognition
from bot.documents.formats.pdf.assembling import PageContent
from bot.documents.formats.pdf.glyphs import Band, Segment
from bot.documents.formats.pdf.running import PageLines
from bot.documents.lines import columns

#: Pixels an inch: 12-point characters are then 33 pixels high, which recognition reads well.
_RESOLUTION = 200
#: Pages of posters are drawn smaller, so that no picture has more pixels on a side.
_MAX_PIXELS = 4_000
_POINTS_PER_INCH = 72
#: Recognition takes seconds a page.
MAX_PAGES = 200
#: Lines whose middles differ by less than this share of their height stand beside each other.
_SAME_LINE = 0.5
_NEARLY = 0.2


def recognised_pages(
    data: bytes, numbers: Sequence[int], clock: Callable[[], float], seconds: float
) -> dict[int, PageContent]:
    """The pages (counted from 1) that recognition read something on, as far as the time goes."""
    import pypdfium2

    found: dict[int, PageContent] = {}
    end = clock() + seconds
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return found
    try:
        for number in numbers[:MAX_PAGES]:
            if clock() > end:
                break
            picture, scale = _drawn(document, number - 1)
            lines = recognition.recognise(picture)
            if lines:
                found[number] = content_of_lines(lines, number, picture.shape[1], picture.shape[0], 1 / scale)
    except pypdfium2.PdfiumError:
        return found
    finally:
        document.close()
    return found


def content_of_lines(
    lines: Sequence[recognition.RecognisedLine], number: int, width: float, height: float, scale: float = 1.0
) -> PageContent:
    """Recognised lines as a page; ``scale`` is points for a pixel."""
    bands = recognised_bands(lines, scale)
    return PageContent(PageLines(number, height * scale, tuple(bands), (), width * scale))


def recognised_bands(lines: Sequence[recognition.RecognisedLine], scale: float) -> list[Band]:
    """Lines from the top down, those at one height together."""
    sizes = _sizes(lines, scale)
    rows: list[list[Segment]] = []
    for line, size in sorted(zip(lines, sizes, strict=True), key=lambda pair: pair[0].top + pair[0].bottom):
        left, right, top, bottom = (edge * scale for edge in (line.left, line.right, line.top, line.bottom))
        segment = Segment(line.text, left, right, top, bottom, bottom - 0.2 * (bottom - top), size)
        first = rows[-1][0] if rows else None
        if first is not None and abs(first.middle[1] - segment.middle[1]) < _SAME_LINE * min(
            bottom - top, first.bottom - first.top
        ):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [Band(tuple(sorted(row, key=lambda segment: segment.x0))) for row in rows]


def _sizes(lines: Sequence[recognition.RecognisedLine], scale: float) -> list[float]:
    """The size of every line's characters by its width; what is nearly the usual size is that size.

    The height of a box follows what its characters happen to reach, and every box is a little off.
    """
    sizes = [2 * (line.right - line.left) / max(columns(line.text), 1) * scale for line in lines]
    if not sizes:
        return []
    usual = statistics.median(size for size, line in zip(sizes, lines, strict=True) for _ in line.text)
    return [usual if abs(size - usual) <= _NEARLY * usual else size for size in sizes]


def _drawn(document: Any, index: int) -> tuple[Any, float]:
    """The page as pixels (height, width, 3) and how many pixels a point has."""
    page = document[index]
    width, height = page.get_size()
    scale = min(_RESOLUTION / _POINTS_PER_INCH, _MAX_PIXELS / max(width, height, 1.0))
    bitmap = page.render(scale=scale, rev_byteorder=False)
    try:
        return bitmap.to_numpy()[:, :, :3].copy(), scale
    finally:
        bitmap.close()
        page.close()
