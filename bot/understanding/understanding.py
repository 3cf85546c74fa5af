"""Turn → what is asked: the standalone question, its intent, its parts and what each asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.catalogue.models import Scope
from bot.catalogue.names import NameIndex, NameMatch
from bot.encoder import Floats
from bot.errors import QuestionError
from bot.lexicon import recogniser
from bot.market.wishes import WishReader
from bot.search.classifier import Classifier, Prediction
from bot.text.figures import FigureKind
from bot.text.language import is_foreign
from bot.text.tokens import without
from bot.types import Intent, Turn
from bot.understanding.asked import BY_VALUE, LISTED, Asked, figure_kinds, measured_kinds
from bot.understanding.message import Clause, Role, parts_of, question_subject, topic_of

#: The fitted classifiers of ``asked.tsv`` and ``intents.tsv``.
WEIGHTS_FILE = Path(__file__).with_name("weights.npz")
MAX_QUESTION_CHARACTERS = 2_000
#: A question whose own subject is no longer than this leans on what was asked before.
LEANING_CHARACTERS = 3
#: The same for a question of another language, in words.
FOREIGN_LEANING_WORDS = 5
MAX_TOPIC_CHARACTERS = 40
#: Below this the classifier's first choice is a guess among several.
SURE = 0.5
#: The same for a heading, which says less than a question.
NAMED_SURE = 0.3

#: A text's vector, or ``None`` without an encoder.
Vectors = Callable[[str], Floats | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions of a message.

    ``query`` is as it was asked; ``topic`` is what the first part was about, for a later one that leans on it.
    ``asked`` has the share ``confidence`` (0–1); ``listed`` says that several things answer together, ``figures``
    which kinds of figure may answer, ``strict`` that one of them has to be there.
    """

    query: str
    asked: Asked
    confidence: float
    listed: bool
    figures: frozenset[FigureKind] = frozenset()
    strict: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Understanding:
    """One message, understood. ``standalone`` differs from the asked one only for follow-ups.

    ``intent_confidence`` and ``wish``, how far it seeks a partner, are shares (0–1).
    """

    question: str
    standalone: str
    intent: Intent
    intent_confidence: float
    wish: float
    parts: tuple[Part, ...]
    names: tuple[NameMatch, ...]
    subject: str
    about_lead_document: bool = False

    @property
    def asked(self) -> Asked:
        """What the first part asks for."""
        return self.parts[0].asked


_INTENTS = {
    Role.POLICY: Intent.POLICY,
    Role.CONTACT: Intent.CONTACT,
    Role.PARTNER: Intent.PARTNER,
    Role.INTRODUCTION: Intent.INTRODUCTION,
    Role.GREETING: Intent.SMALLTALK,
    Role.SELF: Intent.SMALLTALK,
    Role.OFF_TOPIC: Intent.OUT_OF_SCOPE,
    Role.TOLD: Intent.POLICY,
}


