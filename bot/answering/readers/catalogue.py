"""Answers from programme cards: a field of a named programme, or a list counted by code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.asking import Asking, Proposal
from bot.answering.cards import Cards
from bot.answering.coverage import QuestionTerms, TermWeights
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.readers.unstated import parts_not_stated
from bot.answering.wording import ATTRIBUTE_NOT_STATED
from bot.catalogue.models import Catalogue, Programme, Quoted
from bot.catalogue.names import first_programme
from bot.lexicon import words
from bot.text.figures import FigureKind, parse_figures
from bot.text.relative_time import resolve_relative_time
from bot.text.status import NOT_YET, STATUS_WORDS
from bot.text.tokens import fold, without
from bot.types import Computed, Status
from bot.understanding.asked import Asked, states_figure
from bot.understanding.message import question_subject
from bot.understanding.understanding import SURE, Part, Understanding

#: The fields of a card that answer what is asked for, best first.
FIELDS: dict[Asked, tuple[str, ...]] = {
    Asked.AMOUNT: ("amount",),
    Asked.RATE: ("rate",),
    Asked.DURATION: ("term",),
    Asked.DEADLINE: ("deadline",),
    Asked.CONDITION: ("conditions", "audience"),
    Asked.PROCEDURE: ("how_to_apply",),
    Asked.BODY: ("responsible_body",),
    Asked.ADDRESS: ("place", "how_to_apply"),
    Asked.DEFINITION: ("summary",),
    Asked.TOPIC: ("summary",),
}
#: Only their own field, or a fact that states them, may answer these.
STRICT = frozenset(
    {
        Asked.AMOUNT,
        Asked.RATE,
        Asked.DURATION,
        Asked.DEADLINE,
        Asked.MATERIALS,
        Asked.PROCEDURE,
        Asked.PHONE,
        Asked.PERSON,
    }
)
_ALL_FIELDS = (
    "amount", "form", "term", "audience", "responsible_body", "how_to_apply", "place", "rate", "deadline", "summary",
)  # fmt: skip
#: What a field of the asked attribute is worth beside how near its words are, in cosines.
OWN_FIELD_SCORE = 0.25
#: A field must speak of so much of what a question says besides the programme's name.
OWN_FIELD_COVERED = 0.3
#: What a quote gains that gives the figure asked for with its own measure word.
STATES_SCORE = 0.2
#: A fact of the card answers when it is as near as the best unit found, less this.
FACT_WITHIN = 0.08
#: A field of the named programme that is asked for is surely meant; a list is, where one is asked for.
FIELD_CONFIDENCE, FACT_CONFIDENCE, LIST_CONFIDENCE, REFUSED_CONFIDENCE = 1.0, 0.8, 1.0, 0.7
_STATUS_LISTS = {
    "status_draft": frozenset({Status.DRAFT}),
    "status_over": frozenset({Status.EXPIRED, Status.SUPERSEDED}),
    "status_planned": frozenset({Status.PLANNED}),
    "status_under_construction": frozenset({Status.UNDER_CONSTRUCTION}),
    "status_pilot": frozenset({Status.PILOT}),
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    quoted: Quoted
    field: str
    score: float


class CatalogueReader:
    """Reads programme cards; every statement rests on the card's quotes."""

    name = "catalogue"

    def __init__(self, catalogue: Catalogue, cards: Cards, weights: TermWeights) -> None:
        self._catalogue = catalogue
        self._weights = weights
        self._cards = cards

    def propose(self, asking: Asking) -> Proposal | None:
        """A field or fact of the programme that is named, or the programmes that are asked for."""
        programme = first_programme(asking.understanding.names)
        if programme is not None:
            return self._of(asking, programme)
        return self._list(asking)

    # --- one programme ---------------------------------------------------------------------------

    def _of(self, asking: Asking, programme: Programme) -> Proposal | None:
        statements: list[Statement] = []
        unstated: list[Part] = []
        confidence = 0.0
        for part in asking.understanding.parts:
            if part.confidence < SURE and not part.strict:
                continue
            if part.asked is Asked.STATUS and (told := self._cards.status_told(programme)) is not None:
                statements.append(told)
                confidence = FIELD_CONFIDENCE
                continue
            found = self._best(asking, part, programme)
            if found is None:
                unstated.append(part)
                continue
            own = found.field in FIELDS.get(part.asked, ())
            confidence = max(confidence, FIELD_CONFIDENCE if own else FACT_CONFIDENCE)
            statement = self._cards.statement(programme, found.quoted)
            if all(statement.text.rstrip("。") not in each.text for each in statements):
                statements.append(statement)
        strict = [part for part in unstated if part.asked in STRICT and part.confidence >= REFUSED_CONFIDENCE / 2]
        if statements:
            all_told = (*statements, *parts_not_stated(strict))
            draft = replace(self._cards.told(asking.understanding.intent, programme, all_told), listed=bool(strict))
            return Proposal(self.name, draft, confidence, f"card {programme.id}")
        if len(strict) < len(asking.understanding.parts):
            return None
        text = ATTRIBUTE_NOT_STATED.format(subject=f"“{programme.name}”", attribute=strict[0].asked.label)
        draft = self._cards.told(asking.understanding.intent, programme, (Statement(text),))
        refused = replace(draft, refusal=Refusal.ATTRIBUTE_NOT_STATED)
        return Proposal(self.name, refused, REFUSED_CONFIDENCE, f"card {programme.id} does not state it", sure=True)

    def _best(self, asking: Asking, part: Part, programme: Programme) -> _Candidate | None:
        """The field or fact that answers one part of a question, if any does."""
        query = asking.query_of(part)
        units = asking.units(query)
        near = units[0].score - FACT_WITHIN if units else 0.0
        best: _Candidate | None = None
        for field, quoted in self._quoted(programme):
            own = field in FIELDS.get(part.asked, ())
            if not _states(quoted, part) or not _same_date(part.query, quoted.quote):
                continue
            passage = self._cards.passage(quoted.document or programme.document, quoted.quote)
            nearness = asking.nearness(passage, query) if passage is not None else 0.0
            figure = part.strict
            if own and not figure and self._on_something_else(asking, part, programme, quoted):
                continue
            if not own and not (figure and nearness >= near):
                continue
            stated = states_figure(quoted.quote, part.figures, part.query)
            score = nearness + OWN_FIELD_SCORE * own + STATES_SCORE * stated
            if best is None or score > best.score:
                best = _Candidate(quoted, field, score)
        return best

    def _on_something_else(self, asking: Asking, part: Part, programme: Programme, quoted: Quoted) -> bool:
        """Whether a question says more than the programme's name, and the quote speaks of nothing of it."""
        rest = without(
            fold(question_subject(part.query)), (fold(name) for name in (programme.name, *programme.aliases))
        )
        terms = QuestionTerms(rest, self._weights, asking.thesaurus)
        text = fold(f"{quoted.value} {quoted.quote}")
        return not terms.empty and terms.share(text) < OWN_FIELD_COVERED

    def _quoted(self, programme: Programme) -> Iterator[tuple[str, Quoted]]:
        for field in _ALL_FIELDS:
            value = getattr(programme, field)
            if value is not None:
                yield field, value
        for condition in programme.conditions:
            yield "conditions", condition
        for fact in programme.facts:
            yield "facts", fact

    # --- many programmes -------------------------------------------------------------------------

    def _list(self, asking: Asking) -> Proposal | None:
        part = asking.understanding.parts[0]
        if len(asking.understanding.parts) > 1 or part.asked not in (Asked.LIST, Asked.TOPIC, Asked.STATUS):
            return None
        programmes = self.matching(asking)
        if len(programmes) < 2:
            return None
        draft = self._listed(asking.understanding, programmes)
        return Proposal(self.name, draft, LIST_CONFIDENCE, f"{len(programmes)} cards")

    def matching(self, asking: Asking) -> tuple[Programme, ...]:
        """The programmes a list question is about; those in force first, drafts and expired last.

        Nothing where the question says more than a kind, a need, a status and words for programmes in general.
        """
        question = asking.understanding.standalone
        rest = asking.understanding.subject
        pool: Sequence[Programme] = self._catalogue.programmes
        for name, statuses in _STATUS_LISTS.items():
            told = tuple(word for word in words(name) if word in question)
            if told:
                pool = [each for each in pool if each.status.value in statuses]
                rest = without(rest, told)
        named = [(each, told) for each in pool if (told := _kind_words(each, question))]
        for _, told in named:
            rest = without(rest, told)
        rest = without(rest, words("programme_words"))
        if not QuestionTerms(rest, self._weights, asking.thesaurus).empty:
            return ()
        return _in_order([each for each, _ in named] if named else pool)

    def _listed(self, understanding: Understanding, programmes: Sequence[Programme]) -> Draft:
        count = Computed(f"{len(programmes)}项", len(programmes), "资料中写明的支持事项")
        statements = [Statement(f"资料中写明的相关事项共{count.text}：")]
        for programme in programmes:
            mark = f"（{STATUS_WORDS[programme.status.value]}）" if programme.status.value in NOT_YET else ""
            lead = f"- {programme.name}{mark}："
            statements.append(self._cards.statement(programme, programme.summary, lead=lead))
        statuses = tuple(status for each in programmes if (status := self._cards.status(each)) is not None)
        return Draft(understanding.intent, tuple(statements), listed=True, computed=(count,), statuses=statuses)


