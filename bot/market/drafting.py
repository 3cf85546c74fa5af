"""From a wish told in conversation to a draft record: what was said, what is missing, nothing saved.

A draft is a frozen value that the page keeps between turns; what stands in it are the user's own words, read by
meaning (:mod:`bot.market.wishes`). Saving is :meth:`Market.submit`, after the user has seen the draft and said yes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.market.fields import FIELDS, Answer, asked_fields, field_spec
from bot.market.talking import exact
from bot.market.talking.contact import apart
from bot.market.talking.correcting import correction, named_first
from bot.market.taxonomy import load_taxonomy
from bot.market.wishes import FIELD_SHARE, WORDS_ONLY, Act, WishReader, checked_length
from bot.text.relative_time import resolve_relative_time
from bot.types import DraftLine, DraftQuestion, DraftState, DraftValue, RecordDraft, RecordKind

#: Asked in this order, one at a time: what the quality gate weighs most comes first.
ASKED: Mapping[RecordKind, tuple[str, ...]] = {
    kind: tuple(spec.name for spec in asked_fields(kind)) for kind in (RecordKind.NEED, RecordKind.OFFER)
}
#: Fields where having no preference is a value of its own.
OPEN_FIELDS = frozenset({"region", "solver_region", "cooperation", "ip_ownership"})
NO_PREFERENCE = "不限"
#: Said when an answer does not look like one; without figures, for an answer's figures are all from documents.
_HINTS: Mapping[Answer, str] = {
    Answer.MONEY: "没看出金额，说个大概就行，也可以说“面议”。",
    Answer.TIME: "没看出时间，可以说“明年底”“半年内”这样的大概时间。",
    Answer.PLACE: "没看出地区，请说省、市或区县的名字，也可以说“不限”。",
    Answer.ORGANISATION: "没看出单位，请说单位的名称。",
    Answer.LEVEL: "没看出级别，请说一个数字，不确定可以跳过。",
}
HINTS: Mapping[str, str] = {
    spec.name: _HINTS[spec.answer] for specs in FIELDS.values() for spec in specs if spec.answer in _HINTS
}
#: A short name without any figure may be a place or a unit that no list has.
_SHORT_NAME = 6
#: An answer that tells of another field this surely is none to what was asked.
_OTHER_FIELD = 0.6
#: What an answer tells of a field that was not asked for is taken along from this share on.
_ALONG = 0.75
_MAX_OWNER = 100
#: What any text may answer.
_ANY_TEXT = ("title", "description", "indicators", "benefit", "trl", "trl_evidence")


def start_draft(
    text: str, kind: RecordKind | None = None, *, today: date | None = None, reader: WishReader = WORDS_ONLY
) -> RecordDraft | None:
    """A draft of what ``text`` tells; ``None`` when it tells no wish and no ``kind`` is given.

    ``today`` resolves 明年 and its kin; without it they stay as told. Raises :class:`UsageError` for a text of more
    than 4,000 characters.
    """
    kind = kind or reader.recognise(checked_length(text))
    if kind is None or kind is RecordKind.ORGANISATION:
        return None
    return _told(RecordDraft(kind, today=today), text, reader, whole=True)


def next_question(draft: RecordDraft) -> DraftQuestion | None:
    """The next missing field, or ``None`` when everything was told or passed over."""
    for name in ASKED[draft.kind]:
        if not draft.value(name) and name not in draft.skipped and name not in draft.undecided:
            spec = field_spec(draft.kind, name)
            return DraftQuestion(name, spec.label, spec.question)
    return None


def take_answer(draft: RecordDraft, text: str, reader: WishReader = WORDS_ONLY) -> RecordDraft:
    """The draft after an answer to :func:`next_question`.

    What the answer tells of other missing fields is taken along. An answer that does not look like one leaves its
    field open once, marked in ``asked_again``.
    """
    question = next_question(draft)
    if question is None or not text.strip():
        return draft
    public, contact = apart(checked_length(text), draft.contact)
    draft = replace(draft, contact=contact)
    if not public:
        return draft
    name = question.name
    told = _told(draft, public, reader, whole=False)
    value = _fitting(name, public, reader)
    if not value or not _plausible(draft, name, public, reader):
        if draft.asked_again != name:
            return replace(_kept_elsewhere(told, public, reader), asked_again=name)
        if not value:
            return _passed(told, name)
    if name == "title":
        # The first answer is often the whole wish.
        told = _with(told, _described(draft, public, value, reader), over=False)
    return replace(_set(told, name, value), last=name, asked_again="")


def skip(draft: RecordDraft) -> RecordDraft:
    """The draft with the field asked for left open (待补充); unchanged for a title, which cannot be left out."""
    question = next_question(draft)
    if question is None or field_spec(draft.kind, question.name).required:
        return draft
    return _passed(draft, question.name)


def no_preference(draft: RecordDraft) -> RecordDraft:
    """The draft after “随便”: 不限 where the field has such a meaning, else left empty and marked 未定."""
    question = next_question(draft)
    if question is None or field_spec(draft.kind, question.name).required:
        return draft
    if question.name in OPEN_FIELDS:
        return replace(_set(draft, question.name, NO_PREFERENCE), last=question.name, asked_again="")
    return replace(draft, undecided=(*draft.undecided, question.name), last=question.name, asked_again="")


def withhold(draft: RecordDraft) -> RecordDraft:
    """The draft after “保密”: the field stays empty; a unit that is not to be named makes the record confidential."""
    question = next_question(draft)
    skipped = skip(draft)
    if question is not None and question.name == "owner_id":
        return _with(skipped, {"confidentiality": "保密"}, over=True)
    return skipped


def _passed(draft: RecordDraft, name: str) -> RecordDraft:
    return replace(draft, skipped=(*draft.skipped, name), last=name, asked_again="")


def step_back(draft: RecordDraft) -> RecordDraft:
    """The draft without the answer given last, which is then asked for again; unchanged when there is none."""
    asked = ASKED[draft.kind]
    question = next_question(draft)
    before = asked[: asked.index(question.name)] if question is not None else asked
    passed = (*draft.skipped, *draft.undecided)
    name = draft.last or next((each for each in reversed(before) if draft.value(each) or each in passed), "")
    return reopened(draft, name) if name else draft


def reopened(draft: RecordDraft, name: str) -> RecordDraft:
    """The draft with ``name`` empty again, to be asked for."""
    return replace(
        draft,
        values=tuple(value for value in draft.values if value.name != name),
        skipped=tuple(each for each in draft.skipped if each != name),
        undecided=tuple(each for each in draft.undecided if each != name),
        owner="" if name == "owner_id" else draft.owner,
        last="",
        asked_again="",
    )


def set_value(draft: RecordDraft, name: str, text: str) -> RecordDraft:
    """The draft with a field corrected by hand; raises KeyError for an unknown field."""
    spec = field_spec(draft.kind, name)
    public, contact = apart(checked_length(text), draft.contact)
    value = _fitting(name, public) if public else ""
    draft = replace(draft, contact=contact)
    if not value:
        return draft
    draft = replace(reopened(draft, spec.name), last=name)
    return _set(draft, name, value)


def corrected(draft: RecordDraft, text: str, reader: WishReader = WORDS_ONLY) -> RecordDraft | None:
    """The draft after “预算改为…”; a field named without its value is asked again; ``None`` when it names none.

    Without a name it is the field that the value tells of, else the one answered last.
    """
    found = correction(text, draft.kind, draft.last, reader)
    if found is None:
        return None
    if found.field.startswith("contact_"):
        name = found.field.removeprefix("contact_")
        return replace(draft, contact=replace(draft.contact, **{name: found.value})) if found.value else None
    if not found.value:
        return reopened(draft, found.field)
    if found.field in OPEN_FIELDS and reader.act(found.value)[0] is Act.INDIFFERENT:
        return set_value(draft, found.field, NO_PREFERENCE)
    return set_value(draft, found.field, found.value)


def names_other_field(draft: RecordDraft, asked: str, text: str) -> bool:
    """Whether ``text`` begins with the name of another field than the one ``asked`` for: 指标提高到… is no region."""
    name = named_first(text, draft.kind)
    return bool(name) and name != asked


def draft_state(draft: RecordDraft) -> DraftState:
    """``draft`` with its lines as people read them, what is missing, and the next question."""
    asked = ASKED[draft.kind]
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
    undecided = undecided_labels(draft)
    lines += [f"{label}：{'（未定）' if label in undecided else '（未填）'}" for label in state.missing]
    if not draft.contact.empty:
        lines.append("联系方式：已记下，不公开")
    return "\n".join(lines)


def missing_labels(draft: RecordDraft) -> Sequence[str]:
    """The labels of fields that are asked for and still open, those passed over included."""
    return [field_spec(draft.kind, name).label for name in ASKED[draft.kind] if not draft.value(name)]


def undecided_labels(draft: RecordDraft) -> Sequence[str]:
    """The labels of open fields whose teller has no preference."""
    return [field_spec(draft.kind, name).label for name in draft.undecided if not draft.value(name)]


def _told(draft: RecordDraft, text: str, reader: WishReader, *, whole: bool) -> RecordDraft:
    public, contact = apart(text, draft.contact)
    found = reader.extracted(draft.kind, public, FIELD_SHARE if whole else _ALONG)
    owner = draft.owner or found.pop("owner_id", "")[:_MAX_OWNER]
    found.pop("owner_id", None)
    if whole:
        found["fields"] = "；".join(load_taxonomy().best(found.get("title", ""), public))
    else:
        # An answer belongs where it was asked for; what it tells besides is taken along where that is exact.
        found = {name: value for name, value in found.items() if name not in ("title", "description")}
    if draft.today is not None and "deadline" in found:
        years = resolve_relative_time(found["deadline"], draft.today.isoformat())
        found["deadline"] += "".join(f"（{each.year}年）" for each in years)
    return _with(replace(draft, owner=owner, contact=contact), found, over=False)


def _kept_elsewhere(draft: RecordDraft, text: str, reader: WishReader) -> RecordDraft:
    """The draft with an answer to another question added to the field it tells of, which may hold words already."""
    guess = reader.field(draft.kind, text)
    held = draft.value(guess.name)
    if guess.share < _OTHER_FIELD or guess.name not in ASKED[draft.kind] or guess.name in ("title", "owner_id"):
        return draft
    value = exact.value(guess.name, text)
    if not value or value in held or (held and guess.name not in _ANY_TEXT):
        return draft
    return _with(draft, {guess.name: "，".join(filter(None, (held, value)))}, over=True)


def _described(draft: RecordDraft, text: str, title: str, reader: WishReader) -> dict[str, str]:
    """What a title's answer says of the problem."""
    description = reader.extracted(draft.kind, text).get("description", "")
    return {"description": description} if description and description != title else {}


