"""Receipts that a browser remembers: listed, saved, printed.

The codes come from the browser with each call and are kept nowhere here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.errors import AssistantError, UsageError
from bot.market.fields import kind_of
from bot.market.masking import public
from bot.market.records import Need, Offer
from bot.web.actions.interface import ViewAssistant
from bot.web.actions.reply import Download, Fields, Reply
from bot.web.markup import tag, text
from bot.web.texts.inquiries import inquiry_texts
from bot.web.texts.receipts import receipt_texts
from bot.web.texts.states import state_texts
from bot.web.texts.views import ViewTexts
from bot.web.views.kept_receipts import Held, kept_receipt, receipts_page
from bot.web.views.state_words import next_in_words, state_in_words

#: Receipts listed, saved or printed in one call.
MOST_RECEIPTS = 50
_LONGEST_CODE = 80
_LONGEST_TITLE = 80
_LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class ReceiptActions:
    """Actions over receipts that a browser sends. Safe to share between threads."""

    assistant: ViewAssistant
    today: Callable[[], date]

    def handlers(self) -> dict[str, Callable[[Fields, ViewTexts], Reply]]:
        """The actions by name."""
        return {"receipts": self.listed, "receipt_file": self.file}

    def listed(self, fields: Fields, texts: ViewTexts) -> Reply:
        """One entry for each code sent, in the order sent; empty without any."""
        words = receipt_texts(texts.language)
        codes = _codes(fields)
        if not codes:
            return Reply(tag("p", text(words.none_kept), class_="hint"))
        entries = (kept_receipt(code, self._held(code, texts), texts, words) for code in codes)
        return Reply(tag("div", *entries, class_="receipt-list"))

    def file(self, fields: Fields, texts: ViewTexts) -> Reply:
        """A page to keep or print with every receipt that opens something."""
        words = receipt_texts(texts.language)
        held = [each for code in _codes(fields) if (each := self._held(code, texts)) is not None]
        if not held:
            raise UsageError("没有可以保存的回执", remedy="核对回执码")
        page = receipts_page(held, _address(fields), self.today(), texts, words)
        name = f"{words.file_name}-{self.today().isoformat()}.html"
        return Reply(download=Download(name, page.encode("utf-8")))

    def _held(self, code: str, texts: ViewTexts) -> Held | None:
        """What a code stands for; ``None`` when it opens nothing."""
        try:
            if self.assistant.inquiries.opens(code):
                return self._inquiry(code, texts)
            _, record = self.assistant.market.claim(code)
        except AssistantError:
            return None
        return Held(
            code,
            texts.kinds[kind_of(record)],
            self._title(record),
            state_in_words(record, texts),
            next_in_words(record, texts),
        )

    def _title(self, record: Need | Offer) -> str:
        """A title that may lie about on paper: as others read it."""
        lines = self.assistant.market.preview(record).lines
        return next((line.text for line in lines if line.field == "title"), record.id)[:_LONGEST_TITLE]

    def _inquiry(self, code: str, texts: ViewTexts) -> Held:
        words = receipt_texts(texts.language)
        inquiry = self.assistant.inquiries.opened(code)
        title = public(" ".join(inquiry.question.split()))[:_LONGEST_TITLE] or words.withdrawn_inquiry
        state = inquiry_texts(texts.language).states[inquiry.state]
        return Held(code, words.inquiry, title, state, state_texts(texts.language).inquiry_next[inquiry.state])


def _codes(fields: Fields) -> tuple[str, ...]:
    """The codes sent, each once; what is none is left out."""
    try:
        sent = json.loads(fields.get("codes", "") or "[]")
    except (ValueError, RecursionError):
        return ()
    listed = sent if isinstance(sent, list) else []
    codes = (each for each in listed if isinstance(each, str) and 0 < len(each) <= _LONGEST_CODE)
    return tuple(dict.fromkeys(codes))[:MOST_RECEIPTS]


def _address(fields: Fields) -> str:
    """The address of the page as its browser says it; only an address of the web, without what follows its path."""
    address = fields.get("address", "").split("#")[0].split("?")[0]
    return address if address.startswith(("http://", "https://")) and len(address) <= _LONGEST_ADDRESS else ""
