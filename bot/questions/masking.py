"""What is personal in a question or an answer is left out before anything is kept."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from bot.market.redaction import Finding, FindingKind, redact, scan
from bot.questions.people import people
from bot.types import Answer

#: Organisations are no persons, and what is asked of them is the point of many questions.
_STAND = frozenset({FindingKind.ORGANISATION})


def masked(text: str, published: Iterable[str] = ()) -> str:
    """``text`` with everything personal replaced by marks, but for what stands in a text that is ``published``."""
    found = [each for each in scan(text) if each.kind not in _STAND]
    found += people(text, found)
    if not found:
        return text
    public = "\n".join(published)
    return redact(text, [each for each in found if not _is_public(each, public)])


def published_in(answer: Answer) -> tuple[str, ...]:
    """The texts of documents that an answer rests on: office contacts in them are everybody's."""
    contacts = [part for each in answer.contacts for part in (each.name, each.phone, each.address) if part]
    return (*(each.quote for each in answer.citations), *contacts)


def wording_of(text: str) -> str:
    """A digest of ``text`` that marks, blanks, width and case do not change."""
    plain = "".join(each for each in unicodedata.normalize("NFKC", text).lower() if each.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def exchange_of(key: str) -> str | None:
    """The digest that stands for an exchange of the page; ``None`` without a key."""
    return hashlib.sha256(f"exchange:{key}".encode()).hexdigest() if key else None


def _is_public(finding: Finding, public: str) -> bool:
    return bool(public) and finding.text in public
