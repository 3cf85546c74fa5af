"""A published contact as a card: for what first, then whom and how."""

from __future__ import annotations

import re

from bot.types import Contact
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.prose import Prose
from bot.web.telling import told_answer

_DIALLED = re.compile(r"(?P<number>\+?\d[\d ]{4,}\d)(?:[-转](?P<extension>\d{1,6}))?")
"""A number with its extension; a longer first part than an area code, so 021-1234567 stays whole."""

_WITH_AREA_CODE = re.compile(r"(?P<number>0\d{2,3}[- ]?\d{7,8})(?:[-转](?P<extension>\d{1,6}))?")


def contact_card(contact: Contact, prose: Prose) -> Html:
    """A contact with the only purpose it is given for."""
    texts = prose.texts
    rows = [
        _row(texts.contact_for, text(told_answer(contact.purpose, texts.language))),
        _row(texts.phone, phone_link(contact.phone) if contact.phone else text(texts.not_stated)),
    ]
    if contact.address:
        rows.append(_row(texts.address, text(contact.address)))
    name = tag("p", text(contact.name or ""), prose.marker(contact.marker), class_="contact-name")
    return tag("div", name, tag("dl", *rows), class_="contact-card")


def phone_link(phone: str) -> Html:
    """A number that a telephone can dial; whatever is not plainly one stays text."""
    match = _WITH_AREA_CODE.fullmatch(phone) or _DIALLED.fullmatch(phone)
    if match is None:
        return text(phone)
    number = re.sub(r"[- ]", "", match.group("number"))
    extension = f",{match.group('extension')}" if match.group("extension") else ""
    return tag("a", text(phone), href=f"tel:{number}{extension}")


def _row(label: str, value: Html) -> Html:
    return join((tag("dt", text(label)), tag("dd", value))) if value else EMPTY
