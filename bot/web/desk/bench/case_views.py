"""Cases as lists and forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from bot.evaluation.case_columns import COLUMNS, NO, YES, Column, EntryMistakes, Holds, entries_of
from bot.evaluation.case_store import KeptCase
from bot.evaluation.cases import CasesError
from bot.web.desk.bench.room import CASES
from bot.web.desk.frame import as_told, choices, field, form, hidden, leaf, pager, submit, table
from bot.web.desk.guard import Signed
from bot.web.markup import EMPTY, Html, join, tag, text

_A_PAGE = 100
_SHOWN = 60
#: Boxes with several lines at once, and how many.
_ROWS = {"question": 2, "reference": 3, "quote": 2}
_LINE = frozenset({"id", "contact", "partner", "intent"})


def entries_in(boxes: Mapping[str, str]) -> dict[str, str]:
    """The boxes of a case among those of a form."""
    return {column.key: boxes[_name(column)] for column in COLUMNS if boxes.get(_name(column), "").strip()}


def mistakes_of(error: CasesError) -> Html:
    """Every box that cannot be used, with what to write."""
    if not isinstance(error, EntryMistakes):
        return EMPTY
    lines = (
        tag("li", *((tag("span", text(label)), text("：")) if label else ()), tag("span", text(reason)))
        for label, reason in error.mistakes
    )
    return tag("ul", *lines, class_="mistakes")


def problem_of(error: CasesError) -> str:
    """What is told above the form."""
    return error.message if isinstance(error, EntryMistakes) else str(error)


def case_list(every: Sequence[KeptCase], chosen: str, page: int, signed: Signed) -> Html:
    """The cases with ``chosen`` among their tags, a page of them; ways to the other tags."""
    found = [kept for kept in every if not chosen or chosen in kept.case.tags]
    part, page, pages = leaf(found, page, _A_PAGE)
    ways = choices({f"{CASES}/new": "写一条", f"{CASES}/import": "导入导出"})
    shown = table(("id", "问题", "标签", "在用", "改于"), [_row(kept) for kept in part], "没有用例。")
    way = f"{CASES}?{f'tag={quote(chosen)}&' if chosen else ''}page="
    return join((ways, _tags(every, chosen), shown, pager(page, pages, lambda number: f"{way}{number}")))


def _row(kept: KeptCase) -> tuple[Html, ...]:
    question = " ".join(kept.case.question.split())
    return (
        tag("a", as_told(kept.case.id), href=f"{CASES}/{kept.number}"),
        as_told(question if len(question) <= _SHOWN else f"{question[:_SHOWN]}…"),
        as_told("、".join(kept.case.tags)),
        text("在用" if kept.active else "停用"),
        join((text(kept.changed_at[:10]), text(" "), as_told(kept.changed_by))),
    )


def _tags(every: Sequence[KeptCase], chosen: str) -> Html:
    counts: dict[str, int] = {}
    for kept in every:
        for name in kept.case.tags:
            counts[name] = counts.get(name, 0) + 1
    if not counts:
        return EMPTY
    first = tag("a", text(f"全部 {len(every)} 条"), href=CASES, aria_current=None if chosen else "page")
    others = (
        tag(
            "a",
            as_told(f"{name} {count}"),
            href=f"{CASES}?tag={quote(name)}",
            aria_current="page" if name == chosen else None,
        )
        for name, count in counts.items()
    )
    return tag("nav", first, *others, class_="choices tags", aria_label="标签")


def case_form(entries: Mapping[str, str], signed: Signed, *, address: str, revision: int | None = None) -> Html:
    """The form of a case; what stands in its boxes is ``entries``."""
    own = [_box(column, entries.get(column.key, "")) for column in COLUMNS if column.of_case]
    expected = [_box(column, entries.get(column.key, "")) for column in COLUMNS if not column.of_case]
    known = EMPTY if revision is None else hidden("revision", str(revision))
    legend = tag("legend", text("期望（至少写一项）"))
    rest = tag("fieldset", legend, tag("div", *expected, class_="boxes"))
    return form(address, signed, known, *own, rest, submit("保存", main=True))


def changing(kept: KeptCase, entries: Mapping[str, str], revision: int, signed: Signed) -> Html:
    """The form that changes a case that was opened at ``revision``."""
    return case_form(entries, signed, address=f"{CASES}/{kept.number}", revision=revision)


def as_it_stands(kept: KeptCase) -> Html:
    """What somebody else made of the case meanwhile."""
    entries = entries_of(kept.case)
    rows = (
        tag("tr", tag("th", text(column.label), scope="row"), tag("td", as_told(entries[column.key])))
        for column in COLUMNS
        if column.key in entries
    )
    head = tag("h2", text("别人保存的内容"))
    mine = tag("h2", text("您写的内容"))
    return join((head, history_of(kept), tag("table", tag("tbody", *rows), class_="facts"), mine))


def history_of(kept: KeptCase) -> Html:
    """Who wrote and changed the case, and where it comes from."""
    words = (
        (text("写于"), text(f" {kept.added_at[:10]} "), as_told(kept.added_by)),
        (text("改于"), text(f" {kept.changed_at[:10]} "), as_told(kept.changed_by)),
        (text("来自"), text(" "), as_told(kept.source)) if kept.source else (),
        (text("在用" if kept.active else "停用：跑测试时不问"),),
    )
    return tag("p", *(tag("span", *each) for each in words if each), class_="hint about")


def actions(kept: KeptCase, signed: Signed) -> Html:
    """What else can be done with a case."""
    address = f"{CASES}/{kept.number}"
    other = (hidden("active", ""), submit("停用")) if kept.active else (hidden("active", "1"), submit("启用"))
    return tag(
        "div",
        tag("a", text("照着再写一条"), href=f"{CASES}/new?copy={kept.number}"),
        form(f"{address}/switch", signed, *other),
        form(f"{address}/remove", signed, submit("删除")),
        class_="actions",
    )


def _box(column: Column, words: str) -> Html:
    name = _name(column)
    hint = column.hint or ("一行写一个" if column.holds is Holds.LIST else "")
    if column.holds is Holds.FLAG:
        options = (("", "不管"), (YES, YES), (NO, NO))
        shown = (tag("option", text(label), value=value, selected=value == words) for value, label in options)
        return field(column.label, tag("select", *shown, id=name, name_=name), of=name, hint=hint)
    if column.key in _LINE:
        return field(column.label, tag("input", type="text", id=name, name_=name, value=words), of=name, hint=hint)
    rows = max(_ROWS.get(column.key, 2), min(8, words.count("\n") + 1))
    # A line break directly after the tag is not part of the value.
    return field(column.label, tag("textarea", text(f"\n{words}"), id=name, name_=name, rows=rows), of=name, hint=hint)


def _name(column: Column) -> str:
    return f"case-{column.key}"
