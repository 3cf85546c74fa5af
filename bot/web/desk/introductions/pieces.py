"""Small forms of the page of a pair, each of which keeps what was typed when it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.web.desk.frame import field, form, hidden, submit
from bot.web.desk.guard import Signed
from bot.web.desk.introductions.addresses import NOTHING_TYPED, PAIRS, Typed
from bot.web.markup import EMPTY, Html, tag, text


def step_form(
    name: str,
    heading: str,
    label: str,
    pair: tuple[str, str],
    signed: Signed,
    *fields: Html,
    typed: Typed = NOTHING_TYPED,
    key: str = "",
    **kept: str,
) -> Html:
    """A form about a pair, folded until it is wanted or was refused; ``key`` tells forms of one name apart."""
    refused = typed.form == name + key
    wrong = tag("p", text(typed.problem), class_="problem", role="alert") if refused else EMPTY
    carried = (hidden(each, value) for each, value in {"need": pair[0], "offer": pair[1], **kept}.items())
    body = form(f"{PAIRS}/{name}", signed, *carried, wrong, *fields, submit(label, main=True))
    return tag("details", tag("summary", text(heading)), body, open=refused, class_="step")


def line(label: str, name: str, of: str, value: str = "", *, hint: str = "", required: bool = True) -> Html:
    """A line whose id is told apart by the form it stands in."""
    box = tag("input", type="text", id=f"{of}-{name}", name_=name, value=value, required=required, maxlength=500)
    return field(label, box, of=f"{of}-{name}", hint=hint)


def day(label: str, of: str, value: str, name: str = "day", *, least: date | None = None) -> Html:
    """A day; the browser's own calendar where it has one."""
    earliest = least.isoformat() if least is not None else None
    box = tag("input", type="date", id=f"{of}-{name}", name_=name, value=value, required=True, min=earliest)
    return field(label, box, of=f"{of}-{name}")


def words(label: str, name: str, of: str, value: str = "", *, rows: int = 3) -> Html:
    """A few lines of words."""
    # A line break directly after the tag is not part of the value.
    box = tag("textarea", text(f"\n{value}"), id=f"{of}-{name}", name_=name, rows=rows)
    return field(label, box, of=f"{of}-{name}")


def choice(label: str, name: str, of: str, options: Mapping[str, str], chosen: str = "") -> Html:
    """A choice whose id is told apart by the form it stands in."""
    shown = (tag("option", text(told), value=value, selected=value == chosen) for value, told in options.items())
    return field(label, tag("select", *shown, id=f"{of}-{name}", name_=name), of=f"{of}-{name}")
