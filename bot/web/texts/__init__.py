"""Every word of the page's frame, in Chinese and in English.

Document text, answers and examples stay in the language they are written in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.types import Mode, Status
from bot.web.texts.arriving import ARRIVING_CHINESE, ARRIVING_ENGLISH, ArrivingTexts
from bot.web.texts.help import HELP_CHINESE, HELP_ENGLISH, HelpTexts
from bot.web.texts.kept import KEPT_CHINESE, KEPT_ENGLISH, KeptTexts


class Language(StrEnum):
    """Languages of the page's frame; the values are HTML language tags."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of the frame in one language; ``{}`` marks what is filled in."""

    language: Language
    colon: str
    service: str
    tagline: str
    documents_until: str
    mode_offline: str
    mode_model: str
    mode_offline_hint: str
    mode_model_hint: str
    menu: str
    skip_to_content: str
    new_conversation: str
    switch_language: str
    welcome: str
    purpose: str
    limits: str
    placeholder: str
    question_label: str
    send: str
    stop: str
    keys: str
    you: str
    assistant: str
    understood_as: str
    waiting: str
    stopped: str
    unexpected: str
    told_in_chinese: str
    empty_question: str
    connection_lost: str
    answered_offline: str
    answered_model: str
    summary_label: str
    no_answer: str
    correction: str
    computed: str
    conflict: str
    conflict_hint: str
    conflict_counts: str
    conflict_other: str
    conflict_settled_hint: str
    contacts: str
    contact_for: str
    phone: str
    address: str
    partners: str
    region: str
    not_stated: str
    as_of: str
    more: str
    evidence: str
    evidence_of_answer: str
    evidence_empty: str
    evidence_none: str
    evidence_changed: str
    see_evidence: str
    verbatim: str
    own_words: str
    own_words_unnamed: str
    from_news: str
    source_page: str
    whole_document: str
    back_to_evidence: str
    document_cut: str
    document_failed: str
    close: str
    copy: str
    copy_passage: str
    copied: str
    copy_failed: str
    copy_question: str
    useful: str
    not_useful: str
    reason_label: str
    reason_placeholder: str
    reasons: tuple[str, ...]
    submit_reason: str
    cancel: str
    feedback_thanks: str
    feedback_failed: str
    follow_ups: str
    kept: KeptTexts
    arriving: ArrivingTexts
    help: HelpTexts
    statuses: dict[Status, str]

    def mode(self, mode: Mode) -> str:
        """The name of a mode."""
        return self.mode_model if mode is Mode.LLM else self.mode_offline


CHINESE = Texts(
    language=Language.CHINESE,
    colon="：",
    service="{}",
    tagline="产学研政策 · 找伙伴 · 找联系人",
    documents_until="资料截至 {}",
    mode_offline="离线",
    mode_model="模型",
    mode_offline_hint="离线：答案由程序从文件中摘取，不经任何外部服务",
    mode_model_hint="模型：语言模型只选哪几段原文回答，显示的文字都取自文件",
    menu="菜单",
    skip_to_content="跳到正文",
    new_conversation="新对话",
    switch_language="界面语言",
    welcome="您想了解什么？",
    purpose="回答只依据已收录的文件，每句话都可以点开出处。",
    limits="文件没有写明的，助手会直说，不作推测；也不代替受理部门的正式答复。",
    placeholder="请输入问题……",
    question_label="问题",
    send="发送",
    stop="停止",
    keys="Enter 发送，Shift + Enter 换行",
    you="您问",
    assistant="答复",
    understood_as="按此理解：{}",
    waiting="正在查阅文件……",
    stopped="已停止。",
    unexpected="程序没能作答，这不是您的问题。请再试一次；若仍然如此，请把问题和时间告诉工作人员。",
    told_in_chinese="{}",
    empty_question="请先输入问题。",
    connection_lost="与服务器的连接断了，正在重连。已有的答复和没发出的话都还在，请稍后再发送。",
    answered_offline="离线作答",
    answered_model="模型选取的原文",
    summary_label="模型改写，以原文为准",
    no_answer="没有可以显示的内容。",
    correction="您提到“{asked}”，文件写的是“{stated}”。",
    computed="“{text}”由程序按所列条目计数，不是文件原话。",
    conflict="文件之间说法不一：{}",
    conflict_hint="助手不作取舍；办事前请向发文机关核实。",
    conflict_counts="工作人员核对后以此为准",
    conflict_other="另有说法",
    conflict_settled_hint="先后由工作人员核对后定；办事前仍请向发文机关核实。",
    contacts="联系方式",
    contact_for="用途",
    phone="电话",
    address="地址",
    partners="可能的合作方",
    region="地区",
    not_stated="文件未写明",
    as_of="截至 {}",
    more="另有 {} 条说明",
    evidence="依据",
    evidence_of_answer="依据 {}",
    evidence_empty="答案中的 [1] 是依据的编号。点一下，这里就显示文件里的那句话。",
    evidence_none="这次答复没有引用文件。",
    evidence_changed="文件在作答之后有更新，以下是作答时引用的原话。",
    see_evidence="查看依据 {marker}：{title}",
    verbatim="原文",
    own_words="据{}整理，非原文",
    own_words_unnamed="据公开资料整理，非原文",
    from_news="新闻报道",
    source_page="来源页面",
    whole_document="看全文",
    back_to_evidence="返回依据",
    document_cut="文件较长，这里只显示引文前后的部分。",
    document_failed="打不开这份文件，请稍后再试。",
    close="关闭",
    copy="复制（含依据）",
    copy_passage="复制",
    copied="已复制",
    copy_failed="浏览器不允许复制，请选中文字后按 Ctrl + C。",
    copy_question="问：",
    useful="有用",
    not_useful="没用",
    reason_label="哪里不好？（可不填）",
    reason_placeholder="例如：问的是条件，答的是金额",
    reasons=("答非所问", "数字或日期不对", "依据对不上", "内容过时"),
    submit_reason="提交",
    cancel="取消",
    feedback_thanks="已记录，谢谢您的意见。",
    feedback_failed="意见没有存上，请稍后再试。",
    kept=KEPT_CHINESE,
    arriving=ARRIVING_CHINESE,
    help=HELP_CHINESE,
    follow_ups="接着问",
    statuses={
        Status.EXPIRED: "已过期",
        Status.SUPERSEDED: "已被替代",
        Status.DRAFT: "草案",
        Status.PLANNED: "计划中",
        Status.UNDER_CONSTRUCTION: "建设中",
        Status.PILOT: "试点",
        Status.COMPLETED: "已结束",
        Status.IN_FORCE: "施行中",
        Status.REPORTED: "按文件所述",
        Status.UNKNOWN: "状态未写明",
    },
)

