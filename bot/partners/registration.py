"""Registering a need or offer by talking: one question at a time, nothing saved before it is confirmed.

The draft travels in :attr:`Turn.draft` and :attr:`Answer.draft`; nothing of a conversation is kept here. What a turn
is (an answer, giving up, a correction, a question of its own…) is read by meaning (:meth:`WishReader.act`). A question
of another kind is left to the ordinary answer, and the draft waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bot.lexicon import words
from bot.market.drafting import (
    HINTS,
    corrected,
    draft_state,
    names_other_field,
    next_question,
    no_preference,
    skip,
    start_draft,
    step_back,
    take_answer,
    undecided_labels,
    withhold,
)
from bot.market.fields import field_spec
from bot.market.talking import exact
from bot.market.talking.switching import switched
from bot.market.wishes import SURE, WORDS_ONLY, Act, Message, WishReader
from bot.text.tokens import fold
from bot.types import Answer, DraftState, Intent, RecordDraft, RecordKind, Turn

#: What is sent by the buttons beside a draft; typed words may say the same in other ways.
REGISTER, SKIP, ENOUGH, GIVE_UP = "登记这条", "跳过", "就这些", "不登记了"

WELCOME = "好的，我来记成一份{kind}草稿，您确认之前不会保存。"
HELP = f"不想说的可以回“{SKIP}”，想先看草稿回“{ENOUGH}”。"
TITLE_NEEDED = "名称不能略过。"
NOTED = "已记下。"
READY = "草稿已整理好，还没有保存。请核对下面的内容，点“核对并提交”，在表单里补充联系方式后发布。"
STILL_OPEN = "还可以补充：{labels}。补得越全，越容易找到合适的对象。"
UNDECIDED = "未定：{labels}。"
DROPPED = "好的，草稿已放下，没有保存任何内容。"
NOTHING_TO_DROP = "没有正在登记的草稿，也没有保存任何内容；想登记时随时告诉我。"
STEPPED_BACK = "好的，重新来。"
CHANGED = "已改好。"
WAITING = "您的{kind}草稿还在，没有保存；接下来要补的是“{label}”。"
PAUSED = "好的，草稿先放在这里，没有保存；想继续时直接回答就行。"
SEEN = "到现在填的都在下面的草稿里，还没有保存。"
SWITCHED = "已改为{kind}，原来说的都带过来了。"
MOVED = "“{labels}”在{kind}里没有这一栏，并入了说明。"
LEFT_OPEN = "好的，先空着。"
NO_LIMIT = "好的，记作不限。"
NOT_DECIDED = "好的，记作未定。"
NOT_NAMED = "好的，不写，也不公开。"

#: A turn this long is an answer or a question: nobody gives up or skips in so many words.
_LONGEST_ACT = 40
#: A mark that ends what is asked.
_ASKING_MARKS = ("?", "？")
#: Below this share a turn with a question mark is a question.
_CLEAR_ANSWER = 0.8
#: A turn outside a registration changes a draft only where that is plain.
_PLAIN = 0.6
_MONEY_FIELDS = frozenset({"budget", "price"})
#: An act is taken from this share on; there are fifteen, so that much for one is far more than for the next.
_SURE_ACT = 0.3
#: Dropping a draft wants more.
_SURE_DROP = 0.45
#: Acts that an exact answer to what was asked cannot be: “一百万以内” drops nothing.
_OVERRULED = frozenset(
    {
        Act.INDIFFERENT,
        Act.UNKNOWN,
        Act.WITHHELD,
        Act.SKIP,
        Act.GIVE_UP,
        Act.PAUSE,
        Act.BACK,
        Act.LOOK,
        Act.FINISH,
        Act.COURTESY,
    }
)
_OWN_KIND = {Act.TO_NEED: RecordKind.NEED, Act.TO_OFFER: RecordKind.OFFER}
_BUTTONS = {SKIP: Act.SKIP, ENOUGH: Act.FINISH, GIVE_UP: Act.GIVE_UP}


def continue_registration(turn: Turn, today: date, reader: WishReader = WORDS_ONLY) -> Answer | None:
    """The answer to a turn that starts or goes on with a registration; ``None`` for any other turn."""
    text = turn.question.strip()
    draft = turn.draft
    if draft is None or not draft.started:
        return _outside(turn, text, today, reader)
    act = _act(text, draft, reader)
    if act is Act.QUESTION:
        return None
    if act is Act.GIVE_UP:
        return _answer(turn, DROPPED, replace(draft, started=False), done=True)
    if act is Act.FINISH:
        return _ready(turn, draft)
    if act in _STEPS:
        lead, step = _STEPS[act]
        return _asked(turn, step(draft), lead)
    if act in (Act.INDIFFERENT, Act.UNKNOWN, Act.WITHHELD, Act.SKIP):
        return _passed(turn, draft, act)
    if act in _OWN_KIND:
        return _switched(turn, draft, _kind_meant(text, draft, _OWN_KIND[act]))
    if act is Act.CHANGE:
        changed = corrected(draft, text, reader)
        if changed is not None:
            return _asked(turn, changed, CHANGED if changed != draft else "")
    return _taken(turn, draft, text, reader)


_STEPS: Mapping[Act, tuple[str, Callable[[RecordDraft], RecordDraft]]] = {
    Act.BACK: (STEPPED_BACK, step_back),
    Act.LOOK: (SEEN, lambda draft: draft),
    Act.PAUSE: (PAUSED, lambda draft: draft),
    Act.COURTESY: ("", lambda draft: draft),
}


def _act(text: str, draft: RecordDraft, reader: WishReader) -> Act:
    """What a turn is: by its meaning, overruled only by what is exact."""
    if text in _BUTTONS:
        return _BUTTONS[text]
    if fold(text).strip(" ，,。.！!~～、呀啊啦了哦") in words("acknowledgements"):
        return Act.COURTESY
    act, share = reader.act(text)
    question = next_question(draft)
    least = _SURE_DROP if act is Act.GIVE_UP else _SURE_ACT
    if act in _OVERRULED and (
        len(text) > _LONGEST_ACT or share < least or (question and _exact(draft.kind, question.name, text))
    ):
        act = Act.ANSWER
    if act is Act.ANSWER and question and question.name in HINTS and names_other_field(draft, question.name, text):
        return Act.CHANGE
    if act is Act.ANSWER and text.endswith(_ASKING_MARKS) and share < _CLEAR_ANSWER:
        return Act.QUESTION
    return act


def _kind_meant(text: str, draft: RecordDraft, read: RecordKind) -> RecordKind:
    """The kind to change to: whoever says that the kind is wrong means the other one, whichever was ``read``."""
    denied = any(word in text for word in words("negations"))
    return draft.kind.counterpart if denied else read


def _options(kind: RecordKind, name: str) -> tuple[str, ...]:
    """The answers that a question offers in brackets: “希望怎样合作？（转让/许可）”."""
    question = field_spec(kind, name).question
    inside = question.partition("（")[2].partition("）")[0]
    return tuple(inside.split("/")) if "/" in inside else ()


def _exact(kind: RecordKind, name: str, text: str) -> bool:
    """Whether ``text`` holds the exact value that the field asked for takes."""
    if name in _MONEY_FIELDS:
        return exact.tells_money(text)
    if name == "deadline":
        return exact.tells_time(text)
    if name in ("trl", "trl_required"):
        return bool(exact.level(text))
    return any(option in text for option in _options(kind, name))


def _outside(turn: Turn, text: str, today: date, reader: WishReader) -> Answer | None:
    """A turn while no registration is under way: it may begin one, correct a draft seen, or call off nothing."""
    if text == REGISTER:
        return _begun(turn, turn.draft, None, today, reader)
    if text == GIVE_UP:
        return _answer(turn, NOTHING_TO_DROP, turn.draft, done=True)
    draft = turn.draft
    if draft is not None and draft.values:
        act, share = reader.act(text)
        if act is Act.CHANGE and share >= _PLAIN:
            changed = corrected(draft, text, reader)
            return _ready(turn, changed) if changed is not None else None
        if act in _OWN_KIND and share >= _PLAIN:
            return _switched(turn, replace(draft, started=True), _kind_meant(text, draft, _OWN_KIND[act]))
    message, share = reader.message(text)
    if share < SURE:
        return None
    if message is Message.NOT_REGISTER:
        return _answer(turn, NOTHING_TO_DROP, turn.draft, done=True)
    if message in (Message.REGISTER, Message.REGISTER_NEED, Message.REGISTER_OFFER):
        kind = {Message.REGISTER_NEED: RecordKind.NEED, Message.REGISTER_OFFER: RecordKind.OFFER}.get(message)
        return _begun(turn, draft, kind, today, reader)
    return None


def _passed(turn: Turn, draft: RecordDraft, act: Act) -> Answer:
    """The turn that leaves the field asked for without words of its own."""
    passed = {Act.INDIFFERENT: no_preference, Act.WITHHELD: withhold}.get(act, skip)(draft)
    if passed == draft:
        return _asked(turn, draft, TITLE_NEEDED if next_question(draft) is not None else "")
    if act is Act.INDIFFERENT:
        return _asked(turn, passed, NOT_DECIDED if passed.undecided != draft.undecided else NO_LIMIT)
    return _asked(turn, passed, NOT_NAMED if act is Act.WITHHELD else LEFT_OPEN)


def _switched(turn: Turn, draft: RecordDraft, kind: RecordKind) -> Answer:
    if draft.kind is kind:
        return _asked(turn, draft, "")
    other, moved = switched(draft)
    lead = SWITCHED.format(kind=kind.label)
    if moved:
        lead += MOVED.format(labels="、".join(moved), kind=kind.label)
    return _asked(turn, other, lead)


def _taken(turn: Turn, draft: RecordDraft, text: str, reader: WishReader) -> Answer:
    question = next_question(draft)
    if question is None:
        return _ready(turn, draft)
    answered = take_answer(draft, text, reader)
    if answered.asked_again == question.name:
        return _asked(turn, answered, HINTS.get(question.name, NOTED))
    return _asked(turn, answered, NOTED if answered != draft else "")


def waiting_note(draft: RecordDraft) -> str | None:
    """What to say beside another answer while a registration is under way."""
    question = next_question(draft)
    if not draft.started or question is None:
        return None
    return WAITING.format(kind=draft.kind.label, label=question.label)


def _begun(turn: Turn, draft: RecordDraft | None, kind: RecordKind | None, today: date, reader: WishReader) -> Answer:
    if draft is None:
        draft = _from_history(turn, kind, today, reader) or start_draft("", kind or RecordKind.NEED, today=today)
    assert draft is not None  # a kind is given
    if kind is not None and draft.kind is not kind:
        draft, _ = switched(draft)
    return _asked(turn, replace(draft, started=True), WELCOME.format(kind=draft.kind.label))


def _from_history(turn: Turn, kind: RecordKind | None, today: date, reader: WishReader) -> RecordDraft | None:
    """A draft of the newest wish told before; callers that keep no drafts can still go on."""
    told = next((text for text in reversed(turn.history) if reader.message(text)[0] in _TOLD), None)
    return start_draft(told, kind, today=today, reader=reader) if told is not None else None


_TOLD = (Message.NEED, Message.OFFER)


def _asked(turn: Turn, draft: RecordDraft, lead: str) -> Answer:
    question = next_question(draft)
    if question is None:
        return _ready(turn, draft)
    first = lead == WELCOME.format(kind=draft.kind.label)
    text = f"{lead}{question.text}" + (HELP if first else "")
    return _answer(turn, text, draft)


def _ready(turn: Turn, draft: RecordDraft) -> Answer:
    state = draft_state(draft)
    if not draft.value("title"):
        return _asked(turn, draft, TITLE_NEEDED)
    undecided = undecided_labels(draft)
    missing = [label for label in state.missing if label not in undecided]
    told = ((STILL_OPEN, missing), (UNDECIDED, undecided))
    notes = tuple(text.format(labels="、".join(labels)) for text, labels in told if labels)
    return _answer(turn, READY, replace(draft, started=False), notes=notes, done=True)


def _answer(
    turn: Turn, text: str, draft: RecordDraft | None, *, notes: tuple[str, ...] = (), done: bool = False
) -> Answer:
    state: DraftState | None = draft_state(draft) if draft is not None else None
    return Answer(
        question=turn.question,
        standalone_question=turn.question,
        intent=Intent.PARTNER,
        abstained=False,
        answer=text,
        notes=notes,
        draft=state,
        follow_ups=() if done else (SKIP, ENOUGH, GIVE_UP),
    )
