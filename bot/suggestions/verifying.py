"""Candidates put to the assistant at ingest; only those that it answers, from where they were made, are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.catalogue.models import Catalogue
from bot.encoder import Embedder, Floats
from bot.errors import AssistantError, EmbeddingServiceError
from bot.suggestions.cards import card_candidates, scope_candidates
from bot.suggestions.parts import Kinds, documents_candidates
from bot.suggestions.records import EXAMPLE_GROUP, Candidate, Place, Suggestion, SuggestionList
from bot.types import Answer, Document, Intent, Outcome
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


def candidates(catalogue: Catalogue, documents: Mapping[str, Document], kind_of: Kinds) -> Iterator[Candidate]:
    """All candidates, each once: the staff's examples, then one of each group after the other.

    So a list that is cut short still speaks of everything on file.
    """
    groups: dict[str, list[Candidate]] = {}
    for each in card_candidates(catalogue, documents.__getitem__):
        groups.setdefault(each.group, []).append(each)
    carded = {each.document for each in catalogue.programmes}
    for each in documents_candidates(tuple(documents.values()), kind_of, carded):
        groups.setdefault(each.group, []).append(each)
    seen: set[str] = set()
    for each in (*scope_candidates(catalogue), *_in_turn(list(groups.values()))):
        if each.question not in seen:
            seen.add(each.question)
            yield each


def _in_turn(groups: Sequence[Sequence[Candidate]]) -> Iterator[Candidate]:
    for place in range(max(map(len, groups), default=0)):
        yield from (group[place] for group in groups if place < len(group))


def verified(
    proposed: Iterable[Candidate],
    ask: Callable[[str], Answer],
    embedder: Embedder | None,
    limits: VerifyingLimits,
    clock: Callable[[], float] = time.monotonic,
) -> SuggestionList:
    """The candidates that ``ask`` answers from their places, as far as ``limits`` go."""
    end = clock() + limits.seconds
    kept: list[Suggestion] = []
    vectors: list[Floats] = []
    unanswered: list[str] = []
    asked = 0
    for candidate in proposed:
        if len(kept) >= limits.kept or asked >= limits.asked or clock() > end:
            break
        asked += 1
        suggestion = _answered(candidate, ask)
        if suggestion is None:
            if candidate.group.startswith(EXAMPLE_GROUP):
                unanswered.append(candidate.question)
            continue
        vector = _NONE if embedder is None else _vector(embedder, suggestion.question)
        if not len(vector):
            # A service that fails now fails for each of them: characters alone then rank.
            embedder, vectors = None, [_NONE] * len(kept)
        if any(_said_already(suggestion, vector, *other) for other in zip(kept, vectors, strict=True)):
            continue
        kept.append(suggestion)
        vectors.append(vector)
    stacked = np.stack(vectors).astype(np.float32) if kept and embedder is not None else None
    return SuggestionList(tuple(kept), stacked, asked, tuple(unanswered))


def _vector(embedder: Embedder, question: str) -> Floats:
    """The vector of a question; empty when the service behind does not give one."""
    try:
        return embedder.embed_query(question)
    except EmbeddingServiceError:
        return _NONE


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
