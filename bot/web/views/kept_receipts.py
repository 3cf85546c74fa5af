"""Receipts in one place: those that a browser remembers, as a list, as a file, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.web.markup import Html, join, language_of, tag, text
from bot.web.texts.receipts import ReceiptTexts, receipt_texts
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import action_button
from bot.web.views.state_words import state_lines

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


def kept_receipt(code: str, held: Held | None, texts: ViewTexts, words: ReceiptTexts) -> Html:
    """One receipt of the list; ``held`` is ``None`` for a code that opens nothing any more."""
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


_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}"
    "section{border:1px solid #888;padding:1em;margin:1em 0;break-inside:avoid}"
    "code{font-size:1.3em}dt{font-weight:bold}dd{margin:0 0 .5em}"
)


def receipts_page(held: Sequence[Held], address: str, today: date, texts: ViewTexts, words: ReceiptTexts) -> str:
    """A page of its own to keep or print, with every receipt in words."""
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
