"""Sources that disagree are shown side by side with every answer that rests on one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.answering.draft import Draft, DraftConflict, Passage
from bot.catalogue.conflicts import Disagreement, Statement
from bot.text.tokens import fold

#: So much of a subject's beginning must stand in the question.
MAX_BEARER = 6


class DisagreementReader:
    """Holds what ingest found; attaches it where an answer or its question touches it."""

    def __init__(self, disagreements: Iterable[Disagreement]) -> None:
        self._disagreements = tuple(disagreements)

    def attach(self, draft: Draft, question: str, spellings: Iterable[str] = ()) -> Draft:
        """``draft`` with each disagreement that it speaks of; ``spellings`` are other names of what is asked about."""
        if draft.refusal is not None and not draft.statements:
            return draft
        asked = fold("\n".join((question, *spellings)))
        conflicts = tuple(_conflict(item) for item in self._disagreements if _touched(item, draft, asked))
        return replace(draft, conflicts=draft.conflicts + conflicts)


def _touched(item: Disagreement, draft: Draft, asked: str) -> bool:
    """``asked`` is the folded question with every spelling of the names in it."""
    named = [value for value in item.values if fold(value).strip('“”"') in asked]
    if any(map(_is_name, named)):
        return True
    bearer = fold(item.subject.split("“")[0])
    if not draft.listed and not named and bearer[:MAX_BEARER] not in asked:
        # A long sentence may name the thing in passing while the question is about its neighbour.
        return False
    for value, source in zip(item.values, item.statements, strict=True):
        for statement in draft.statements:
            said = value.strip("“”") in statement.text or value.strip("“”") in statement.lead
            if said and any(_overlaps(passage, source) for passage in statement.passages):
                return True
    return False


def _is_name(value: str) -> bool:
    """A name tells what is asked about; a figure may be anybody's."""
    return value.startswith("“")


def _overlaps(passage: Passage, source: Statement) -> bool:
    return passage.document_id == source.document_id and passage.start < source.end and source.start < passage.end


def _conflict(item: Disagreement) -> DraftConflict:
    versions = tuple(
        (value, Passage(source.document_id, source.start, source.end))
        for value, source in zip(item.values, item.statements, strict=True)
    )
    return DraftConflict(item.subject, versions, item.settled)
