"""What the pages over questions work with."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from bot.encoder import Embedder, load_embedder
from bot.errors import SearchIndexError
from bot.evaluation.case_store import CaseStore
from bot.inquiries.records import Inquiry, InquiryState
from bot.questions.gaps import GapBook
from bot.questions.grouping import QuestionVectors, apart, grouped
from bot.questions.masking import masked, wording_of
from bot.questions.records import QuestionFilter, QuestionGroup
from bot.questions.store import NOT_USEFUL, UNRATED, USEFUL, QuestionStore
from bot.types import Mode, Outcome
from bot.web.desk.context import Desk
from bot.web.desk.guard import ROOT

PATH = f"{ROOT}/questions"
GAPS, GROUPS, CASES = f"{PATH}/gaps", f"{PATH}/unanswered", f"{PATH}/cases/new"
_LONGEST_WORDS = 100
_LOGGER = logging.getLogger(__name__)
_KEYS = {"q": "words", "outcome": "outcome", "mode": "mode", "verdict": "verdict", "since": "since", "until": "until"}
_KNOWN = {
    "outcome": frozenset(each.value for each in Outcome),
    "mode": frozenset(each.value for each in Mode),
    "verdict": frozenset({USEFUL, NOT_USEFUL, UNRATED}),
}


@dataclass(frozen=True)
class QuestionRoom:
    """The desk's doors to questions, gaps and cases. Does no I/O until it is asked."""

    desk: Desk
    vectors: QuestionVectors = field(default_factory=QuestionVectors)

    @cached_property
    def questions(self) -> QuestionStore:
        """The kept questions."""
        return QuestionStore(self.desk.database)

    @cached_property
    def gaps(self) -> GapBook:
        """The list of gaps."""
        return GapBook(self.desk.database)

    @cached_property
    def cases(self) -> CaseStore:
        """The cases of the bench."""
        return CaseStore(self.desk.database)

    @cached_property
    def _embedder(self) -> Embedder:
        return load_embedder(self.desk.settings.embedding)

    def groups(self, wanted: QuestionFilter) -> tuple[tuple[QuestionGroup, ...], bool]:
        """What could not be answered, by meaning; false where no encoder is to be had and each stands for itself."""
        askings = self.questions.unanswered(wanted)
        if not askings:
            return (), True
        try:
            vectors = self.vectors.of((each.question for each in askings), self._embedder)
        except SearchIndexError as error:
            _LOGGER.warning("questions are not grouped: %s", error)
            return apart(askings), False
        return grouped(askings, vectors), True

    def inquiries_asking(self, question: str) -> tuple[Inquiry, ...]:
        """Inquiries left in the same words: by their text alone, nothing else links them."""
        wanted = wording_of(question)
        states = tuple(state for state in InquiryState if state is not InquiryState.WITHDRAWN)
        left = self.desk.inquiries.listed(states)
        return tuple(each for each in left if wording_of(masked(each.question)) == wanted)


def filter_of(entries: Mapping[str, str]) -> QuestionFilter:
    """The filter in an address; what cannot be read asks for nothing."""
    found = {name: entries.get(key, "").strip() for key, name in _KEYS.items()}
    for name, known in _KNOWN.items():
        if found[name] not in known:
            found[name] = ""
    for name in ("since", "until"):
        try:
            found[name] = date.fromisoformat(found[name]).isoformat()
        except ValueError:
            found[name] = ""
    return replace(QuestionFilter(**found), words=found["words"].replace("\x00", "")[:_LONGEST_WORDS])


def address_of(path: str, wanted: QuestionFilter, **more: str) -> str:
    """The address of ``path`` with a filter."""
    parts = {key: getattr(wanted, name) for key, name in _KEYS.items() if getattr(wanted, name)} | more
    return f"{path}?{urlencode(parts)}" if parts else path
