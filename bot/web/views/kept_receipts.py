"""Receipts in one place: those that a browser remembers, as a list, as a file, on paper.

The codes come from the browser with each call and are kept nowhere here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import AssistantError, UsageError
from bot.market.fields import kind_of
from bot.market.masking import public
from bot.market.records import Need, Offer
from bot.web.markup import Html, join, language_of, tag, text
from bot.web.views.buttons import action_button
from bot.web.views.inquiry_texts import inquiry_texts
from bot.web.views.interface import ViewAssistant
from bot.web.views.receipt_texts import ReceiptTexts, receipt_texts
from bot.web.views.reply import Download, Fields, Reply
from bot.web.views.state_words import next_in_words, state_in_words, state_lines, state_texts
from bot.web.views.texts import ViewTexts

#: Receipts listed, saved or printed in one call.
MOST_RECEIPTS = 50
_LONGEST_CODE = 80
_LONGEST_TITLE = 80
_LONGEST_ADDRESS = 200
#: Where the view of owners shows a record.
_OPENED = "mine-record"


@dataclass(frozen=True, slots=True)
class Held:
    """What a receipt stands for, in words; ``title`` as others may read it."""

    code: str
    kind: str
    title: str
    state: str
    following: str


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
        entries = (self._entry(code, texts, words) for code in codes)
        return Reply(tag("div", *entries, class_="receipt-list"))

    def file(self, fields: Fields, texts: ViewTexts) -> Reply:
        """A page to keep or print with every receipt that opens something."""
        words = receipt_texts(texts.language)
        held = [each for code in _codes(fields) if (each := self._held(code, texts)) is not None]
        if not held:
            raise UsageError("没有可以保存的回执", remedy="核对回执码")
        page = _page(held, _address(fields), self.today(), texts, words)
        name = f"{words.file_name}-{self.today().isoformat()}.html"
        return Reply(download=Download(name, page.encode("utf-8")))

    def _entry(self, code: str, texts: ViewTexts, words: ReceiptTexts) -> Html:
        held = self._held(code, texts)
        forget = tag("button", text(words.forget), type="button", data_forget_receipt=code, class_="quiet")
        if held is None:
            return tag("article", tag("p", text(words.gone)), forget, class_="kept-receipt")
        buttons = (
            action_button(texts.open_record, "claim", {"receipt": code}, _OPENED),
            *file_buttons(code, words),
            forget,
        )
        return tag(
            "article",
            tag(
                "div",
                tag("span", text(held.kind), class_="kind"),
                tag("h4", text(held.title), lang=language_of(held.title)),
                class_="match-head",
            ),
            state_lines(held.state, held.following, texts),
            tag("div", *buttons, class_="card-buttons"),
            class_="kept-receipt",
        )

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


def kept_section(texts: ViewTexts) -> Html:
    """The shell: the tick, the list that the script asks for, and the way to open a file."""
    words = receipt_texts(texts.language)
    box = tag("input", type="checkbox", id="remember-receipts", data_remember_receipts=True)
    buttons = (
        tag("button", text(words.save_all), type="button", data_save_receipts="all", class_="quiet"),
        tag("button", text(words.print_all), type="button", data_print_receipts="all", class_="quiet"),
        tag("button", text(words.forget_all), type="button", data_forget_receipts=True, class_="quiet"),
    )
    chooser = tag(
        "input", type="file", id="receipt-file", accept=".html,.htm,.txt,.csv", aria_describedby="receipt-file-hint"
    )
    return tag(
        "section",
        tag("h3", text(words.heading)),
        tag("label", box, text(words.remember), class_="check"),
        tag("p", text(words.remember_hint), class_="field-hint"),
        tag("div", id="receipt-list", aria_live="polite", data_on_show="receipts"),
        tag("div", *buttons, class_="card-buttons", id="receipt-buttons", hidden=True),
        tag("div", tag("label", text(words.open_file), for_="receipt-file"), chooser, class_="field"),
        tag("p", text(words.open_file_hint), class_="field-hint", id="receipt-file-hint"),
        tag("div", id="receipts-of-file", aria_live="polite"),
        class_="kept-receipts",
        id="kept-receipts",
        data_no_code=words.no_code,
        data_several=words.several,
    )


def file_buttons(code: str, words: ReceiptTexts) -> tuple[Html, Html]:
    """Save one receipt, print it."""
    return (
        tag("button", text(words.save), type="button", data_save_receipts=code, class_="quiet"),
        tag("button", text(words.print_it), type="button", data_print_receipts=code, class_="quiet"),
    )


def new_receipt_tools(code: str, texts: ViewTexts) -> Html:
    """What can be done with a receipt that is shown for the first and only time."""
    words = receipt_texts(texts.language)
    box = tag("input", type="checkbox", data_remember_receipts=True)
    return join(
        (
            tag("div", *file_buttons(code, words), class_="card-buttons"),
            tag("label", box, text(words.remember), class_="check"),
        )
    )


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


_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}"
    "section{border:1px solid #888;padding:1em;margin:1em 0;break-inside:avoid}"
    "code{font-size:1.3em}dt{font-weight:bold}dd{margin:0 0 .5em}"
)


def _page(held: Sequence[Held], address: str, today: date, texts: ViewTexts, words: ReceiptTexts) -> str:
    sections = (_section(each, address, today, words) for each in held)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("title", text(words.file_heading)),
        tag("style", text(_STYLE)),
    )
    body = tag("body", tag("h1", text(words.file_heading)), *sections, tag("p", text(words.keep_safe)))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang=texts.language.value)}\n"


def _section(held: Held, address: str, today: date, words: ReceiptTexts) -> Html:
    lines = (
        (words.code, tag("code", text(held.code))),
        (words.kind, text(held.kind)),
        (words.title, text(held.title)),
        (words.date, text(today.isoformat())),
        (words.state, text(held.state)),
        (words.address, text(address)),
        (words.purpose_label, text(words.purpose)),
    )
    return tag("section", tag("dl", *(part for label, value in lines if value for part in _line(label, value))))


def _line(label: str, value: Html) -> tuple[Html, Html]:
    return tag("dt", text(label)), tag("dd", value)