def _with(draft: RecordDraft, found: Mapping[str, str], *, over: bool) -> RecordDraft:
    known = {value.name: value.text for value in draft.values}
    merged = {**known, **found} if over else {**found, **known}
    return replace(draft, values=tuple(DraftValue(name, text) for name, text in merged.items() if text))


def _set(draft: RecordDraft, name: str, value: str) -> RecordDraft:
    return replace(draft, owner=value[:_MAX_OWNER]) if name == "owner_id" else _with(draft, {name: value}, over=True)


def _fitting(name: str, text: str, reader: WishReader | None = None) -> str:
    """An answer as its field takes it; empty when it holds none."""
    if name == "region":
        return exact.place(text) or text.strip("。，, ")
    if name == "title" and reader is not None:
        return reader.extracted(RecordKind.NEED, text).get("title", "") or text.strip("。，, ")[:40]
    return exact.value(name, text.strip())


def _plausible(draft: RecordDraft, name: str, text: str, reader: WishReader) -> bool:
    """Whether ``text`` looks like an answer to the field; any text does for most."""
    if name in _ANY_TEXT:
        return True
    if name not in HINTS:
        guess = reader.field(draft.kind, text)
        return guess.name not in ASKED[draft.kind] or guess.name in (name, "description") or guess.share < _OTHER_FIELD
    readable = {Answer.MONEY: exact.tells_money, Answer.TIME: exact.tells_time}.get(field_spec(draft.kind, name).answer)
    if readable is not None and readable(text):
        return True
    if name == "region" and exact.place(text):
        return True
    guess = reader.field(draft.kind, text)
    if guess.name == name:
        return True
    if name in ("region", "owner_id"):
        return len(text) <= _SHORT_NAME and guess.share < _OTHER_FIELD and not exact.tells_time(text)
    return False
