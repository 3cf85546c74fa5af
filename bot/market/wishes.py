"""What is told in plain words: a need, an offer, a question; an answer or something else; which field a clause fills.

Meaning decides, by classifiers fitted to labelled sentences (:mod:`bot.market.talking`); rules read exact things and
veto. Without an encoder the classifiers go by characters alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.encoder import load_embedder
from bot.errors import EmbedderMissing, UsageError
from bot.market.talking import exact
from bot.market.talking.frame import trimmed
from bot.search.classifier import Classifier, Floats, Prediction
from bot.settings import EmbeddingSettings
from bot.text.places import A_PLACE, with_places_as
from bot.types import RecordKind
from bot.types.labelled import Labelled

WEIGHTS_FILE = Path(__file__).parent / "talking" / "weights.npz"
#: Longer texts are files, not talk.
MAX_TOLD = 4_000
MAX_TITLE = 40
#: So many clauses of one text are encoded; further ones are read by their characters.
MOST_ENCODED = 40
#: Below this share the first choice is a guess among several.
SURE = 0.5
#: From this share on a part of a message tells a wish beside a question.
SURE_PART = 0.6
#: A field needs so much of the shares; what is less sure stays in the description.
FIELD_SHARE = 0.4
#: A clause that fills a field names the wish only where it tells so much of it.
SURE_TITLE = 0.3
_OWNER = "owner_id"
_BREAKS = re.compile(r"[，。；！？,;!?\n\r]")
_DECIMAL = re.compile(r"(?<=[0-9])[,.](?=[0-9])")

#: A text's vector, or ``None`` without an encoder.
Vectors = Callable[[str], Floats | None]


class Act(Labelled):
    """What is said while a registration is under way; the values are the labels of ``turns.tsv``."""

    ANSWER = "answer", "回答"
    INDIFFERENT = "indifferent", "不限"
    UNKNOWN = "unknown", "还不知道"
    WITHHELD = "withheld", "不便说"
    SKIP = "skip", "跳过"
    GIVE_UP = "give_up", "不登记了"
    PAUSE = "pause", "等一等"
    BACK = "back", "重答上一项"
    LOOK = "look", "看草稿"
    FINISH = "finish", "就这些"
    CHANGE = "change", "改一项"
    TO_OFFER = "kind_offer", "改为成果"
    TO_NEED = "kind_need", "改为需求"
    QUESTION = "question", "提问"
    COURTESY = "courtesy", "客气话"


class Message(Labelled):
    """What a message outside a registration is; the values are the labels of ``wishes.tsv``."""

    NEED = "need", "需求"
    OFFER = "offer", "成果"
    QUESTION = "question", "提问"
    OTHER = "other", "其他"
    REGISTER = "register", "登记"
    REGISTER_NEED = "register_need", "登记需求"
    REGISTER_OFFER = "register_offer", "登记成果"
    NOT_REGISTER = "not_register", "不登记"


_ACTS = {each.value: each for each in Act}
_MESSAGES = {each.value: each for each in Message}
_KINDS = {
    Message.NEED: RecordKind.NEED,
    Message.REGISTER_NEED: RecordKind.NEED,
    Message.OFFER: RecordKind.OFFER,
    Message.REGISTER_OFFER: RecordKind.OFFER,
}
#: Labels of clauses that are no field: the wish itself, and what is said beside it.
SOUGHT, HAD, ASIDE = "seek", "have", "aside"


@dataclass(frozen=True, slots=True)
class FieldGuess:
    """The field a clause tells of most, with its share (0–1), and the share of each other label."""

    name: str
    share: float
    shares: dict[str, float]


class WishReader:
    """Reads what is told. ``vectors`` and ``fingerprint`` are of the encoder; safe to share between threads."""

    def __init__(self, vectors: Vectors | None = None, fingerprint: str = "") -> None:
        self._vectors, self._fingerprint = vectors, fingerprint

    # --- whole messages ---------------------------------------------------------------------------

    def message(self, text: str) -> tuple[Message, float]:
        """What ``text`` is, and the share (0–1) of that beside the rest."""
        best = self._predicted("wishes", text)[0]
        return _MESSAGES[best.label], best.confidence

    def recognise(self, text: str) -> RecordKind | None:
        """Whether ``text`` tells a need or an offer, also beside a question; ``None`` for neither."""
        if not text.strip():
            return None
        checked_length(text)
        message, _ = self.message(text)
        if message in _KINDS:
            return _KINDS[message]
        return self._told_beside(text) if message is Message.QUESTION else None

    def _told_beside(self, text: str) -> RecordKind | None:
        """What the first part of a message tells, where a question follows."""
        parts = clauses_of(text)
        if len(parts) < 2:
            return None
        for place, clause in enumerate(parts[:-1]):
            message, share = self.message(clause)
            if message in _KINDS and share >= SURE_PART:
                # A clause may lean on those before it, so both have to tell the same.
                whole, together = self.message("，".join(parts[: place + 1]))
                if _KINDS.get(whole) is _KINDS[message] and together >= SURE_PART:
                    return _KINDS[message]
        return None

    def sought_by(self, text: str) -> RecordKind | None:
        """What a wish looks for: offers for a need, needs for an offer; ``None`` when it tells neither."""
        kind = self.recognise(text)
        return None if kind is None else kind.counterpart

    def is_told(self, text: str) -> bool:
        """Whether ``text`` tells a wish of one's own and nothing else, rather than asking."""
        if not text.strip() or len(text) > MAX_TOLD:
            return False
        return self.message(text)[0] in (Message.NEED, Message.OFFER)

    # --- turns of a registration ------------------------------------------------------------------

    def act(self, text: str) -> tuple[Act, float]:
        """What a turn of a registration is, and the share (0–1) of that beside the rest."""
        best = self._predicted("turns", text)[0]
        return _ACTS[best.label], best.confidence

    # --- fields -----------------------------------------------------------------------------------

    def field(self, kind: RecordKind, clause: str, *, encode: bool = True) -> FieldGuess:
        """The field that a clause tells of most; may be :data:`SOUGHT`, :data:`HAD` or :data:`ASIDE`."""
        predictions = self._predicted(kind.value, with_places_as(clause, A_PLACE), encode=encode)
        shares = {each.label: each.confidence for each in predictions}
        return FieldGuess(predictions[0].label, predictions[0].confidence, shares)

    def extracted(self, kind: RecordKind, text: str, least: float = FIELD_SHARE) -> dict[str, str]:
        """What ``text`` tells by field: clauses word for word, joined by “，”; exact fields by their value.

        What fits no field, and what names the wish, stands in ``description``; nothing is left out. ``title`` is
        the wish without the words of wishing, empty where it says nothing. A field takes a clause that tells of it
        with a share of ``least``; an organisation's name is one clause, a second one describes.
        """
        clauses = clauses_of(checked_length(text))
        found: dict[str, list[str]] = {}
        rest: list[str] = []
        wish = _Best()
        for place, clause in enumerate(clauses):
            guess = self.field(kind, clause, encode=place < MOST_ENCODED)
            name, value = _placed(guess, clause, least)
            if name == _OWNER and name in found:
                name = ""
            sought = max(guess.shares.get(SOUGHT, 0.0), guess.shares.get(HAD, 0.0))
            if not name or sought >= SURE_TITLE:
                wish.offer(clause, sought, trimmed(clause))
            if name:
                found.setdefault(name, []).append(value)
            else:
                rest.append(clause)
        result = {name: "，".join(dict.fromkeys(values)) for name, values in found.items()}
        result["title"] = wish.title[:MAX_TITLE]
        more = any(clause != wish.clause for clause in rest)
        result["description"] = "，".join(rest) if more else ""
        return {name: value for name, value in result.items() if value}

    def _predicted(self, name: str, text: str, *, encode: bool = True) -> tuple[Prediction, ...]:
        vector = self._vectors(text) if self._vectors is not None and encode else None
        return Classifier.stored(WEIGHTS_FILE, name).predict(text, vector, self._fingerprint)


