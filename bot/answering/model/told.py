"""A record draft from plain words, by a model where one is configured and by rules where not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.answering.model.rewriting import NeedDraft, draft_need
from bot.errors import UsageError
from bot.llm import ModelService
from bot.market.drafting import start_draft
from bot.types import DraftValue, RecordDraft, RecordKind


@dataclass(frozen=True, slots=True)
class ToldDraft:
    """The draft, and what a model proposed that its teller never said, with the reason."""

    draft: RecordDraft
    left_out: tuple[str, ...] = ()


def draft_told(told: str, kind: RecordKind | None, today: date, service: ModelService | None) -> ToldDraft:
    """A draft of what ``told`` tells.

    The rules read owner and private contact in any case, and whatever the model leaves open. Raises
    :class:`UsageError` when ``told`` tells neither need nor offer and no ``kind`` is given.
    """
    draft = start_draft(told, kind, today=today)
    if draft is None:
        raise UsageError("没看出是需求还是成果", value=told[:40], remedy="写明想找什么技术，或有什么成果")
    if service is None or draft.kind is not RecordKind.NEED:
        return ToldDraft(draft)
    worded = draft_need(service, told)
    if worded is None:
        return ToldDraft(draft)
    values = {**draft.as_form(), **_form_values(worded.need)}
    merged = tuple(DraftValue(name, text) for name, text in values.items() if text)
    return ToldDraft(replace(draft, values=merged), worded.left_out)


def _form_values(need: NeedDraft) -> dict[str, str]:
    values = {name: getattr(need, name) for name in type(need).model_fields}
    texts = {name: "；".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {name: text for name, text in texts.items() if text}
