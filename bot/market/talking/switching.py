"""A draft whose kind was guessed wrong: everything told is carried to the other kind."""

from __future__ import annotations

from bot.market.fields import FIELDS, field_spec
from bot.types import DraftValue, RecordDraft, RecordKind

#: What a need asks for and an offer gives.
_COUNTERPARTS = (("budget", "price"), ("deadline", "available_from"), ("trl_required", "trl"))


def switched(draft: RecordDraft) -> tuple[RecordDraft, tuple[str, ...]]:
    """``draft`` as the other kind, and the labels of the fields that have no counterpart there.

    Those stand in the description, each behind its label. Unit and contact stay.
    """
    kind = draft.kind.counterpart
    names = _names(kind)
    taken: dict[str, str] = {}
    beside: list[DraftValue] = []
    for value in draft.values:
        name = names.get(value.name, "")
        if name:
            taken[name] = value.text
        else:
            beside.append(value)
    labels = tuple(field_spec(draft.kind, value.name).label for value in beside)
    told = (f"{label}：{value.text}" for label, value in zip(labels, beside, strict=True))
    description = "；".join(filter(None, (taken.get("description", ""), *told)))
    if description:
        taken["description"] = description
    values = tuple(DraftValue(name, text) for name, text in taken.items())
    return RecordDraft(
        kind=kind,
        values=values,
        skipped=tuple(names[name] for name in draft.skipped if name in names),
        owner=draft.owner,
        contact=draft.contact,
        today=draft.today,
        started=draft.started,
        undecided=tuple(names[name] for name in draft.undecided if name in names),
    ), labels


def _names(kind: RecordKind) -> dict[str, str]:
    """The field of ``kind`` for each field of the other kind that has one."""
    pairs = (pair if kind is RecordKind.OFFER else pair[::-1] for pair in _COUNTERPARTS)
    shared = {spec.name for spec in FIELDS[kind]}
    return {**{name: name for name in shared}, **dict(pairs)}
