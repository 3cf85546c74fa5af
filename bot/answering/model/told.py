"""A record draft from plain words, by a model where one is configured and by rules where not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.model.needs import NeedDraft, draft_need
from bot.errors import UsageError
from bot.llm import ModelService
from bot.market.drafting import set_value, start_draft
from bot.market.wishes import WORDS_ONLY, WishReader
from bot.text.relative_time import resolve_relative_time
from bot.types import DraftValue, PrivateContact, RecordDraft, RecordKind


@dataclass(frozen=True, slots=True)
class ToldDraft:
    """The draft, and what a model pointed at that does not belong in it, with the reason."""

    draft: RecordDraft
    left_out: tuple[str, ...] = ()


def draft_told(
    told: str,
    kind: RecordKind | None,
    today: date,
    service: ModelService | None,
    reader: WishReader = WORDS_ONLY,
) -> ToldDraft:
    """A draft of what ``told`` tells.

    The rules read owner and private contact in any case, and whatever the model leaves open; a model never
    sees the contact. Raises :class:`UsageError` when ``told`` tells neither need nor offer and no ``kind`` is
    given.
    """
    draft = start_draft(told, kind, today=today, reader=reader)
    if draft is None:
        raise UsageError("没看出是需求还是成果", value=told[:40], remedy="写明想找什么技术，或有什么成果")
    if service is None or draft.kind is not RecordKind.NEED:
        return ToldDraft(draft)
    public = set_value(RecordDraft(draft.kind), "description", told).value("description")
    drafted = draft_need(service, public, private=tuple(_private_words(draft.contact))) if public else None
    if drafted is None:
        return ToldDraft(draft)
    values = {**draft.as_form(), **_form_values(drafted.need, today)}
    merged = tuple(DraftValue(name, text) for name, text in values.items() if text)
    return ToldDraft(replace(draft, values=merged), drafted.left_out)


def _private_words(contact: PrivateContact) -> Iterator[str]:
    yield from filter(None, (contact.name, contact.phone, contact.email, contact.note.partition("：")[2]))


def _form_values(need: NeedDraft, today: date) -> dict[str, str]:
    values = {name: getattr(need, name) for name in NeedDraft.__dataclass_fields__}
    texts = {name: "；".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
    years = resolve_relative_time(texts["deadline"], today.isoformat())
    texts["deadline"] += "".join(f"（{each.year}年）" for each in years)
    return {name: text for name, text in texts.items() if text}
