"""Sources that say different things of the same thing at the same time.

Two rules, both on the documents' own words:

* two names in quotation marks that differ in one character, told of the same bearer by documents that
  never use the other name, are versions of one name;
* two sentences of different documents that are alike but for a figure of the same unit, told of the
  same date, are versions of one figure. Different dates or different things are no disagreement, nor is
  a form that every document fills with a figure of its own.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import floor

from bot.text.figures import FigureKind, ParsedFigure, parse_figures
from bot.text.relative_time import resolve_relative_time
from bot.text.sentences import split_sentences
from bot.text.tokens import content_bigrams
from bot.types import Document

#: Two sentences are about one thing when the shorter shares this much of its bigrams with the longer.
MINIMUM_LIKENESS = 0.5
MINIMUM_SHARED_BIGRAMS = 6
#: A sentence that documents of one time tell with more values than these is a form that each fills in: in 599 real
#: documents, where a sentence disagrees it does so with one other value (37 of 40), and with three only in a title.
MOST_VALUES = 4
#: Claims on one topic that share two characters; in those documents at most 93.
MOST_HOLDERS = 200
MINIMUM_NAME_CHARACTERS = 3
#: How many characters before a quoted name tell whose it is.
BEARER_CHARACTERS = 8
MINIMUM_BEARER_OVERLAP = 2
_QUOTED = re.compile(r"[“\"「『](?P<name>[^“”\"「」『』]{3,20})[”\"」』]")
_YEAR_CHARACTERS = 4
_COMPARED = frozenset({FigureKind.MONEY, FigureKind.PERCENT, FigureKind.COUNT, FigureKind.DURATION})


@dataclass(frozen=True, slots=True)
class Statement:
    """``text`` stands at ``start:end`` of a document's clean text, as of ``as_of`` (ISO, any grain)."""

    document_id: str
    start: int
    end: int
    text: str
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two versions of one thing; ``values`` run in the order of ``statements``.

    ``settled`` says that staff decided for the first; the others are still told beside it.
    """

    subject: str
    values: tuple[str, ...]
    statements: tuple[Statement, ...]
    settled: bool = False


def disagreements_from_json(text: str) -> tuple[Disagreement, ...]:
    """What :mod:`bot.ingestion` kept beside the documents."""
    return tuple(
        Disagreement(
            item["subject"],
            tuple(item["values"]),
            tuple(Statement(**source) for source in item["statements"]),
            bool(item.get("settled")),
        )
        for item in json.loads(text)
    )


def find_disagreements(documents: Iterable[Document]) -> tuple[Disagreement, ...]:
    """All disagreements among ``documents``, each once, in a stable order."""
    ordered = sorted(documents, key=lambda document: document.id)
    return (*_names(ordered), *_figures(ordered))


# --- names ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
    bearer: str
    statement: Statement


def _names(documents: list[Document]) -> Iterator[Disagreement]:
    by_shape: dict[tuple[int, str], dict[str, list[_Name]]] = defaultdict(lambda: defaultdict(list))
    for document in documents:
        for name in _quoted_names(document):
            for position in range(len(name.name)):
                shape = name.name[:position] + "*" + name.name[position + 1 :]
                by_shape[position, shape][name.name].append(name)
    seen: set[tuple[str, str]] = set()
    for variants in by_shape.values():
        names = sorted(variants)
        for index, first in enumerate(names):
            for second in names[index + 1 :]:
                pair = _contradiction(variants[first], variants[second])
                if pair is not None and (first, second) not in seen:
                    seen.add((first, second))
                    yield Disagreement(
                        f"{pair[0].bearer}“{first}”/“{second}”",
                        (f"“{pair[0].name}”", f"“{pair[1].name}”"),
                        (pair[0].statement, pair[1].statement),
                    )


def _contradiction(first: list[_Name], second: list[_Name]) -> tuple[_Name, _Name] | None:
    if {name.statement.document_id for name in first} & {name.statement.document_id for name in second}:
        return None
    for one in first:
        for other in second:
            if _common_suffix(one.bearer, other.bearer) >= MINIMUM_BEARER_OVERLAP:
                return one, other
    return None


def _quoted_names(document: Document) -> Iterator[_Name]:
    for sentence in split_sentences(document.text):
        for match in _QUOTED.finditer(sentence.text):
            before = sentence.text[max(0, match.start() - BEARER_CHARACTERS) : match.start()]
            bearer = re.split(r"[，、。；：“”\s]", before)[-1].rstrip("的")
            yield _Name(match["name"], bearer, _statement(document, sentence.start, sentence.end))


def _common_suffix(first: str, second: str) -> int:
    count = 0
    for one, other in zip(reversed(first), reversed(second), strict=False):
        if one != other:
            break
        count += 1
    return count


# --- figures -------------------------------------------------------------------------------------


#: What two claims must have in common: the year, and one figure of a kind and unit of which each has only one.
_Topic = tuple[str, FigureKind, str]


@dataclass(frozen=True, slots=True)
class _Claim:
    statement: Statement
    bigrams: frozenset[str]
    figures: tuple[ParsedFigure, ...]
    topics: tuple[_Topic, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two claims, by number, and the figures in which they differ."""

    one: int
    other: int
    figures: tuple[ParsedFigure, ParsedFigure]


def _figures(documents: list[Document]) -> Iterator[Disagreement]:
    claims = [claim for document in documents for claim in _claims(document) if claim.topics]
    for pair in _telling(list(_differing(claims))):
        claim, other = claims[pair.one], claims[pair.other]
        first, second = pair.figures
        yield Disagreement(_subject(claim, other), (first.text, second.text), (claim.statement, other.statement))


