"""Leaving a question to the office, and what its receipt opens."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.inquiries.office import MOST_EXCHANGES
from bot.inquiries.records import Exchanged
from bot.web.actions.interface import ViewAssistant
from bot.web.actions.reply import Fields, Reply, window_key
from bot.web.texts.inquiries import inquiry_texts
from bot.web.texts.views import ViewTexts
from bot.web.views.fields import sent_contact
from bot.web.views.inquiries import inquiry_form, inquiry_view, left

#: Characters of the conversation that a page may send along.
LONGEST_CONVERSATION = 100_000


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
            key=window_key(fields),
        )
        return Reply(left(done.receipt, texts, again=done.again))

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
