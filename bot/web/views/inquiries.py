"""Questions left to the office: the form below an answer, and what a receipt of one opens."""

from __future__ import annotations

from collections.abc import Sequence

from bot.inquiries.office import LONGEST_MESSAGE
from bot.inquiries.records import Exchanged, Inquiry, InquiryState, Message, Writer
from bot.text.moments import to_the_minute
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.texts import Texts
from bot.web.texts.inquiries import InquiryTexts, inquiry_texts
from bot.web.texts.states import state_texts
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import action_button, action_form, hidden, submit_button
from bot.web.views.fields import contact_inputs, text_input
from bot.web.views.publishing import CLAIMED, receipt_card


def inquiry_form(question: str, region: str, texts: ViewTexts) -> Html:
    """The form; the page's script puts the conversation into its hidden entry."""
    words = inquiry_texts(texts.language)
    return action_form(
        "inquire",
        region,
        tag("h3", text(words.heading), tabindex="-1"),
        tag("p", text(words.hint), class_="field-hint"),
        text_input("question", f"{region}-question", words.question, value=question, maxlength=LONGEST_MESSAGE),
        tag("input", type="hidden", name_="conversation", data_conversation=True),
        _checkbox("with_conversation", f"{region}-with", words.with_conversation, checked=True),
        contact_inputs(region, {}, texts),
        _checkbox("agreed", f"{region}-agreed", words.agreement, required=True),
        tag("div", submit_button(words.send), class_="card-buttons"),
        identifier=f"{region}-form",
    )


def _checkbox(name: str, identifier: str, label: str, *, checked: bool = False, required: bool = False) -> Html:
    box = tag("input", type="checkbox", id=identifier, name_=name, value="yes", checked=checked, required=required)
    return tag("div", box, tag("label", text(label), for_=identifier), class_="field field-check")


def left(receipt: str, texts: ViewTexts, *, again: bool = False) -> Html:
    """What is shown when a question is on the office's list: the receipt, once."""
    words = inquiry_texts(texts.language)
    return tag(
        "section",
        tag("h3", text(words.left), tabindex="-1"),
        tag("p", text(words.receipt)),
        receipt_card(receipt, texts, again=again),
        class_="outcome",
    )


def inquiry_view(inquiry: Inquiry, receipt: str, texts: ViewTexts, notice: str = "") -> Html:
    """State, messages and what the asker can still do."""
    words = inquiry_texts(texts.language)
    waiting = inquiry.state is InquiryState.WAITING
    messages = (message_item(each, words.writers[each.writer]) for each in inquiry.messages)
    return join(
        (
            tag("p", text(notice), class_="notice-line", role="status") if notice else EMPTY,
            tag("h3", text(words.states[inquiry.state]), tabindex="-1"),
            tag("p", text(_following(inquiry, texts)), class_="state-line"),
            tag("ol", *messages, class_="messages"),
            tag("p", text(words.waiting_hint), class_="hint") if waiting else EMPTY,
            sent_along(inquiry.conversation, words.conversation),
            EMPTY if inquiry.state.ended else _asker_forms(receipt, texts, words),
        )
    )


def _following(inquiry: Inquiry, texts: ViewTexts) -> str:
    words = state_texts(texts.language)
    return f"{words.next_step}{words.inquiry_next[inquiry.state]}"


def message_item(message: Message, writer: str) -> Html:
    """One message in the list of an inquiry's, for the asker and the office alike; ``writer`` is what its writer is."""
    author = f"（{message.author}）" if message.author else ""
    who = tag("strong", text(writer), tag("span", text(author), lang="zh-CN") if author else EMPTY)
    return tag(
        "li",
        tag("p", who, text(f" {to_the_minute(message.at)}"), class_="message-head"),
        *(tag("p", text(line), lang=language_of(line)) for line in message.text.splitlines() if line.strip()),
        class_="message message-office" if message.writer is Writer.OFFICE else "message",
    )


def sent_along(conversation: Sequence[Exchanged], label: str) -> Html:
    """The exchanges before the question, folded below ``label`` with their number in its ``{}``."""
    if not conversation:
        return EMPTY
    rows = [
        tag("li", tag("p", tag("strong", text(each.question))), tag("p", text(each.answer))) for each in conversation
    ]
    return tag("details", tag("summary", text(label.format(len(rows)))), tag("ol", *rows))


def _asker_forms(receipt: str, texts: ViewTexts, words: InquiryTexts) -> Html:
    add = action_form(
        "inquiry_add",
        CLAIMED,
        hidden("receipt", receipt),
        text_input("message", "inquiry-message", words.add, required=True, maxlength=LONGEST_MESSAGE),
        tag("div", submit_button(words.add_send), class_="card-buttons"),
        identifier="inquiry-add-form",
    )
    take_back = action_form(
        "inquiry_withdraw",
        CLAIMED,
        hidden("receipt", receipt),
        submit_button(words.withdraw, main=False, confirm=words.withdraw_confirm),
        identifier="inquiry-withdraw-form",
    )
    return join((add, take_back))


def ask_office(question: str, number: int, texts: Texts, *, main: bool) -> Html:
    """The button that opens the form below the answer to ``question``, and the place for it."""
    region = f"office-{number}"
    label = inquiry_texts(texts.language).ask_office
    button = action_button(label, "inquiry_form", {"question": question, "region": region}, region, main=main)
    return tag("div", button, tag("div", id=region, aria_live="polite"), class_="ask-office")
