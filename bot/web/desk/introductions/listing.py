"""The list of pairs: what waits for whom, since when, and what to remind of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from bot.introductions.waiting import PairFile
from bot.market.records import Side
from bot.web.desk.frame import as_told, leaf, line_field, pager, table
from bot.web.desk.introductions.addresses import LIST, PAIRS, pair_address
from bot.web.markup import EMPTY, Html, join, tag, text

PAGE_SIZE = 50


class Whose(StrEnum):
    """Whose pairs are shown."""

    MINE = "mine"
    FREE = "free"
    ALL = "all"

    @property
    def label(self) -> str:
        """The choice as people read it."""
        return {"mine": "我的", "free": "还没有人跟进的", "all": "全部"}[self.value]

    def holds(self, file: PairFile, name: str) -> bool:
        """Whether a pair is among them for the manager of that name."""
        keeper = file.progress.keeper
        return self is Whose.ALL or keeper == (name if self is Whose.MINE else "")


class Waiting(StrEnum):
    """What the pairs wait for."""

    MANAGER = "manager"
    OWNERS = "owners"
    OVER = "over"
    ALL = "all"

    @property
    def label(self) -> str:
        """The choice as people read it."""
        return {"manager": "等经理人处理", "owners": "等对方答复", "over": "已了结", "all": "不限"}[self.value]

    def holds(self, file: PairFile) -> bool:
        """Whether a pair waits so."""
        if self is Waiting.ALL:
            return True
        if self is Waiting.MANAGER:
            return file.step.waits_for_manager
        return file.step.over is (self is Waiting.OVER) and not file.step.waits_for_manager


def listing(files: list[PairFile], whose: Whose, waiting: Waiting, name: str, page: int, today: date) -> Html:
    """The pairs chosen, a page of them, with the ways to choose others."""
    mine = [file for file in files if whose.holds(file, name)]
    shown = [file for file in mine if waiting.holds(file)]
    part, page, pages = leaf(shown, page, PAGE_SIZE)
    rows = [_row(file, today) for file in part]
    headings = ("需求和成果", "接下来", "从何时起", "催办", "需求方", "成果方", "谁跟进")
    chosen = {"whose": whose.value, "waiting": waiting.value}
    return join(
        (
            _choices("谁跟进", "whose", {each.value: each.label for each in Whose}, chosen),
            _choices("等谁", "waiting", {each.value: each.label for each in Waiting}, chosen),
            tag("p", text(f"共 {len(shown)} 对")),
            table(headings, rows, "没有这样的配对。"),
            pager(page, pages, lambda number: f"{LIST}?{urlencode({**chosen, 'page': number})}"),
            _opening(),
        )
    )


def _choices(label: str, name: str, options: Mapping[str, str], chosen: Mapping[str, str]) -> Html:
    links = (
        tag(
            "a",
            text(words),
            href=f"{LIST}?{urlencode({**chosen, name: value})}",
            aria_current="true" if chosen[name] == value else None,
        )
        for value, words in options.items()
    )
    return tag("nav", tag("span", text(label), class_="hint"), *links, class_="choices", aria_label=label)


def _row(file: PairFile, today: date) -> tuple[Html, ...]:
    titles = join((as_told(file.need.title), text(" ↔ "), as_told(file.offer.title)))
    due = file.due(today)
    late = join(tag("p", tag("span", text(each.side.label)), text(" "), text(each.due.isoformat())) for each in due)
    step = tag("strong" if file.step.waits_for_manager else "span", text(file.step.label))
    sides = (text(file.state.of(side).standing.label) for side in Side)
    keeper = as_told(file.progress.keeper) if file.progress.keeper else EMPTY
    return tag("a", titles, href=pair_address(*file.pair)), step, text(file.since.isoformat()), late, *sides, keeper


def _opening() -> Html:
    fields = (line_field("需求编号", "need", required=True), line_field("成果编号", "offer", required=True))
    button = tag("button", text("打开这一对"), type="submit")
    return tag(
        "section",
        tag("h2", text("打开别的一对")),
        tag("form", *fields, button, method="get", action=PAIRS, class_="short-form"),
    )
