"""Where a record or a question stands, and what happens next: the words, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from bot.inquiries.records import InquiryState
from bot.market.records import CloseReason, State
from bot.web.texts import Language


@dataclass(frozen=True, slots=True)
class StateTexts:
    """The words in one language; ``{}`` marks what is filled in."""

    next_step: str
    missing: str
    too_vague: str
    historic: str
    historic_next: str
    closed_because: str
    open_to_all: str
    states: dict[State, str]
    next_steps: dict[State, str]
    reasons: dict[CloseReason, str]
    inquiry_next: dict[InquiryState, str]


CHINESE = StateTexts(
    next_step="接下来：",
    missing="草稿：还缺{}",
    too_vague="草稿：栏目填了，内容还不够具体",
    historic="历史记录",
    historic_next="只供了解，不接受意向。",
    closed_because="已结束：{}",
    open_to_all="开放，可以表达意向",
    states={state: state.label for state in State},
    next_steps={
        State.DRAFT: "补充后再提交，够 10 分且没有 0 分项就发布；现在别人看不到。",
        State.CHECKED: "检查已经通过，等工作人员发布；现在别人看不到。",
        State.PUBLISHED: "别人可以找到它；有人表达意向，这里会显示。",
        State.INTEREST: "请看“意向与引荐”，答复同意或不同意。",
        State.INTRODUCED: "双方已引荐，等双方联系见面。",
        State.MET: "双方已见面，谈成后由工作人员登记。",
        State.AGREED: "已谈成，等工作人员登记合同。",
        State.REGISTERED: "合同已登记，不用再做什么。",
        State.CLOSED: "不再接受意向；还要找伙伴，请另外登记一条。",
    },
    reasons={reason: reason.label for reason in CloseReason},
    inquiry_next={
        InquiryState.WAITING: "等工作人员答复；答复会显示在这里。",
        InquiryState.ANSWERED: "工作人员已答复，打开看答复；还可以补充。",
        InquiryState.CLOSED: "已办结；还有问题请重新提问。",
        InquiryState.WITHDRAWN: "内容已删除，不用再做什么。",
    },
)

ENGLISH = StateTexts(
    next_step="Next: ",
    missing="Draft: still missing {}",
    too_vague="Draft: filled in, but not concrete enough yet",
    historic="Past record",
    historic_next="For information only; interest is not taken.",
    closed_because="Closed: {}",
    open_to_all="Open to interest",
    states={
        State.DRAFT: "Draft",
        State.CHECKED: "Checked",
        State.PUBLISHED: "Published",
        State.INTEREST: "Somebody is interested",
        State.INTRODUCED: "Introduced",
        State.MET: "Met",
        State.AGREED: "Agreed",
        State.REGISTERED: "Contract registered",
        State.CLOSED: "Closed",
    },
    next_steps={
        State.DRAFT: "Complete and submit it again: 10 points and no zero publish it. Nobody else sees it now.",
        State.CHECKED: "It passed the check; staff will publish it. Nobody else sees it now.",
        State.PUBLISHED: "Others can find it; interest will be shown here.",
        State.INTEREST: "See “Interest and introductions” and answer yes or no.",
        State.INTRODUCED: "Both sides know each other; they get in touch.",
        State.MET: "Both sides have met; staff will note the agreement.",
        State.AGREED: "Agreed; staff will register the contract.",
        State.REGISTERED: "The contract is registered; nothing is left to do.",
        State.CLOSED: "Interest is not taken any more; register another one to go on looking.",
    },
    reasons={
        CloseReason.TOO_EARLY: "the technology is too early",
        CloseReason.BENEFIT_UNCLEAR: "the benefit is unclear",
        CloseReason.ROUTE_UNCLEAR: "the technical route is unclear",
        CloseReason.DESCRIPTION_UNCLEAR: "the description is unclear",
        CloseReason.SCIENTIFIC: "the scientific basis is too weak",
        CloseReason.NO_INTEREST: "nobody answered",
        CloseReason.NO_AGREEMENT: "no agreement was reached",
        CloseReason.WITHDRAWN: "withdrawn by its owner",
        CloseReason.EXPIRED: "expired",
        CloseReason.DUPLICATE: "registered twice",
    },
    inquiry_next={
        InquiryState.WAITING: "Staff will answer; the answer is shown here.",
        InquiryState.ANSWERED: "Staff have answered: open it to read, and to add something.",
        InquiryState.CLOSED: "Done; ask again if there is more.",
        InquiryState.WITHDRAWN: "Its contents are deleted; nothing is left to do.",
    },
)


def state_texts(language: Language) -> StateTexts:
    """The words for the page's language."""
    return ENGLISH if language is Language.ENGLISH else CHINESE
