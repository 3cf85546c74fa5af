"""A link to an answer: it holds the question as anybody may read it, and opening it asks that question.

Nothing is stored for it. The link stands behind the ``#`` of the address, which browsers do not send to servers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from bot.catalogue.models import Catalogue
from bot.market.masking import without_marks
from bot.market.redaction import FindingKind, redact, scan
from bot.web.texts import Texts

LONGEST_LINKED = 300
"""Characters of a question that a link may hold."""

LINK = "#/ask/"
"""What comes before the question in the address."""

_WORD = re.compile(r"[^\W\d_]")
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """A link, or the sentence that says why there is none. ``masked`` tells that something was left out."""

    fragment: str = ""
    refused: str = ""
    masked: bool = False


def answer_link(question: str, catalogue: Catalogue, texts: Texts) -> AnswerLink:
    """The part of an address that asks ``question``, without persons, firms, numbers and addresses in it.

    Organisations that the catalogue names are public and stand.
    """
    if len(question) > LONGEST_LINKED:
        return AnswerLink(refused=texts.kept.link_too_long.format(LONGEST_LINKED))
    public = {entry.name for entry in catalogue.organisations}
    private = [each for each in scan(question) if each.kind is not FindingKind.ORGANISATION or each.text not in public]
    left = " ".join(without_marks(redact(question, private)).split()).strip("，,。.；;：: ")
    if len(_WORD.findall(left)) < _LEAST_WORDS:
        return AnswerLink(refused=texts.kept.link_nothing_left)
    return AnswerLink(LINK + quote(left, safe=""), masked=bool(private))
