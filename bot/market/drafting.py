"""From a wish told in conversation to a draft record: what was said, what is missing, nothing saved.

A draft is a frozen value that the page keeps between turns; what stands in it are the user's own words
(:mod:`bot.market.wishes`). Saving is :meth:`Market.submit`, after the user has seen the draft and said yes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.market.fields import field_spec
from bot.market.redaction import FindingKind, redact, scan
from bot.market.taxonomy import load_taxonomy
from bot.market.wishes import extracted, owner_in, recognise, title_of
from bot.text.relative_time import resolve_relative_time
from bot.types import DraftLine, DraftQuestion, DraftState, DraftValue, PrivateContact, RecordDraft, RecordKind

#: Asked in this order, one at a time: what the quality gate weighs most comes first.
_ASKED: Mapping[RecordKind, tuple[str, ...]] = {
    RecordKind.NEED: (
        "title",
        "description",
        "indicators",
        "cooperation",
        "budget",
        "deadline",
        "ip_ownership",
        "region",
        "owner_id",
    ),
    RecordKind.OFFER: (
        "title",
        "description",
        "benefit",
        "trl",
        "trl_evidence",
        "cooperation",
        "ip_status",
        "price",
        "region",
        "owner_id",
    ),
}
_SHORTEST_DESCRIPTION = 30
_SKIP = re.compile(
    r"^(?:跳过|略|没有|无|不知道|不清楚|不确定|暂无|暂时没有|先不填|不填|以后再说|下一个|skip)[。！!了吧]*$"
)


#: What is left of a clause that only told a way to reach somebody.
_LEFT_OUT = re.compile(
    r"[，,；;、]?\s*(?:我的|我们的|联系)?(?:人)?(?:电话|手机号?|座机|热线|邮箱|电子邮件|e-?mail|微信|联系方式)?(?:号码)?[:：是为]?\s*〔(?:电话|邮箱)略〕",
    re.IGNORECASE,
)


def start_draft(text: str, kind: RecordKind | None = None, *, today: date | None = None) -> RecordDraft | None:
    """A draft of what ``text`` tells; ``None`` when it tells no wish and no ``kind`` is given.

    ``today`` resolves 明年 and its kin; without it they stay as told.
    """
    kind = kind or recognise(text)
    if kind is None or kind is RecordKind.ORGANISATION:
        return None
    return _told(RecordDraft(kind, today=today), text, whole=True)


def next_question(draft: RecordDraft) -> DraftQuestion | None:
    """The next missing field, or ``None`` when everything was told or skipped."""
    for name in _ASKED[draft.kind]:
        if not draft.value(name) and name not in draft.skipped:
            spec = field_spec(draft.kind, name)
            return DraftQuestion(name, spec.label, spec.question)
    return None


def take_answer(draft: RecordDraft, text: str) -> RecordDraft:
    """The draft after an answer to :func:`next_question`; “跳过” leaves the field open.

    What the answer tells of other missing fields is taken along. A title cannot be skipped.
    """
    question = next_question(draft)
    if question is None:
        return draft
    answer = text.strip()
    if not answer or _SKIP.match(answer):
        if field_spec(draft.kind, question.name).required:
            return draft
        return replace(draft, skipped=(*draft.skipped, question.name))
    if question.name == "owner_id":
        return replace(draft, owner=answer[:100])
    told = _told(draft, answer, whole=False)
    public, contact = _apart(answer, told.contact)
    return replace(_with(told, {question.name: _fitting(question.name, public)}, over=True), contact=contact)


def set_value(draft: RecordDraft, name: str, text: str) -> RecordDraft:
    """The draft with a field corrected by hand; raises KeyError for an unknown field."""
    spec = field_spec(draft.kind, name)
    if spec.name == "owner_id":
        return replace(draft, owner=text.strip())
    return _with(draft, {name: text.strip()}, over=True)


def draft_state(draft: RecordDraft) -> DraftState:
    """``draft`` with its lines as people read them, what is missing, and the next question."""
    asked = _ASKED[draft.kind]
    others = [value.name for value in draft.values if value.name not in asked]
    lines = tuple(
        DraftLine(name, field_spec(draft.kind, name).label, draft.value(name))
        for name in dict.fromkeys((*asked, *others))
        if draft.value(name)
    )
    return DraftState(draft, lines, tuple(missing_labels(draft)), next_question(draft))


def preview(draft: RecordDraft) -> str:
    """The draft as a user sees it before anything is saved, missing fields named."""
    state = draft_state(draft)
    lines = [f"{draft.kind.label}草稿（尚未保存）"]
    lines += [f"{line.label}：{line.text}" for line in state.lines]
    lines += [f"{label}：（未填）" for label in state.missing]
    if not draft.contact.empty:
        lines.append("联系方式：已记下，不公开")
    return "\n".join(lines)


def _told(draft: RecordDraft, text: str, *, whole: bool) -> RecordDraft:
    public, contact = _apart(text, draft.contact)
    found = extracted(draft.kind, public)
    owner = draft.owner or owner_in(public)
    if whole:
        found["title"] = title_of(draft.kind, public)
        # A bare wish is a title; the problem is still to be told.
        found["description"] = public.strip() if len(public) >= _SHORTEST_DESCRIPTION else ""
        found["fields"] = "；".join(load_taxonomy().best(found["title"], public))
    if draft.today is not None and "deadline" in found:
        years = resolve_relative_time(found["deadline"], draft.today.isoformat())
        found["deadline"] += "".join(f"（{each.year}年）" for each in years)
    kept = {name: value for name, value in found.items() if value}
    return _with(replace(draft, owner=owner, contact=contact), kept, over=False)


def _with(draft: RecordDraft, found: Mapping[str, str], *, over: bool) -> RecordDraft:
    known = {value.name: value.text for value in draft.values}
    merged = {**known, **found} if over else {**found, **known}
    return replace(draft, values=tuple(DraftValue(name, text) for name, text in merged.items() if text))


def _apart(text: str, contact: PrivateContact) -> tuple[str, PrivateContact]:
    """The public part of a text, and the contact it held: a phone number is never public text."""
    reach = [finding for finding in scan(text) if finding.kind in (FindingKind.PHONE, FindingKind.EMAIL)]
    if not reach:
        return text, contact
    for finding in reach:
        name = "phone" if finding.kind is FindingKind.PHONE else "email"
        contact = replace(contact, **{name: finding.text})
    return _LEFT_OUT.sub("", redact(text, reach)).strip("，, "), contact


def _fitting(name: str, text: str) -> str:
    """An answer as its field takes it: a level is one digit."""
    if name == "trl":
        digits = re.findall(r"[1-9]", text)
        return digits[0] if digits else ""
    return text.strip()


def missing_labels(draft: RecordDraft) -> Sequence[str]:
    """The labels of fields that are asked for and still open, skipped ones included."""
    return [field_spec(draft.kind, name).label for name in _ASKED[draft.kind] if not draft.value(name)]
