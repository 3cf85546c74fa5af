"""The frame of every page at the desk: name, navigation by role, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from bot.accounts.records import Role
from bot.web.desk.guard import ROOT, Signed
from bot.web.markup import EMPTY, Html, join, tag, text

NAME = "工作台"


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the navigation; ``role`` is who may see it, anybody signed in where there is none."""

    path: str
    label: str
    role: Role | None = None


PLACES = (
    Place(ROOT, "总览"),
    Place(f"{ROOT}/inquiries", "提问", Role.STAFF),
    Place(f"{ROOT}/requests", "转办", Role.MANAGER),
    Place(f"{ROOT}/trail", "操作记录", Role.STAFF),
)


def page(title: str, body: Html, signed: Signed | None, *, path: str = "", notice: str = "") -> str:
    """A whole page as HTML; ``path`` is the place it belongs to, ``notice`` what was just done."""
    head = join(
        (
            Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
            tag("title", text(f"{title} · {NAME}")),
            Html(f'<link rel="stylesheet" href="{ROOT}/static/desk.css">'),
        )
    )
    shown = tag("p", text(notice), class_="notice", role="status") if notice else EMPTY
    main = tag("main", tag("h1", text(title)), shown, body, id="main")
    skip = tag("a", text("跳到正文"), href="#main", class_="skip")
    whole = tag("html", tag("head", head), tag("body", skip, _header(signed, path), main), lang="zh-CN")
    return f"<!doctype html>{whole}"


def _header(signed: Signed | None, path: str) -> Html:
    if signed is None:
        return tag("header", tag("p", text(NAME), class_="name"))
    links = (
        tag("a", text(place.label), href=place.path, aria_current="page" if place.path == path else None)
        for place in PLACES
        if place.role is None or signed.user.may(place.role)
    )
    roles = "、".join(sorted(role.label for role in signed.user.roles))
    return tag(
        "header",
        tag("p", text(NAME), class_="name"),
        tag("nav", *links, aria_label=NAME),
        tag(
            "div",
            tag("span", text(f"{signed.user.name}（{roles}）"), class_="who"),
            form(f"{ROOT}/sign-out", signed, submit("退出")),
            form(f"{ROOT}/sign-out-everywhere", signed, submit("全部设备退出")),
            class_="account",
        ),
    )


def form(address: str, signed: Signed, *children: Html) -> Html:
    """A form that is sent to ``address`` and proves where it comes from."""
    proof = tag("input", type="hidden", name_="csrf", value=signed.csrf)
    return tag("form", proof, *children, method="post", action=address)


def submit(label: str, *, main: bool = False, name: str | None = None, value: str | None = None) -> Html:
    """A button that sends the form around it."""
    return tag("button", text(label), type="submit", class_="primary" if main else None, name_=name, value=value)


def table(headings: tuple[str, ...], rows: list[tuple[Html, ...]], empty: str) -> Html:
    """A table with its headings, or a sentence where there are no rows."""
    if not rows:
        return tag("p", text(empty), class_="empty")
    head = tag("thead", tag("tr", *(tag("th", text(each), scope="col") for each in headings)))
    body = tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows))
    return tag("div", tag("table", head, body), class_="table-frame", tabindex="0", role="region", aria_label="表格")
