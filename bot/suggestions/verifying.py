"""Candidates put to the assistant at ingest; only those that it answers, from where they were made, are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np

from bot.catalogue.models import Catalogue
from bot.encoder import Floats
from bot.errors import AssistantError
from bot.suggestions.cards import card_candidates, scope_candidates
from bot.suggestions.parts import Kinds, document_candidates, in_turn, subject_of, title_without_stage
from bot.suggestions.records import EXAMPLE_GROUP, Candidate, Place, Suggestion, SuggestionList
from bot.types import Answer, Document, DocumentMetadata, Intent, Outcome
from bot.understanding.asked import Asked

#: The cosine from which two questions with one answer are the same.
SAME_QUESTION = 0.9
_NONE: Floats = np.zeros(0, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class VerifyingLimits:
    """What making the list may cost: questions kept, questions asked, seconds."""

    kept: int = 120
    asked: int = 180
    seconds: float = 60.0


def candidates(
    catalogue: Catalogue, documents: Mapping[str, Document], metadata: Mapping[str, DocumentMetadata], kind_of: Kinds
) -> Iterator[Candidate]:
    """All candidates, each once: the staff's examples, then one of each card and document after the other.

    So a list that is cut short still speaks of everything on file; ``metadata`` are those of ``documents``, of which
    none is read before it is its turn.
    """
    cards: dict[str, list[Candidate]] = {}
    for each in card_candidates(catalogue, documents.__getitem__):
        cards.setdefault(each.group, []).append(each)
    carded = {each.document for each in catalogue.programmes}
    titles = {name: title_without_stage(known) for name, known in metadata.items()}

    def of_document(name: str) -> Iterator[Candidate]:
        subject = subject_of(titles[name], titles.values())
        yield from document_candidates(documents[name], subject, kind_of, carded=name in carded)

    seen: set[str] = set()
    for each in chain(scope_candidates(catalogue), in_turn(chain(cards.values(), map(of_document, titles)))):
        if each.question not in seen:
            seen.add(each.question)
            yield each


def verified(
    proposed: Iterable[Candidate],
    ask: Callable[[str], Answer],
    vector_of: Callable[[str], Floats | None],
    limits: VerifyingLimits,
    clock: Callable[[], float] = time.monotonic,
) -> SuggestionList:
    """The candidates that ``ask`` answers from their places, as far as ``limits`` go.

    ``vector_of`` gives the vector of a question, or ``None``: characters alone then rank.
    """
    end = clock() + limits.seconds
    kept: list[Suggestion] = []
    vectors: list[Floats] = []
    unanswered: list[str] = []
    asked, by_meaning = 0, True
    for candidate in proposed:
        if len(kept) >= limits.kept or asked >= limits.asked or clock() > end:
            break
        asked += 1
        suggestion = _answered(candidate, ask)
        if suggestion is None:
            if candidate.group.startswith(EXAMPLE_GROUP):
                unanswered.append(candidate.question)
            continue
        vector = vector_of(suggestion.question) if by_meaning else None
        if vector is None:
            # A service that fails now fails for each of them.
            by_meaning, vector, vectors = False, _NONE, [_NONE] * len(kept)
        if any(_said_already(suggestion, vector, *other) for other in zip(kept, vectors, strict=True)):
            continue
        kept.append(suggestion)
        vectors.append(vector)
    stacked = np.stack(vectors).astype(np.float32) if kept and by_meaning else None
    return SuggestionList(tuple(kept), stacked, asked, tuple(unanswered))


def _said_already(suggestion: Suggestion, vector: Floats, other: Suggestion, other_vector: Floats) -> bool:
    """Whether another suggestion asks the same in nearly the same words, and the same passages answer it."""
    return suggestion.places == other.places and float(vector @ other_vector) >= SAME_QUESTION


def _answered(candidate: Candidate, ask: Callable[[str], Answer]) -> Suggestion | None:
    """The candidate with the passages that answer it; ``None`` when something else or nothing does."""
    try:
        answer = ask(candidate.question)
    except AssistantError:
        return None
    if answer.outcome is not Outcome.ANSWERED or not answer.citations:
        return None
    cited = [Place(each.document_id, each.start, each.end) for each in answer.citations]
    hit = [
        each
        for each in cited
        if any(place.touches(each.document_id, each.start, each.end) for place in candidate.places)
    ]
    if candidate.places and not hit:
        return None
    if candidate.intent is Intent.PARTNER and not answer.partners and not hit:
        return None
    places = tuple(hit or cited[:1])
    words = (*candidate.words, *((Asked.PHONE.label, Asked.ADDRESS.label) if answer.contacts else ()))
    return Suggestion(candidate.question, candidate.topic, candidate.group, answer.intent, places, words)
