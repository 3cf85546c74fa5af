"""What staff decided on disagreements, kept under what both sides say.

A decision is known by the values and the sentences of both sides, white space aside: it survives every ingest and a
renamed file, and falls away when either sentence changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.catalogue.conflicts import Disagreement
from bot.curation.records import Decision
from bot.curation.tables import disagreement_decisions as table
from bot.errors import CorpusError
from bot.store.database import Database, utc_now

LONGEST_NOTE = 500
_MEANWHILE = CorpusError("别人刚刚对它作了决定", remedy="刷新，看过再定")


@dataclass(frozen=True, slots=True)
class Judged:
    """A disagreement with what was decided on it, if anything; ``counts`` is the position of the side that counts."""

    disagreement: Disagreement
    content: str
    decision: Decision | None = None
    counts: int | None = None


def content_of(item: Disagreement) -> str:
    """What both sides say, as 64 hexadecimal digits; their order and their documents do not matter."""
    return _digest("".join(sorted(side_of(item, place) for place in range(len(item.values)))))


def side_of(item: Disagreement, place: int) -> str:
    """What one side says, as 64 hexadecimal digits."""
    words = "\x1f".join(("".join(item.values[place].split()), "".join(item.statements[place].text.split())))
    return _digest(words)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


class DecisionBook:
    """The decisions on record. Every method is one transaction; the constructor does no I/O."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def judged(self, items: Iterable[Disagreement]) -> tuple[Judged, ...]:
        """Each disagreement with its decision; those without one first."""
        with self._database.read() as connection:
            rows = connection.execute(select(table)).mappings().all()
        known = {row["content"]: Decision(**row) for row in rows}
        found = [_judged(item, known.get(content_of(item))) for item in items]
        return tuple(sorted(found, key=lambda each: each.decision is not None))

    def decide(self, item: Disagreement, counts: int | None, *, note: str, by: str, seen: str = "") -> Decision:
        """Settle a disagreement for the side at position ``counts``, or keep it (``None``).

        ``seen`` is when the decision was made that one saw (empty: none). Raises :class:`CorpusError` where another
        was made meanwhile, and without a note: whoever comes later must know why.
        """
        note = note.strip()
        if not note or len(note) > LONGEST_NOTE:
            raise CorpusError(
                "请写明依据", value=f"{len(note)} 字", remedy=f"写 1 到 {LONGEST_NOTE} 字，说明为什么这样定"
            )
        if counts is not None and not 0 <= counts < len(item.values):
            raise CorpusError("没有这一方", value=counts, remedy="刷新页面")
        made = Decision(
            content=content_of(item),
            counts=None if counts is None else side_of(item, counts),
            subject=item.subject,
            note=note,
            by_name=by,
            at=utc_now(),
        )
        values = {name: getattr(made, name) for name in ("content", "counts", "subject", "note", "by_name", "at")}
        mine = table.c.content == made.content
        try:
            with self._database.write() as connection:
                # Another's decision of the same moment meets the primary key.
                gone = connection.execute(delete(table).where(mine, table.c.at == seen)).rowcount
                if seen and not gone:
                    raise _MEANWHILE
                connection.execute(insert(table).values(**values))
        except IntegrityError:
            raise _MEANWHILE from None
        return made

    def withdraw(self, content: str) -> None:
        """Forget a decision."""
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.content == content))


def settled(items: Iterable[Judged]) -> tuple[Disagreement, ...]:
    """The disagreements as answers tell them: what counts first and marked, the other side kept beside it."""
    return tuple(_settled(each) for each in items)


def _judged(item: Disagreement, decision: Decision | None) -> Judged:
    if decision is None:
        return Judged(item, content_of(item))
    sides = [side_of(item, place) for place in range(len(item.values))]
    counts = sides.index(decision.counts) if decision.counts in sides else None
    return Judged(item, decision.content, decision, counts)


def _settled(judged: Judged) -> Disagreement:
    item = judged.disagreement
    if judged.counts is None:
        return replace(item, settled=False)
    order = sorted(range(len(item.values)), key=lambda place: place != judged.counts)
    return replace(
        item,
        values=tuple(item.values[place] for place in order),
        statements=tuple(item.statements[place] for place in order),
        settled=True,
    )