#: Reads where no encoder is at hand.
WORDS_ONLY = WishReader()


def wish_reader(settings: EmbeddingSettings) -> WishReader:
    """The reader with the encoder that the settings name; by words alone where it is not on the machine."""
    try:
        embedder = load_embedder(settings)
    except EmbedderMissing:
        return WORDS_ONLY
    return WishReader(embedder.embed_query, embedder.fingerprint)


@dataclass(slots=True)
class _Best:
    """The clause that names the wish most surely."""

    clause: str = ""
    title: str = ""
    share: float = 0.0

    def offer(self, clause: str, share: float, title: str) -> None:
        if title and (share > self.share or not self.title):
            self.clause, self.title, self.share = clause, title, share


def checked_length(text: str) -> str:
    """``text``; raises :class:`UsageError` when it is longer than :data:`MAX_TOLD` characters."""
    if len(text) > MAX_TOLD:
        raise UsageError(
            "一次说得太长", value=f"{len(text)} 字", remedy=f"请缩短到 {MAX_TOLD} 字以内，长材料填在“发布”页的表里"
        )
    return text


def clauses_of(text: str) -> tuple[str, ...]:
    """The clauses of ``text`` between marks and line breaks, in order; 1,200 is one number.

    >>> clauses_of("预算1,200元，明年底前。")
    ('预算1,200元', '明年底前')
    """
    return tuple(_clauses(text))


def _clauses(text: str) -> Iterator[str]:
    within = {match.start() for match in _DECIMAL.finditer(text)}
    start = 0
    for match in _BREAKS.finditer(text):
        if match.start() in within:
            continue
        clause = text[start : match.start()].strip()
        if clause:
            yield clause
        start = match.end()
    if text[start:].strip():
        yield text[start:].strip()


def _placed(guess: FieldGuess, clause: str, least: float) -> tuple[str, str]:
    """The field and the value of a clause; an empty field leaves it to the description."""
    if guess.name in (SOUGHT, HAD, ASIDE, "description") or guess.share < least:
        return "", ""
    value = exact.value(guess.name, clause)
    return (guess.name, value) if value else ("", "")
