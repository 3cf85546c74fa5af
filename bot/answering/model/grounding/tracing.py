"""Is a sentence a shortened copy of a text? Strict rather than clever: what is not plainly traced is not borne out.

A sentence is borne out by one text when it tells whole clauses of it, in their order, from the head of a sentence
on, with no other change than the few words of :mod:`bot.answering.model.grounding.words`. So a figure stays with
its subject, a role with its holder and a negation with what it denies, and nothing new comes in. What may be left
out is a clause that only tells to what good something is, the end of a list before 等, and an end of a sentence that
limits nothing; no later words of the text may take back what is told, and a plan, a draft or an expired text must
be told as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.model.grounding.clauses import Clause, Token, clauses_of, folded, told_tokens
from bot.answering.model.grounding.instructions import without_instructions
from bot.answering.model.grounding.words import (
    FILLERS,
    GIVEN,
    GRANTS,
    JOINING_FILLERS,
    LEADING,
    OPENING_FILLERS,
    TELLING,
    added_to,
    keeps,
    limits,
    limits_beside,
    only_opens,
    only_praises,
    sets_aside,
    speaks_on,
    stands_for,
    takes_back,
    unfit,
)
from bot.text.figures import FigureKind
from bot.text.status import read_status
from bot.types import Status

#: A sentence with fewer tokens says nothing; one with more is no short sentence.
MINIMUM_TOKENS, MAXIMUM_TOKENS = 4, 150
_LIST_MARK, _AND_OTHERS = "、", "等"
#: Statuses of an earlier clause that colour all that follows in the same text.
_COLOURING = frozenset({Status.DRAFT, Status.PLANNED, Status.UNDER_CONSTRUCTION})
_THERE = re.compile("已(?:经|投入|建成|启用|上线|设立|完成|举办|开放|获|有|形成|受理)")


def borne_out(sentence: str, text: str, status: Status = Status.UNKNOWN) -> bool:
    """Whether ``sentence`` is a shortened copy of ``text``, a text of this ``status`` as a whole.

    >>> text = "对首次认定为高新技术企业的，一次性奖励15万元；对重新认定的，奖励5万元。"
    >>> borne_out("首次认定为高新技术企业的，一次性奖励15万元。", text)
    True
    >>> borne_out("首次认定为高新技术企业的，奖励5万元。", text)
    False
    """
    plain = folded(sentence)
    told = told_tokens(plain)
    if not MINIMUM_TOKENS <= len(told) <= MAXIMUM_TOKENS or unfit(plain) or not keeps(sentence, status):
        return False
    return _Tracing(plain, told, clauses_of(without_instructions(text)), added_to(status)).succeeds()


@dataclass(frozen=True, slots=True)
class _Tracing:
    """One sentence beside the clauses of one text; ``added`` are words of the text's status."""

    sentence: str
    told: tuple[Token, ...]
    clauses: tuple[Clause, ...]
    added: frozenset[str]

    def succeeds(self) -> bool:
        """Whether some head of the text begins a run of clauses that is the sentence."""
        return any(
            self._goes_on(place, start, start)
            for start in range(len(self.clauses))
            if self._may_start(start)
            for place in self._told_until(0, start)
        )

    # --- which clauses -----------------------------------------------------------------------------

    def _may_start(self, start: int) -> bool:
        """Whether a sentence may begin with this clause: nothing before it says what it speaks of."""
        clauses, head = self.clauses, self._head(start)
        if not all(only_opens(clause.text) for clause in clauses[head:start]):
            return False
        if any(":" in clauses[place].mark and self._hanging(place) >= start for place in range(start)):
            return False
        return clauses[head].opens_sentence or self._is_parallel(head)

    def _is_parallel(self, head: int) -> bool:
        """Whether a part after a semicolon is made like the first one of its sentence, and so stands on its own."""
        one, other = self.clauses[self._first(head)].tokens, self.clauses[head].tokens
        return one[0] == other[0] and one[-1] == other[-1]

    def _goes_on(self, place: int, start: int, last: int) -> bool:
        """Whether the sentence from ``place`` on is told by clauses after ``last``, or is at its end."""
        if self._is_over(place) and self._may_end(last) and self._holds(start, last):
            return True
        return any(
            self._goes_on(until, start, following)
            for following in self._following(last)
            for until in self._told_until(place, following)
        )

    def _following(self, last: int) -> Iterator[int]:
        """Clauses that may be told next: the very next one, and those with mere praise between."""
        for following in range(last + 1, len(self.clauses)):
            between = self.clauses[last + 1 : following]
            if any(clause.has_figure for clause in between) or not only_praises(clause.text for clause in between):
                return
            yield following

    def _may_end(self, last: int) -> bool:
        """Whether nothing right after ``last`` hangs on what is told, limits it or speaks on about it."""
        clauses = self.clauses
        if any(":" in clauses[place].mark and self._hanging(place) > last for place in range(last + 1)):
            return False
        part = "，".join(clause.text for clause in clauses[self._head(last) : last + 1])
        rest = clauses[last + 1 :]
        ends = next((place for place, clause in enumerate(rest) if clause.opens_part), len(rest))
        if any(limits_beside(clause.text, part) for clause in rest[:ends]):
            return False
        following = next((clause for clause in rest if clause.opens_sentence), None)
        return following is None or not speaks_on(following.text)

    def _holds(self, start: int, last: int) -> bool:
        """Whether nothing in the rest of the text says that what is told does not hold, or not yet, or not for all."""
        first, after = self._first(start), self._after(last)
        before, behind = self.clauses[:start], self.clauses[last + 1 :]
        coloured = {read_status(clause.text) for clause in (*before, *behind)} & _COLOURING
        if not all(keeps(self.sentence, status) for status in coloured) and not _THERE.search(self.sentence):
            return False
        if any(sets_aside(clause.text) for clause in before):
            return False
        if any(takes_back(clause.text) for clause in self._later(last)):
            return False
        elsewhere = (*self.clauses[:first], *self.clauses[after:])
        return not (self._tells_an_amount() and any(limits(clause.text) for clause in elsewhere))

    def _tells_an_amount(self) -> bool:
        return any(token.is_figure and not token.text.startswith(FigureKind.DATE) for token in self.told)

    def _later(self, last: int) -> tuple[Clause, ...]:
        """The clauses after ``last`` of other parts than its own."""
        ends = next((place for place in range(last + 1, len(self.clauses)) if self.clauses[place].opens_part), None)
        return self.clauses[ends:] if ends is not None else ()

    def _head(self, place: int) -> int:
        """The clause that opens the part of the clause at ``place``."""
        while not self.clauses[place].opens_part:
            place -= 1
        return place

    def _first(self, place: int) -> int:
        """The clause that opens the sentence of the clause at ``place``."""
        while not self.clauses[place].opens_sentence:
            place -= 1
        return place

    def _after(self, place: int) -> int:
        """Where the sentence after that of the clause at ``place`` begins."""
        place += 1
        while place < len(self.clauses) and not self.clauses[place].opens_sentence:
            place += 1
        return place

    def _hanging(self, place: int) -> int:
        """The last clause that hangs on the colon after the clause at ``place``."""
        return (self._after(place) if self.clauses[place].mark == ":" else len(self.clauses)) - 1

    # --- within a clause ---------------------------------------------------------------------------

    def _told_until(self, place: int, number: int) -> set[int]:
        """Where the sentence may stand when it has told the whole clause from ``place`` on."""
        clause = self.clauses[number]
        if clause.mark == "?":
            return set()
        granted = self._is_granted(number)
        reached = {(place, 0)}
        waiting = [(place, 0)]
        while waiting:
            for step in self._steps(*waiting.pop(), clause, granted=granted):
                if step not in reached:
                    reached.add(step)
                    waiting.append(step)
        return {told for told, stated in reached if stated == len(clause.tokens)}

    def _steps(self, told: int, stated: int, clause: Clause, *, granted: bool) -> Iterator[tuple[int, int]]:
        """From ``told`` tokens of the sentence and ``stated`` of the clause to what may come next."""
        token = self.told[told] if told < len(self.told) else None
        if token is not None and self._may_be_added(told, at_mark=stated == 0):
            yield told + 1, stated
        if stated == len(clause.tokens):
            return
        if _may_go(clause, stated):
            yield told, stated + 1
        if token is None or token.is_mark:
            return
        other = clause.tokens[stated]
        if _same(token, other) or (granted and token.text in GRANTS and _gives_an_amount(clause, stated)):
            yield told + 1, stated + 1
        if other.text == _LIST_MARK and token.text == _AND_OTHERS:
            others = _others(clause, stated)
            if others is not None:
                yield told, others

    def _is_granted(self, number: int) -> bool:
        """Whether the part of a clause begins with 对: who comes after it is given to."""
        return self.clauses[self._head(number)].tokens[0].text in OPENING_FILLERS

    def _may_be_added(self, place: int, *, at_mark: bool) -> bool:
        token = self.told[place]
        if token.is_mark:
            return at_mark
        if token.text in TELLING or token.text in self.added:
            return True
        if token.text == "的":
            return place > 0 and (self.told[place - 1].is_figure or self.told[place - 1].text in self.added)
        return token.text in LEADING and self._leads(place)

    def _leads(self, place: int) -> bool:
        """Whether only words that say where something stands come before ``place``."""
        allowed = LEADING | self.added | {"的"}
        return all(token.is_mark or token.text in allowed for token in self.told[:place])

    def _is_over(self, place: int) -> bool:
        return all(token.is_mark or token.text in self.added for token in self.told[place:])


def _same(told: Token, stated: Token) -> bool:
    if told.is_figure or stated.is_figure:
        return told == stated
    return stands_for(told.text, stated.text)


def _may_go(clause: Clause, place: int) -> bool:
    """Whether the token of a document's clause says nothing where it stands."""
    token = clause.tokens[place]
    if token.text in FILLERS:
        return True
    if token.text in OPENING_FILLERS or token.text in JOINING_FILLERS:
        return place == 0
    is_last = place == len(clause.tokens) - 1
    return token.text == "的" and place > 0 and (is_last or clause.tokens[place - 1].is_figure)


def _gives_an_amount(clause: Clause, place: int) -> bool:
    following = clause.tokens[place + 1] if place + 1 < len(clause.tokens) else None
    return clause.tokens[place].text in GIVEN and following is not None and following.is_figure


def _others(clause: Clause, place: int) -> int | None:
    """Where 等 closes the list that goes on at ``place``; None where leaving names out may say something else."""
    if clause.has_figure or limits(clause.text):
        return None
    return next((at for at in range(place, len(clause.tokens)) if clause.tokens[at].text == _AND_OTHERS), None)