class Understander:
    """Reads turns without a generating model; what is local comes from the scope and the catalogue."""

    def __init__(self, names: NameIndex, scope: Scope, vectors: Vectors, fingerprint: str) -> None:
        self._names = names
        self._scope = scope
        self._vectors = vectors
        self._fingerprint = fingerprint
        self._asked = Classifier.stored(WEIGHTS_FILE, "asked")
        self._roles = Classifier.stored(WEIGHTS_FILE, "intents")
        #: Reads wishes with the same vectors.
        self.wishes = WishReader(vectors, fingerprint)

    def readings(self, turn: Turn) -> tuple[Understanding, ...]:
        """The readings of a turn; raises :class:`QuestionError`.

        The first takes the question as it stands. A second one, for a question that may be a follow-up, puts the
        last topic before it; where the question has no subject of its own that is the only one.
        """
        question = checked_question(turn.question)
        topic = self._topic(turn.history)
        if not topic or self._stands_alone(question):
            return (self.read(question),)
        followed = self.read(question, topic)
        return (followed,) if self._leans(question) else (self.read(question), followed)

    def read(self, question: str, topic: str = "") -> Understanding:
        """The reading of ``question``, about ``topic`` where one is given."""
        standalone = f"{topic}：{question}" if topic else question
        parts = parts_of(question, self._role, self._predicted)
        intent, confidence, wish = self._intent(question, parts)
        return Understanding(
            question=question,
            standalone=standalone,
            intent=intent,
            intent_confidence=confidence,
            wish=wish,
            parts=tuple(
                self._part(clause.text, topic or (topic_of(parts[0].text) if place else ""))
                for place, clause in enumerate(parts)
            ),
            names=self._names.find(standalone),
            subject=self._subject(standalone),
            about_lead_document=bool(recogniser("lead_document").search(question)),
        )

    def kind_named(self, heading: str) -> Asked:
        """What a heading or another short name names, as a question would ask for it; OTHER where that is unsure."""
        asked, confidence = self._predicted(heading)
        return asked if confidence >= NAMED_SURE else Asked.OTHER

    def _part(self, query: str, topic: str) -> Part:
        predictions = self._asked.predict(query, self._vectors(query), self._fingerprint)
        figures, certain = figure_kinds({BY_VALUE[each.label]: each.confidence for each in predictions})
        measured = measured_kinds(query) if figures else frozenset()
        listed = sum(each.confidence for each in predictions if BY_VALUE[each.label] in LISTED)
        return Part(
            query=query,
            asked=BY_VALUE[predictions[0].label],
            confidence=predictions[0].confidence,
            listed=listed >= SURE,
            figures=measured or figures,
            strict=bool(measured) or certain >= SURE,
            topic=topic[:MAX_TOPIC_CHARACTERS],
        )

    def _predicted(self, text: str) -> tuple[Asked, float]:
        best = self._asked.predict(text, self._vectors(text), self._fingerprint)[0]
        return BY_VALUE[best.label], best.confidence

    def _role(self, text: str) -> tuple[Role, float]:
        best = self._roles_of(text)[0]
        return Role(best.label), best.confidence

    def _roles_of(self, text: str) -> tuple[Prediction, ...]:
        return self._roles.predict(text, self._vectors(text), self._fingerprint)

    def _intent(self, question: str, clauses: tuple[Clause, ...]) -> tuple[Intent, float, float]:
        if self.wishes.is_told(question):
            return Intent.PARTNER, 1.0, 1.0
        shares = {Role(each.label): each.confidence for each in self._roles_of(question)}
        role, confidence = max(shares.items(), key=lambda item: item[1])
        if role is Role.TOLD or (len(clauses) > 1 and role in (Role.GREETING, Role.OFF_TOPIC)):
            role, confidence = clauses[0].role, clauses[0].confidence
        return _INTENTS[role], confidence, shares[Role.PARTNER]

    def _subject(self, standalone: str) -> str:
        """The question without question words and without the names of the region all documents are about."""
        whole = question_subject(standalone)
        return without(whole, (self._scope.region, *self._scope.region_aliases)).strip() or whole

    # --- follow-ups --------------------------------------------------------------------------------

    def _topic(self, history: tuple[str, ...]) -> str:
        """What the last question that had a subject of its own was about."""
        topic = ""
        for earlier in history:
            try:
                question = checked_question(earlier)
            except QuestionError:
                continue
            names = self._names.find(question)
            if names:
                longest = max(names, key=lambda match: len(match.name))
                topic = (longest.programmes or longest.organisations)[0].name
            elif not topic or not self._leans(question):
                topic = topic_of(question)[:MAX_TOPIC_CHARACTERS] or topic
        return topic

    def _stands_alone(self, question: str) -> bool:
        """Whether a question names what it is about, or is none."""
        if recogniser("lead_document").search(question) or self._names.find(question):
            return True
        if is_foreign(question) and len(question.split()) > FOREIGN_LEANING_WORDS:
            # A Chinese topic before it would bring any question of another language nearer.
            return True
        return self._role(question)[0] in (Role.GREETING, Role.SELF)

    def _leans(self, question: str) -> bool:
        """Whether a question says nothing of its own: a pronoun, or no more than an attribute."""
        own = question_subject(question).replace(" ", "")
        return len(own) <= LEANING_CHARACTERS or bool(recogniser("pronouns").match(own))


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
