"""Turn → what is asked: the standalone question, its intent and its analysis."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from bot.answering.names import NameIndex, NameMatch
from bot.catalogue.models import Scope
from bot.errors import QuestionError
from bot.market.wishes import is_told
from bot.text.intents import (
    ANAPHORA,
    ATTRIBUTE,
    CONTACT_ASKED,
    ELLIPSIS,
    INTRODUCTION,
    LEAD_DOCUMENT,
    PARTNER,
    SELF,
    SMALLTALK,
)
from bot.text.questions import Asked, QuestionAnalysis, analyse_question, question_subject
from bot.types import Intent, Turn

MAX_QUESTION_CHARACTERS = 2_000
#: A follow-up leans on the last topic when it says less than this of its own.
SHORT_SUBJECT_CHARACTERS = 8
MAX_TOPIC_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Understanding:
    """One question, understood. ``standalone`` differs from the asked one only for follow-ups."""

    question: str
    standalone: str
    intent: Intent
    analysis: QuestionAnalysis
    names: tuple[NameMatch, ...]
    about_lead_document: bool = False

    @property
    def asked(self) -> Asked:
        """The attribute asked for."""
        return self.analysis.asked


#: What is left of the question's attribute at the end of its subject: 概念验证项目最多能拿.
_AMOUNT_TAIL = re.compile(r"(?:最高|最多|最长|最低|最少|可以|能|可|给|拿|补|支持|享受|申请|的|是|有)+$")


class _Leaning(Enum):
    """How much a question leans on what was asked before."""

    NONE = auto()
    MAYBE = auto()
    SURE = auto()


class Understander:
    """Rules that need no model; what is local comes from the scope and the catalogue."""

    def __init__(self, names: NameIndex, scope: Scope) -> None:
        self._names = names
        self._scope = scope

    def understand(self, turn: Turn) -> Understanding:
        """The likeliest reading of a turn. Raises :class:`QuestionError`."""
        return self.alternatives(turn)[0]

    def _read(self, question: str, standalone: str) -> Understanding:
        return Understanding(
            question=question,
            standalone=standalone,
            intent=self._intent(question, standalone),
            analysis=self._analysis(standalone),
            names=self._names.find(standalone),
            about_lead_document=bool(LEAD_DOCUMENT.search(question)),
        )

    def _analysis(self, standalone: str) -> QuestionAnalysis:
        """The question's analysis, its subject without the names of the region all documents are about."""
        analysis = analyse_question(standalone)
        subject = analysis.subject
        for name in sorted((self._scope.region, *self._scope.region_aliases), key=len, reverse=True):
            subject = subject.replace(name, " ") if name else subject
        return replace(analysis, subject=subject.strip() or analysis.subject)

    def _intent(self, question: str, standalone: str) -> Intent:
        if SMALLTALK.match(question) or SELF.match(question):
            return Intent.SMALLTALK
        if INTRODUCTION.search(question):
            return Intent.INTRODUCTION
        if is_told(question):
            return Intent.PARTNER
        if analyse_question(standalone).asked is Asked.PHONE or CONTACT_ASKED.search(standalone):
            return Intent.CONTACT
        if PARTNER.search(standalone):
            return Intent.PARTNER
        return Intent.POLICY

    def alternatives(self, turn: Turn) -> tuple[Understanding, ...]:
        """The readings of a turn, likeliest first; more than one only for a possible follow-up.

        The first reading of a possible follow-up puts the last topic before the question, the second
        takes the question as it stands: evidence decides between them.
        """
        question = checked_question(turn.question)
        topic = self._topic_of(turn.history)
        leaning = self._leaning(question) if topic else _Leaning.NONE
        if leaning is _Leaning.NONE:
            return (self._read(question, question),)
        combined = self._read(question, _with_topic(question, topic))
        return (combined,) if leaning is _Leaning.SURE else (combined, self._read(question, question))

    def _topic_of(self, history: tuple[str, ...]) -> str:
        topic = ""
        for earlier in history:
            try:
                question = checked_question(earlier)
            except QuestionError:
                continue
            names = self._names.find(question)
            if names:
                longest = max(names, key=lambda match: len(match.name))
                records = longest.programmes or longest.organisations
                topic = records[0].name
                continue
            leaning = self._leaning(question)
            stands_alone = leaning is _Leaning.NONE or analyse_question(question).asked is Asked.LIST
            if not topic or (stands_alone and leaning is not _Leaning.SURE):
                topic = _AMOUNT_TAIL.sub("", question_subject(question).replace(" ", ""))[:MAX_TOPIC_CHARACTERS]
        return topic

    def _leaning(self, question: str) -> _Leaning:
        if SMALLTALK.match(question) or SELF.match(question) or LEAD_DOCUMENT.search(question):
            return _Leaning.NONE
        if self._names.find(question):
            # A name of its own is a topic of its own.
            return _Leaning.NONE
        own = question_subject(question).replace(" ", "")
        if ANAPHORA.search(question) or ELLIPSIS.match(question) or not ATTRIBUTE.sub("", own):
            return _Leaning.SURE
        return _Leaning.MAYBE if len(own) < SHORT_SUBJECT_CHARACTERS else _Leaning.NONE


def _with_topic(question: str, topic: str) -> str:
    rest = re.sub(r"^(?:那么|那|还有|另外|然后|再|此外)[，, ]*", "", question)
    rest = ANAPHORA.sub("", rest, count=1).strip("，, ")
    if topic in rest:
        return rest
    joiner = "" if re.match(r"[的是有能可]", rest) else "："
    return f"{topic}{joiner}{rest}"


def checked_question(question: str) -> str:
    """``question`` without outer white space and control characters.

    Raises :class:`QuestionError` when it is empty, longer than 2,000 characters or not text.
    """
    if "\x00" in question or sum(character == "\ufffd" for character in question) > len(question) / 4:
        raise QuestionError("问题不是可读的文字", remedy="请用文字输入问题")
    cleaned = "".join(c if c.isprintable() or c in "\n\t\u3000\u00a0" else " " for c in question).strip()
    if not cleaned or not any(character.isalnum() for character in cleaned):
        raise QuestionError("问题是空的", remedy="请输入想问的事，例如某项支持能给多少")
    if len(cleaned) > MAX_QUESTION_CHARACTERS:
        raise QuestionError(
            "问题太长",
            value=f"{len(cleaned)} 字",
            remedy=f"请缩短到 {MAX_QUESTION_CHARACTERS} 字以内，一次问一件事",
        )
    return cleaned