def _states(quoted: Quoted, part: Part) -> bool:
    """Whether a quote gives a figure of the kind asked for, where one is asked for."""
    if not part.strict or states_figure(quoted.quote, part.figures, part.query):
        return True
    # 去年 states a year once it is resolved against the document's date.
    return part.asked is Asked.DATE and bool(resolve_relative_time(quoted.quote, "2000-01-01"))


def _same_date(question: str, quote: str) -> bool:
    """Whether a quote that gives dates gives one that the question names (any grain)."""
    asked = [str(figure.value) for figure in parse_figures(question) if figure.kind is FigureKind.DATE]
    stated = [str(figure.value) for figure in parse_figures(quote) if figure.kind is FigureKind.DATE]
    if not asked or not stated:
        return True
    return any(one.startswith(other) or other.startswith(one) for one in asked for other in stated)


def _kind_words(programme: Programme, question: str) -> tuple[str, ...]:
    """The words of a question that name the kind of a programme or a need it serves."""
    kinds = (programme.kind.value[i : i + 2] for i in range(0, len(programme.kind.value), 2))
    return tuple(word for word in (*kinds, *programme.needs) if word in question)


def _in_order(programmes: Sequence[Programme]) -> tuple[Programme, ...]:
    return tuple(sorted(programmes, key=lambda programme: programme.status.value in NOT_YET))