def _differing(claims: list[_Claim]) -> Iterator[_Pair]:
    for one, two in sorted(_near(claims)):
        claim, other = claims[one], claims[two]
        count = len(claim.bigrams & other.bigrams)
        if count < MINIMUM_SHARED_BIGRAMS or not _same_subject(claim, other, count):
            continue
        found = _different(claim, other)
        if found is not None:
            yield _Pair(one, two, found)


def _telling(pairs: list[_Pair]) -> Iterator[_Pair]:
    """Of ``pairs`` those of no form, and of the many that tell one claim the same other value one."""
    against: dict[int, dict[object, int]] = defaultdict(dict)
    for pair in pairs:
        first, second = pair.figures
        against[pair.one].setdefault(second.value, pair.other)
        against[pair.other].setdefault(first.value, pair.one)
    forms = {claim for claim, others in against.items() if len(others) >= MOST_VALUES}
    for pair in pairs:
        first, second = pair.figures
        foremost = against[pair.one][second.value] == pair.other or against[pair.other][first.value] == pair.one
        if foremost and not forms & {pair.one, pair.other}:
            yield pair


def _near(claims: list[_Claim]) -> set[tuple[int, int]]:
    """Pairs, by number, that may share enough bigrams on one topic; all that do, and few others.

    Of the ``n`` bigrams of the shorter claim at least ``t = MINIMUM_LIKENESS * n`` are shared; so one of its
    ``n - t + 1`` rarest is. (Prefix filtering: Chaudhuri, Ganti, Kaushik, "A Primitive Operator for Similarity Joins
    in Data Cleaning", ICDE 2006.) Words that every document has are thus never looked up, nor what more than
    ``MOST_HOLDERS`` claims have: where even the rarest words of a sentence are so common, it is a form.
    """
    holders: dict[tuple[_Topic, str], list[int]] = defaultdict(list)
    for number, claim in enumerate(claims):
        for topic in claim.topics:
            for bigram in claim.bigrams:
                holders[topic, bigram].append(number)
    found: set[tuple[int, int]] = set()
    for number, claim in enumerate(claims):
        looked_up = floor(len(claim.bigrams) * (1 - MINIMUM_LIKENESS)) + 1
        for topic in claim.topics:
            rarest = sorted((len(holders[topic, bigram]), bigram) for bigram in claim.bigrams)[:looked_up]
            few = [bigram for count, bigram in rarest if count <= MOST_HOLDERS]
            near = {other for bigram in few for other in holders[topic, bigram]} - {number}
            found.update((min(number, other), max(number, other)) for other in near)
    return found


def _claims(document: Document) -> Iterator[_Claim]:
    for sentence in split_sentences(document.text):
        figures = tuple(figure for figure in parse_figures(sentence.text) if figure.kind in _COMPARED)
        if figures:
            bare = sentence.text
            for figure in parse_figures(sentence.text):
                bare = bare.replace(figure.text, " ")
            statement = _statement(document, sentence.start, sentence.end)
            topics = _topics(statement.as_of, figures)
            yield _Claim(statement, frozenset(content_bigrams(bare)), figures, topics)


def _topics(as_of: str | None, figures: tuple[ParsedFigure, ...]) -> tuple[_Topic, ...]:
    """What a claim can disagree on; nothing without a date."""
    year = (as_of or "")[:_YEAR_CHARACTERS]
    told = Counter((figure.kind, figure.unit) for figure in figures)
    return tuple((year, *what) for what, times in told.items() if year and times == 1)


def _same_subject(claim: _Claim, other: _Claim, shared: int) -> bool:
    if claim.statement.document_id == other.statement.document_id:
        return False
    if not _same_time(claim.statement.as_of, other.statement.as_of):
        return False
    return shared >= MINIMUM_LIKENESS * max(1, min(len(claim.bigrams), len(other.bigrams)))


def _same_time(first: str | None, second: str | None) -> bool:
    if first is None or second is None:
        return False
    length = min(len(first), len(second))
    return first[:length] == second[:length]


def _different(claim: _Claim, other: _Claim) -> tuple[ParsedFigure, ParsedFigure] | None:
    for figure in claim.figures:
        alike = [item for item in other.figures if item.kind is figure.kind and item.unit == figure.unit]
        mine = [item for item in claim.figures if item.kind is figure.kind and item.unit == figure.unit]
        if len(alike) == 1 and len(mine) == 1 and alike[0].value != figure.value:
            return figure, alike[0]
    return None


def _subject(claim: _Claim, other: _Claim) -> str:
    words = [bigram for bigram in content_bigrams(claim.statement.text) if bigram in other.bigrams]
    text = claim.statement.text
    start = text.find(words[0]) if words else 0
    return text[max(0, start) :][:20].rstrip("，。；：、")


def _statement(document: Document, start: int, end: int) -> Statement:
    text = document.text[start:end]
    return Statement(document.id, start, end, text, _as_of(text, document.metadata.date))


def _as_of(text: str, document_date: str | None) -> str | None:
    """The one date a sentence gives, a resolved relative year, or the document's date."""
    dates = {str(figure.value) for figure in parse_figures(text) if figure.kind is FigureKind.DATE}
    years = sorted(date for date in dates if not date.startswith("--"))
    if years:
        return years[-1]
    resolved = resolve_relative_time(text, document_date)
    return str(resolved[0].year) if resolved else document_date
