"""Every word of the forms for questions left to the office, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from bot.inquiries.records import InquiryState, Writer
from bot.web.texts import Language


@dataclass(frozen=True, slots=True)
class InquiryTexts:
    """The words in one language; ``{}`` marks what is filled in."""

    ask_office: str
    heading: str
    hint: str
    question: str
    with_conversation: str
    agreement: str
    send: str
    left: str
    receipt: str
    waiting_hint: str
    conversation: str
    add: str
    add_send: str
    withdraw: str
    withdraw_confirm: str
    withdrawn: str
    added: str
    states: dict[InquiryState, str]
    writers: dict[Writer, str]


CHINESE = InquiryTexts(
    ask_office="请工作人员答复",
    heading="留给工作人员",
    hint="问题和联系方式只给本单位的工作人员看，不公开。答复凭回执码在“我的回执”里看，工作人员也可能打电话或写邮件给您。",
    question="要问的问题",
    with_conversation="附上刚才的问答，省得再说一遍",
    agreement="同意把以上内容和联系方式交给工作人员，只用来答复这个问题",
    send="提交",
    left="已提交",
    receipt="请记下回执码，凭它查看答复、补充或撤回。它只显示这一次。",
    waiting_hint="工作人员答复后，会显示在这里。",
    conversation="附上的问答（{}）",
    add="补充一句",
    add_send="发送",
    withdraw="撤回并删除",
    withdraw_confirm="撤回后，问题、往来和联系方式都会删除，不能恢复。继续吗？",
    withdrawn="已撤回，内容和联系方式已删除。",
    added="已发送。",
    states={state: state.label for state in InquiryState},
    writers={Writer.ASKER: "您", Writer.OFFICE: "工作人员"},
)

ENGLISH = InquiryTexts(
    ask_office="Ask the office",
    heading="Leave it to the office",
    hint="Only this office's staff read your question and contact; nothing is published. The answer waits under your "
    "receipt code in “My receipts”; staff may also call or write.",
    question="Your question",
    with_conversation="Send the questions and answers above along",
    agreement="I agree that staff receive this and my contact, to answer this question only",
    send="Submit",
    left="Submitted",
    receipt="Please note the receipt code: it opens the answer and withdraws the question. It is shown once only.",
    waiting_hint="The answer will be shown here.",
    conversation="Questions and answers sent along ({})",
    add="Add a message",
    add_send="Send",
    withdraw="Withdraw and delete",
    withdraw_confirm="The question, all messages and your contact will be deleted for good. Go on?",
    withdrawn="Withdrawn; the contents and your contact are deleted.",
    added="Sent.",
    states={
        InquiryState.WAITING: "Waiting for an answer",
        InquiryState.ANSWERED: "Answered",
        InquiryState.CLOSED: "Closed",
        InquiryState.WITHDRAWN: "Withdrawn",
    },
    writers={Writer.ASKER: "You", Writer.OFFICE: "Office"},
)


def inquiry_texts(language: Language) -> InquiryTexts:
    """The words for the page's language."""
    return ENGLISH if language is Language.ENGLISH else CHINESE
