"""Registering a need or offer by talking: one question at a time, nothing saved before it is confirmed.

The draft travels in :attr:`Turn.draft` and :attr:`Answer.draft`; nothing of a conversation is kept here.
A question of another kind is left to the ordinary answer, and the draft waits.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.market.drafting import draft_state, next_question, start_draft, take_answer
from bot.market.wishes import recognise
from bot.types import Answer, DraftState, Intent, RecordDraft, RecordKind, Turn

#: What is sent by the buttons beside a draft; typed words may say the same in other ways.
REGISTER, SKIP, ENOUGH, GIVE_UP = "登记这条", "跳过", "就这些", "不登记了"

_REGISTER = re.compile(
    r"^(?:好的?[，,]?|那就|那|请|麻烦|帮我|我要|我想|想|要|可以)*(?:登记|发布|提交|发榜|挂出来)(?:一下)?"
    r"(?:这|该|此|我的|我们的|一)?(?:条|个|项)?(?:技术)?(?:需求|成果|草稿|能力)?(?:吧|一下|呢)?[。.!！]*$"
)
_OFFER_WORDS = re.compile(r"成果|能力|转让")
_GIVE_UP = re.compile(r"^(?:不登记了?|不发布了?|取消(?:登记|发布)?|算了(?:吧)?|退出|不填了|不用登记了?|放弃)[。.!！]*$")
_ENOUGH = re.compile(
    r"^(?:就这些|就这样|可以了|好了|没有了|填完了|写完了|完成|结束|提交(?:吧)?|确认(?:发布|登记|提交)?|发布(?:吧)?|登记(?:吧)?)[。.!！]*$"
)
_QUESTION = re.compile(
    r"[?？]\s*$|(?:吗|呢)[。!！]?$"
    r"|^(?:请问|怎么|怎样|如何|什么是|哪|谁|多少|为什么|有没有|有哪些|能不能|可不可以|是不是|是否)"
)

WELCOME = "好的，我来记成一份{kind}草稿，您确认之前不会保存。"
HELP = f"不想说的可以回“{SKIP}”，想先看草稿回“{ENOUGH}”。"
TITLE_NEEDED = "名称不能略过。"
NOTED = "已记下。"
READY = "草稿已整理好，还没有保存。请核对下面的内容，点“核对并提交”，在表单里补充联系方式后发布。"
STILL_OPEN = "还可以补充：{missing}。补得越全，越容易找到合适的对象。"
DROPPED = "好的，草稿已放下，没有保存任何内容。"
WAITING = "您的{kind}草稿还在，没有保存；接下来要补的是“{label}”。"


def continue_registration(turn: Turn, today: date) -> Answer | None:
    """The answer to a turn that starts or goes on with a registration; ``None`` for any other turn."""
    text = turn.question.strip()
    draft = turn.draft
    if draft is None or not draft.started:
        return _begun(turn, draft, today) if _REGISTER.match(text) else None
    if _GIVE_UP.match(text):
        return _answer(turn, DROPPED, replace(draft, started=False), done=True)
    if _ENOUGH.match(text):
        return _ready(turn, draft)
    if _QUESTION.search(text):
        return None
    question = next_question(draft)
    if question is None:
        return _ready(turn, draft)
    answered = take_answer(draft, text)
    if answered == draft:
        return _asked(turn, draft, TITLE_NEEDED)
    return _asked(turn, answered, NOTED)


def waiting_note(draft: RecordDraft) -> str | None:
    """What to say beside another answer while a registration is under way."""
    question = next_question(draft)
    if not draft.started or question is None:
        return None
    return WAITING.format(kind=draft.kind.label, label=question.label)


def _begun(turn: Turn, draft: RecordDraft | None, today: date) -> Answer:
    asked = RecordKind.OFFER if _OFFER_WORDS.search(turn.question) else RecordKind.NEED
    if draft is None:
        draft = _from_history(turn, today) or start_draft("", asked, today=today)
    assert draft is not None  # a kind is given
    return _asked(turn, replace(draft, started=True), WELCOME.format(kind=draft.kind.label))


def _from_history(turn: Turn, today: date) -> RecordDraft | None:
    """A draft of the newest wish told before; callers that keep no drafts can still go on."""
    told = next((text for text in reversed(turn.history) if recognise(text) is not None), None)
    return start_draft(told, today=today) if told is not None else None


def _asked(turn: Turn, draft: RecordDraft, lead: str) -> Answer:
    question = next_question(draft)
    if question is None:
        return _ready(turn, draft)
    first = not draft.skipped and lead not in (NOTED, TITLE_NEEDED)
    text = f"{lead}{question.text}" + (HELP if first else "")
    return _answer(turn, text, draft)


def _ready(turn: Turn, draft: RecordDraft) -> Answer:
    state = draft_state(draft)
    if not draft.value("title"):
        return _asked(turn, draft, TITLE_NEEDED)
    notes = (STILL_OPEN.format(missing="、".join(state.missing)),) if state.missing else ()
    return _answer(turn, READY, replace(draft, started=False), notes=notes, done=True)


def _answer(turn: Turn, text: str, draft: RecordDraft, *, notes: tuple[str, ...] = (), done: bool = False) -> Answer:
    state: DraftState = draft_state(draft)
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
