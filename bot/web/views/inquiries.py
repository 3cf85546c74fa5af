"""Questions left to the office: the form below an answer, and what a receipt of one opens."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.inquiries.office import LONGEST_MESSAGE, MOST_EXCHANGES
from bot.inquiries.records import Exchanged, Inquiry, InquiryState, Message, Writer
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.texts import Texts
from bot.web.views.buttons import action_button, action_form, hidden, submit_button
from bot.web.views.fields import contact_inputs, sent_contact, text_input
from bot.web.views.inquiry_texts import InquiryTexts, inquiry_texts
from bot.web.views.interface import ViewAssistant
from bot.web.views.publishing import CLAIMED, receipt_card
from bot.web.views.reply import Fields, Reply
from bot.web.views.state_words import state_texts
from bot.web.views.texts import ViewTexts

#: Characters of the conversation that a page may send along.
LONGEST_CONVERSATION = 100_000
_ENDED = (InquiryState.CLOSED, InquiryState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class InquiryActions:
    """Actions of the asker. Safe to share between threads."""

    assistant: ViewAssistant

    def handlers(self) -> dict[str, Callable[[Fields, ViewTexts], Reply]]:
        """The actions by name."""
        return {
            "inquiry_form": self.form,
            "inquire": self.leave,
            "inquiry_add": self.add,
            "inquiry_withdraw": self.withdraw,
        }

    def opens(self, receipt: str) -> bool:
        """Whether ``receipt`` is that of a question left to the office."""
        return self.assistant.inquiries.opens(receipt)

    def form(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The form for one question, in the ``region`` that asked for it."""
        return Reply(inquiry_form(fields.get("question", ""), _region(fields), texts))

    def leave(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The question on the office's list, with a receipt."""
        told = _conversation(fields.get("conversation", "")) if fields.get("with_conversation") else ()
        done = self.assistant.inquiries.leave(
            fields.get("question", ""),
            sent_contact(fields),
            conversation=told,
            agreed=bool(fields.get("agreed")),
            language=texts.language.value,
        )
        words = inquiry_texts(texts.language)
        return Reply(
            tag(
                "section",
                tag("h3", text(words.left), tabindex="-1"),
                tag("p", text(words.receipt)),
                receipt_card(done.receipt, texts),
                class_="outcome",
            )
        )

    def opened(self, fields: Fields, texts: ViewTexts, notice: str = "") -> Reply:
        """What a receipt of an inquiry opens."""
        receipt = fields.get("receipt", "")
        return Reply(inquiry_view(self.assistant.inquiries.opened(receipt), receipt, texts, notice))

    def add(self, fields: Fields, texts: ViewTexts) -> Reply:
        """A further message of the asker."""
        self.assistant.inquiries.add(fields.get("receipt", ""), fields.get("message", ""))
        return self.opened(fields, texts, inquiry_texts(texts.language).added)

    def withdraw(self, fields: Fields, texts: ViewTexts) -> Reply:
        """The inquiry taken back, its words and contact deleted."""
        self.assistant.inquiries.withdraw(fields.get("receipt", ""))
        return self.opened(fields, texts, inquiry_texts(texts.language).withdrawn)


def _region(fields: Fields) -> str:
    """Where the page wants the form: an id that it wrote itself."""
    region = fields.get("region", "")
    return region if re.fullmatch(r"office-\d{1,4}", region) else "office"


def _conversation(sent: str) -> tuple[Exchanged, ...]:
    """The exchanges that a page sent along; what is none of its making is left out."""
    try:
        told = json.loads(sent) if len(sent) <= LONGEST_CONVERSATION else []
    except (ValueError, RecursionError):
        return ()
    pairs = told if isinstance(told, list) else []
    return tuple(
        Exchanged(pair[0], pair[1])
        for pair in pairs[-MOST_EXCHANGES:]
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(each, str) for each in pair)
    )


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


def inquiry_view(inquiry: Inquiry, receipt: str, texts: ViewTexts, notice: str = "") -> Html:
    """State, messages and what the asker can still do."""
    words = inquiry_texts(texts.language)
    waiting = inquiry.state is InquiryState.WAITING
    return join(
        (
            tag("p", text(notice), class_="notice-line", role="status") if notice else EMPTY,
            tag("h3", text(words.states[inquiry.state]), tabindex="-1"),
            tag("p", text(_following(inquiry, texts)), class_="state-line"),
            tag("ol", *(_message(each, words) for each in inquiry.messages), class_="messages"),
            tag("p", text(words.waiting_hint), class_="hint") if waiting else EMPTY,
            _sent_along(inquiry.conversation, words),
            EMPTY if inquiry.state in _ENDED else _asker_forms(receipt, texts, words),
        )
    )


def _following(inquiry: Inquiry, texts: ViewTexts) -> str:
    words = state_texts(texts.language)
    return f"{words.next_step}{words.inquiry_next[inquiry.state]}"


def _message(message: Message, words: InquiryTexts) -> Html:
    who = words.writers[message.writer] + (f" {message.author}" if message.author else "")
    return tag(
        "li",
        tag("p", tag("strong", text(who)), text(f" {message.at[:16].replace('T', ' ')}"), class_="message-head"),
        *(tag("p", text(line), lang=language_of(line)) for line in message.text.splitlines() if line.strip()),
        class_="message message-office" if message.writer is Writer.OFFICE else "message",
    )


def _sent_along(conversation: Sequence[Exchanged], words: InquiryTexts) -> Html:
    if not conversation:
        return EMPTY
    rows = [
        tag("li", tag("p", tag("strong", text(each.question))), tag("p", text(each.answer))) for each in conversation
    ]
    return tag("details", tag("summary", text(words.conversation.format(len(rows)))), tag("ol", *rows))


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