ENGLISH = Texts(
    language=Language.ENGLISH,
    colon=": ",
    service="Technology Transfer Assistant",
    tagline="Policies · Partners · Contacts",
    documents_until="As of {}",
    mode_offline="Offline",
    mode_model="Model",
    mode_offline_hint="Offline: answers are taken from the documents by rule; no outside service is used",
    mode_model_hint="Model: a language model only chooses the passages; what is shown stands in the documents",
    menu="Menu",
    skip_to_content="Skip to content",
    new_conversation="New chat",
    switch_language="Interface language",
    welcome="What would you like to know?",
    purpose="Answers rest on the documents on file alone, and every sentence can be traced to its source.",
    limits="What the documents do not state, the assistant says so and does not guess; it does not stand "
    "in for an office's own reply.",
    placeholder="Ask a question…",
    question_label="Question",
    send="Send",
    stop="Stop",
    keys="Enter to send, Shift + Enter for a new line",
    you="You",
    assistant="Answer",
    understood_as="Understood as: {}",
    waiting="Reading the documents…",
    stopped="Stopped.",
    unexpected="The program could not answer, through no fault of yours. Please try again; if it happens "
    "again, tell the staff your question and the time.",
    told_in_chinese="This could not be done. The reason, in Chinese: {}",
    empty_question="Please enter a question first.",
    connection_lost="The connection to the server is lost; reconnecting. The answers and what you typed are still "
    "here: please send again in a moment.",
    answered_offline="Answered offline",
    answered_model="Passages chosen by a model",
    summary_label="Reworded by a model; the original wording is what counts",
    no_answer="There is nothing to show.",
    correction="You mention “{asked}”; the document says “{stated}”.",
    computed="“{text}” was counted by the program over the items listed; no document says it.",
    conflict="The documents disagree: {}",
    conflict_hint="The assistant does not choose; please check with the issuing body.",
    conflict_counts="What counts, as the office checked",
    conflict_other="Also said",
    conflict_settled_hint="The office checked and put one first; please still check with the issuing body.",
    contacts="Contact",
    contact_for="For",
    phone="Phone",
    address="Address",
    partners="Possible partners",
    region="Region",
    not_stated="Not stated in the documents",
    as_of="as of {}",
    more="More notes ({})",
    evidence="Evidence",
    evidence_of_answer="Evidence {}",
    evidence_empty="A number such as [1] in an answer is a piece of evidence. Select it, and the sentence "
    "of the document is shown here.",
    evidence_none="This answer cites no document.",
    evidence_changed="The document has changed since; below are the words cited at the time.",
    see_evidence="Show evidence {marker}: {title}",
    verbatim="Original text",
    own_words="Compiled from {}, not the original text",
    own_words_unnamed="Compiled from public sources, not the original text",
    from_news="News report",
    source_page="Source page",
    whole_document="Whole document",
    back_to_evidence="Back to the evidence",
    document_cut="This is a long document; only the part around the quotation is shown.",
    document_failed="This document cannot be opened right now.",
    close="Close",
    copy="Copy with evidence",
    copy_passage="Copy",
    copied="Copied",
    copy_failed="The browser does not allow copying. Select the text and press Ctrl + C.",
    copy_question="Question: ",
    useful="Useful",
    not_useful="Not useful",
    reason_label="What was wrong? (optional)",
    reason_placeholder="For example: I asked for the conditions and got the amount",
    reasons=("Beside the point", "Wrong figure or date", "Evidence does not fit", "Out of date"),
    submit_reason="Submit",
    cancel="Cancel",
    feedback_thanks="Noted, thank you.",
    feedback_failed="Your feedback could not be saved. Please try again later.",
    kept=KEPT_ENGLISH,
    arriving=ARRIVING_ENGLISH,
    help=HELP_ENGLISH,
    follow_ups="Ask next",
    statuses={
        Status.EXPIRED: "Expired",
        Status.SUPERSEDED: "Superseded",
        Status.DRAFT: "Draft",
        Status.PLANNED: "Planned",
        Status.UNDER_CONSTRUCTION: "Under construction",
        Status.PILOT: "Pilot",
        Status.COMPLETED: "Completed",
        Status.IN_FORCE: "In force",
        Status.REPORTED: "As reported",
        Status.UNKNOWN: "Status not stated",
    },
)


def texts_for(language: str) -> Texts:
    """The words for a language tag; anything but English reads Chinese."""
    return ENGLISH if language == Language.ENGLISH else CHINESE
