"""Filled forms and remarks: values of form fields stand where the form shows them, remarks go to the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral

from bot.documents.blocks import Dropped, Field, Reason
from bot.documents.formats.pdf.device import to_page
from bot.documents.formats.pdf.glyphs import RawGlyph, RawPage, Turn
from bot.documents.formats.pdf.opening import text_of

#: A page with more is a drawing or an attack.
_MAX_ANNOTATIONS = 3_000
_MAX_PARENTS = 20
#: Text of a field is at most so large; a box of several lines is larger.
_FIELD_SIZE = 11.0
#: A printed label stands at most so far to the left of its field, in points.
_LABEL_REACH = 260.0
_PUSH_BUTTON = 1 << 16
_NO_TEXT_KINDS = ("Link", "Popup", "Widget", "FreeText")

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Filled:
    """A page with the values of its fields among its glyphs."""

    page: RawPage
    fields: tuple[Field, ...]
    dropped: tuple[Dropped, ...]


def with_fields(page: PDFPage, raw: RawPage) -> Filled:
    """``raw`` with the values of form fields and free text put where they stand."""
    glyphs: list[RawGlyph] = []
    fields: list[Field] = []
    dropped: list[Dropped] = []
    for attributes in _annotations(page):
        kind = _name(attributes.get("Subtype"))
        box = _box(page, attributes)
        if kind == "Widget":
            value, label = _value(attributes), _label(attributes)
            if not value or box is None:
                continue
            ticked = _inherited(attributes, "FT") == "Btn"
            if label and not ticked:
                fields.append(Field(label, " ".join(value.split())))
                if not _has_printed_label(raw, box):
                    value = f"{label}：{value}"
            glyphs.extend(_set(value, box))
        elif kind == "FreeText" and box is not None:
            glyphs.extend(_set(text_of(attributes.get("Contents")), box))
        elif kind not in _NO_TEXT_KINDS and (remark := text_of(attributes.get("Contents"))):
            dropped.append(Dropped(Reason.COMMENT, remark, raw.where))
    return Filled(replace(raw, glyphs=(*raw.glyphs, *glyphs)), tuple(fields), tuple(dropped))


def _annotations(page: PDFPage) -> list[Mapping[str, object]]:
    found = resolve1(page.annots)
    entries = [resolve1(each) for each in found[:_MAX_ANNOTATIONS]] if isinstance(found, list) else []
    # Hidden annotations (the second bit) are not shown.
    return [
        each
        for each in entries
        if isinstance(each, Mapping) and not (isinstance(flags := resolve1(each.get("F")), int) and flags & 2)
    ]


def _box(page: PDFPage, attributes: Mapping[str, object]) -> Rectangle | None:
    numbers = resolve1(attributes.get("Rect"))
    if not isinstance(numbers, list) or len(numbers) != 4:
        return None
    values = [resolve1(number) for number in numbers]
    if not all(isinstance(value, int | float) for value in values):
        return None
    x0, y0 = to_page(page, values[0], values[1])
    x1, y1 = to_page(page, values[2], values[3])
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _inherited(attributes: Mapping[str, object], key: str) -> object:
    """A value of the field or of the nearest field above that has it; names as text."""
    current: object = attributes
    for _ in range(_MAX_PARENTS):
        if not isinstance(current, Mapping):
            return None
        if key in current:
            value = resolve1(current[key])
            return _name(value) or value
        current = resolve1(current.get("Parent"))
    return None


def _name(value: object) -> str:
    found = resolve1(value)
    return str(found.name) if isinstance(found, PSLiteral) else ""


def _value(attributes: Mapping[str, object]) -> str:
    """What the field shows: its text, its choices, or a tick."""
    kind = _inherited(attributes, "FT")
    if kind == "Btn":
        flags = _inherited(attributes, "Ff")
        state = _name(attributes.get("AS"))
        pushed = isinstance(flags, int) and flags & _PUSH_BUTTON
        return "☑" if state and state != "Off" and not pushed else ""
    value = _inherited(attributes, "V")
    values = [resolve1(each) for each in value] if isinstance(value, list) else [value]
    return "、".join(filter(None, (text_of(each, lines=True) for each in values))) if kind in ("Tx", "Ch") else ""


def _label(attributes: Mapping[str, object]) -> str:
    """The name people see for the field; a program's own name (Text1) is none."""
    shown = text_of(_inherited(attributes, "TU"))
    name = text_of(_inherited(attributes, "T"))
    return shown or (name if any("\u3400" <= character <= "\u9fff" for character in name) else "")


def _has_printed_label(raw: RawPage, box: Rectangle) -> bool:
    x0, y0, x1, y1 = box
    return any(
        glyph.text.strip()
        and (
            (y0 - 2 <= glyph.y <= y1 and x0 - _LABEL_REACH <= glyph.x < x0)
            or (y1 - 2 <= glyph.y <= y1 + 14 and x0 - 2 <= glyph.x <= x1)
        )
        for glyph in raw.glyphs
    )


def _set(text: str, box: Rectangle) -> list[RawGlyph]:
    """``text`` as glyphs that fill ``box`` from its top, narrowed where it would leave the box."""
    x0, y0, x1, y1 = box
    lines = [line for line in text.split("\n") if line.strip()]
    size = min(_FIELD_SIZE, (y1 - y0) / max(len(lines), 1) * 0.8)
    glyphs: list[RawGlyph] = []
    for number, line in enumerate(lines):
        # A single line stands in the middle of its box, where a label beside it has its base line too.
        top = y1 - number * size * 1.25 if len(lines) > 1 else (y0 + y1 + size) / 2
        widths = _widths(line, size)
        scale = min(1.0, (x1 - x0) / max(sum(widths), 1.0))
        x = x0
        for character, width in zip(line, widths, strict=True):
            step = width * scale
            glyphs.append(RawGlyph(character, x, top - 0.85 * size, x + step, top - 0.85 * size, size, Turn.RIGHT))
            x += step
    return glyphs


def _widths(text: str, size: float) -> Sequence[float]:
    return [size * (0.5 if character.isascii() else 1.0) for character in text]
