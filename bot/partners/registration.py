"""Registering a need or offer by talking: one question at a time, nothing saved before it is confirmed.

The draft travels in :attr:`Turn.draft` and :attr:`Answer.draft`; nothing of a conversation is kept here.
A question of another kind is left to the ordinary answer, and the draft waits.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.lexicon import words
from bot.market.drafting import HINTS, corrected, draft_state, next_question, start_draft, step_back, take_answer
from bot.market.wishes import recognise
from bot.text.tokens import fold
from bot.types import Answer, DraftState, Intent, RecordDraft, RecordKind, Turn

#: What is sent by the buttons beside a draft; typed words may say the same in other ways.
REGISTER, SKIP, ENOUGH, GIVE_UP = "登记这条", "跳过", "就这些", "不登记了"

_REGISTER = re.compile(
    r"^(?:好的?[，,]?|那就|那|请|麻烦|帮我|我要|我想|想|要|可以)*(?:登记|发布|提交|发榜|挂出来)(?:一下)?"
    r"(?:这|该|此|我的|我们的|一)?(?:条|个|项)?(?:技术)?(?:需求|成果|草稿|能力)?(?:吧|一下|呢)?[。.!！]*$"
)
_OFFER_WORDS = re.compile(r"成果|能力|转让")
#: Said whether or not a draft is under way; the others only where there is one.
_NOT_REGISTERING = (
    r"不(?:想|要|打算|用|需要|准备)?再?(?:登记|发布|提交|弄|搞|录|写|填(?=了|啦))(?:这个|这条|它|需求|成果)?(?:了|啦)?"
)
_LEAD = r"^(?:那|嗯|好吧?|我们?|还是|先|暂时|就|不好意思|[，,\s])*"
_THANKS = r"(?:吧|了|啦|算了|再说|[，,。.!！~～\s]|谢谢[你您]?|多谢|麻烦[你您]?了|(?<=[了啦])[，,].{1,12})*$"
_GIVE_UP = re.compile(
    rf"{_LEAD}(?:{_NOT_REGISTERING}|取消(?:登记|发布)?|算了|退出|放弃(?:登记|发布)?|停止|终止|到此为止|下次再[说弄填来]|改天再[说弄填来])"
    rf"{_THANKS}"
)
_NOTHING_LEFT = re.compile(rf"{_LEAD}(?:{_NOT_REGISTERING}|取消(?:登记|发布)|放弃(?:登记|发布)){_THANKS}")
_ENOUGH = re.compile(
    r"^(?:就这些|就这样|可以了|好了|没有了|填完了|写完了|完成|结束|提交(?:吧)?|确认(?:发布|登记|提交)?|发布(?:吧)?|登记(?:吧)?)[。.!！]*$"
)
_BACK = re.compile(
    r"^(?:等等|等一下|不对|哎|啊|不好意思|抱歉|我|刚才|刚刚|上面|前面|[，,\s])*"
    r"(?:(?:说|填|写|讲|打|弄)错了?|错了|上一步|上一[题个条]|返回|退回|回退|撤销|重新说|改一下上一[个条])[吧了啦。.!！\s]*$"
)
#: Words of courtesy or assent: nothing to write down.
_EMPTY = re.compile(
    r"^(?:嗯|哦|噢|喔|啊|呵|哈|行|好|对|是|的|呢|呀|吧|可以|没问题|ok|收到|[，,。.!！~～…\s])+$", re.IGNORECASE
)
_QUESTION = re.compile(
    r"[?？]\s*$|(?:吗|呢)[。!！]?$"
    r"|^(?:请问|怎么|怎样|如何|什么是|哪|谁|多少|为什么|有没有|有哪些|能不能|可不可以|是不是|是否)"
)
_ASKS = r"(?:怎么|怎样|如何|咋|什么|啥|哪[里儿些个家种]|多少|谁|几[时天年点号]|何时|能不能|可不可以|是不是|有没有|是否)"
#: Said without a question mark: of policy, or a short clause that ends in what it asks.
_POLICY = (
    r"(?:贷款|补贴|补助|政策|申请|申报|公寓|落户|奖励|资助|扶持|报名|办理|审核|收费|费用|入驻|签证|优惠|揭榜"
    r"|支持|你们|平台)"
)
_BARE_QUESTION = re.compile(
    rf"^(?=[^，。]*{_POLICY})(?!.*(?:不知道|不清楚|卡在|没什么|没有什么|难在|不管|无论)).*{_ASKS}(?![都也])"
    r"|^(?!.*(?:不知道|不清楚|卡在|没有?什么))[^，。]{0,8}(?:怎么(?:办|弄|走|算|报|收)|多少钱?|在哪[里儿]?|什么时候|是谁|是什么|有什么|有哪些)[^，。]{0,4}$"
)

WELCOME = "好的，我来记成一份{kind}草稿，您确认之前不会保存。"
HELP = f"不想说的可以回“{SKIP}”，想先看草稿回“{ENOUGH}”。"
TITLE_NEEDED = "名称不能略过。"
NOTED = "已记下。"
READY = "草稿已整理好，还没有保存。请核对下面的内容，点“核对并提交”，在表单里补充联系方式后发布。"
STILL_OPEN = "还可以补充：{missing}。补得越全，越容易找到合适的对象。"
DROPPED = "好的，草稿已放下，没有保存任何内容。"
NOTHING_TO_DROP = "没有正在登记的草稿，也没有保存任何内容；想登记时随时告诉我。"
STEPPED_BACK = "好的，重新来。"
CHANGED = "已改好。"
WAITING = "您的{kind}草稿还在，没有保存；接下来要补的是“{label}”。"


def continue_registration(turn: Turn, today: date) -> Answer | None:
    """The answer to a turn that starts or goes on with a registration; ``None`` for any other turn."""
    text = turn.question.strip()
    draft = turn.draft
    if draft is None or not draft.started:
        return _outside(turn, text, today)
    if _GIVE_UP.match(text):
        return _answer(turn, DROPPED, replace(draft, started=False), done=True)
    if _ENOUGH.match(text):
        return _ready(turn, draft)
    if _BACK.match(text):
        return _asked(turn, step_back(draft), STEPPED_BACK)
    changed = corrected(draft, text)
    if changed is not None:
        return _asked(turn, changed, CHANGED if changed != draft else "")
    if _EMPTY.match(text) or fold(text).strip(" ，,。.！!~～、呀啊啦了哦") in words("acknowledgements"):
        return _asked(turn, draft, "")
    if _QUESTION.search(text) or _BARE_QUESTION.search(text):
        return None
    return _taken(turn, draft, text)


def _outside(turn: Turn, text: str, today: date) -> Answer | None:
    """A turn while no registration is under way: it may begin one, correct a draft seen, or call off nothing."""
    if _REGISTER.match(text):
        return _begun(turn, turn.draft, today)
    if _NOTHING_LEFT.match(text):
        return _answer(turn, NOTHING_TO_DROP, turn.draft, done=True)
    changed = corrected(turn.draft, text) if turn.draft is not None and turn.draft.values else None
    return _ready(turn, changed) if changed is not None else None


def _taken(turn: Turn, draft: RecordDraft, text: str) -> Answer:
    question = next_question(draft)
    if question is None:
        return _ready(turn, draft)
    answered = take_answer(draft, text)
    if answered == draft:
        return _asked(turn, draft, TITLE_NEEDED)
    if answered.asked_again == question.name:
        return _asked(turn, answered, HINTS[question.name])
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
    first = lead == WELCOME.format(kind=draft.kind.label)
    text = f"{lead}{question.text}" + (HELP if first else "")
    return _answer(turn, text, draft)


def _ready(turn: Turn, draft: RecordDraft) -> Answer:
    state = draft_state(draft)
    if not draft.value("title"):
        return _asked(turn, draft, TITLE_NEEDED)
    notes = (STILL_OPEN.format(missing="、".join(state.missing)),) if state.missing else ()
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
