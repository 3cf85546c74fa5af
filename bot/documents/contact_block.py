"""The contact printed under a document, with its place in the clean text."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.markers import CONTACT_LABEL, is_contact_line
from bot.documents.structure import TextLine
from bot.types import ContactBlock

#: Values end at the next label or at one of these.
_STOPS = "，,；;。）)"
_SEPARATORS = " :：\u3000"
_FIELD_CHARACTERS = 80


def find_contact_block(lines: Sequence[TextLine]) -> ContactBlock | None:
    """The last run of contact lines that gives a name or a number; ``None`` where there is none."""
    end = len(lines)
    while end > 0:
        if not is_contact_line(lines[end - 1].text):
            end -= 1
            continue
        start = end - 1
        while start > 0 and is_contact_line(lines[start - 1].text):
            start -= 1
        block = _block(lines[start:end])
        if block is not None:
            return block
        end = start
    return None


def _block(lines: Sequence[TextLine]) -> ContactBlock | None:
    fields: dict[str, str] = {}
    for line in lines:
        for name, value in _fields(line.text):
            fields.setdefault(name, value)
    if "name" not in fields and "phone" not in fields:
        return None
    return ContactBlock(
        start=lines[0].start,
        end=lines[-1].end,
        name=fields.get("name"),
        phone=fields.get("phone"),
        address=fields.get("address"),
        postcode=fields.get("postcode"),
    )


def _fields(text: str) -> list[tuple[str, str]]:
    """``(field, value)`` for each label of ``text`` that a colon follows."""
    labels = [match for match in CONTACT_LABEL.finditer(text) if text[match.end() :].lstrip()[:1] in ("：", ":")]
    found: list[tuple[str, str]] = []
    for index, match in enumerate(labels):
        stop = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        value = text[match.end() : stop].strip(_SEPARATORS + "（(")
        for mark in _STOPS if match.lastgroup != "phone" else "。）":
            value = value.split(mark)[0]
        value = value.strip(_SEPARATORS)
        if value and len(value) <= _FIELD_CHARACTERS and match.lastgroup:
            found.append((match.lastgroup, value))
    return found
