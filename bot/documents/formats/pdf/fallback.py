"""A page's text by PDFium, for pages that pdfminer cannot read or whose characters it cannot name."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from typing import Any

from bot.documents.formats.pdf.glyphs import RawGlyph, Turn

_MAX_GLYPHS = 200_000


def pdfium_glyphs(
    data: bytes, index: int, to_page: Callable[[float, float], tuple[float, float]], rotate: int
) -> list[RawGlyph]:
    """The characters of page ``index`` (from 0), empty when PDFium cannot read it either."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return []
    try:
        page = document[index]
        text_page = page.get_textpage()
        count = min(text_page.count_chars(), _MAX_GLYPHS)
        glyphs = [_glyph(text_page, place, to_page, rotate) for place in range(count)]
        return [glyph for glyph in glyphs if glyph is not None]
    except (pypdfium2.PdfiumError, IndexError):
        return []
    finally:
        document.close()


def _glyph(
    text_page: Any, place: int, to_page: Callable[[float, float], tuple[float, float]], rotate: int
) -> RawGlyph | None:
    from pypdfium2 import raw

    code = raw.FPDFText_GetUnicode(text_page, place)
    if raw.FPDFText_IsGenerated(text_page, place) or code in (0x0A, 0x0D, 0xFFFE) or 0xD800 <= code < 0xE000:
        return None
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, place, ctypes.byref(x), ctypes.byref(y))
    left, bottom, right, top = text_page.get_charbox(place, loose=True)
    angle = math.degrees(raw.FPDFText_GetCharAngle(text_page, place))
    # PDFium counts the angle clockwise, the page's own turn likewise.
    turn = round((-angle - rotate) / 90) * 90 % 360
    across = round(angle / 90) % 2 == 0
    length, height = (right - left, top - bottom) if across else (top - bottom, right - left)
    radians = math.radians(-angle)
    end = to_page(x.value + length * math.cos(radians), y.value + length * math.sin(radians))
    start = to_page(x.value, y.value)
    unknown = code < 0x20 or raw.FPDFText_HasUnicodeMapError(text_page, place) == 1
    return RawGlyph("\ufffd" if unknown else chr(code), *start, *end, max(height / 1.15, 1.0), Turn(turn))
