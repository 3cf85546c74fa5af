"""A question that was seen to be answered, and the list of them that is kept with an index version."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from bot.encoder import Floats
from bot.types import Intent

#: Begins the group of the staff's own examples.
EXAMPLE_GROUP = "scope:"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer has to come from: ``start:end`` of a document's clean text."""

    document_id: str
    start: int
    end: int

    def touches(self, document_id: str, start: int, end: int) -> bool:
        """Whether a stretch shares a character with this place."""
        return self.document_id == document_id and self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be answered. ``topic`` is what it is about, by the name people know.

    ``group`` is what it shares with its neighbours: a programme's id, or a document's with the section above. Without
    ``places`` any answer of ``intent`` will do. ``words`` are other words that people use for the topic.
    """

    question: str
    topic: str
    group: str
    intent: Intent
    places: tuple[Place, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate that was answered; ``places`` are the passages that answered it, ``intent`` the answer's."""

    question: str
    topic: str
    group: str
    intent: Intent
    places: tuple[Place, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SuggestionList:
    """Suggestions in the order in which they were made, with their vectors, ``(suggestions, dimension)`` or empty.

    ``asked`` is how many candidates were tried, ``unanswered`` those of the staff's own examples that failed.
    """

    suggestions: tuple[Suggestion, ...] = ()
    vectors: Floats | None = None
    asked: int = 0
    unanswered: tuple[str, ...] = ()

    def to_json(self) -> str:
        """As it is kept with the index; vectors in half precision, which ranks alike."""
        vectors = "" if self.vectors is None else base64.b64encode(self.vectors.astype("<f2").tobytes()).decode("ascii")
        content = {
            "suggestions": [asdict(each) for each in self.suggestions],
            "vectors": vectors,
            "asked": self.asked,
            "unanswered": list(self.unanswered),
        }
        return json.dumps(content, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> SuggestionList:
        """What :meth:`to_json` gave; an empty list for an index without one."""
        if not text:
            return cls()
        content = json.loads(text)
        suggestions = tuple(
            Suggestion(
                each["question"],
                each["topic"],
                each["group"],
                Intent(each["intent"]),
                tuple(Place(**place) for place in each["places"]),
                tuple(each["words"]),
            )
            for each in content["suggestions"]
        )
        return cls(
            suggestions, _vectors(content["vectors"], suggestions), content["asked"], tuple(content["unanswered"])
        )


def _vectors(encoded: str, suggestions: Sequence[Suggestion]) -> Floats | None:
    if not encoded or not suggestions:
        return None
    flat = np.frombuffer(base64.b64decode(encoded), dtype="<f2").astype(np.float32)
    return flat.reshape(len(suggestions), -1)
