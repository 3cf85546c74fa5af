"""Tables that an answer cites rows of: with their header, to be sorted and copied into a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.types import Document
from bot.web.markup import EMPTY, Html, tag, text

if TYPE_CHECKING:
    from bot.web.prose import Prose

#: A table with more rows is not unfolded whole below the rows that answer: the document is a click away.
WHOLE_ROWS = 30


@dataclass(frozen=True, slots=True)
class CitedTable:
    """A table of a document. ``lines`` are the rows as the clean text has them, ``rows`` the same by ``heads``."""

    key: str
    heads: tuple[str, ...]
    lines: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def cited_tables(document: Document, start: int, end: int) -> tuple[CitedTable, ...]:
    """The tables with a row in ``start:end`` of a document."""
    touched = {
        unit.table
        for unit in document.units
        if unit.cells and unit.table is not None and start < unit.end and unit.start < end
    }
    return tuple(_table(document, number) for number in sorted(touched))


def _table(document: Document, number: int) -> CitedTable:
    units = [unit for unit in document.units if unit.table == number and unit.cells]
    paths = dict.fromkeys(cell.headers for unit in units for cell in unit.cells)
    values = [{cell.headers: cell.text for cell in unit.cells} for unit in units]
    return CitedTable(
        f"{document.id}#{number}",
        tuple(" · ".join(dict.fromkeys(path)) for path in paths),
        tuple(document.text[unit.start : unit.end].strip() for unit in units),
        tuple(tuple(row.get(path, "") for path in paths) for row in values),
    )


def table_of(table: CitedTable, shown: Sequence[int], markers: str, prose: Prose, place: int) -> Html:
    """The rows by number that answer, under their header; the whole table is a click away where it is small.

    ``place`` counts the tables of an answer.
    """
    help_texts = prose.texts.help
    rest = len(table.rows) - len(shown)
    whole = EMPTY
    if 0 < rest and len(table.rows) <= WHOLE_ROWS:
        whole = tag(
            "details",
            tag("summary", text(help_texts.whole_table.format(len(table.rows)))),
            _grid(table, range(len(table.rows)), prose, frozenset(shown)),
            id=f"table-{prose.number}-{place}",
            class_="whole-table",
        )
    return tag(
        "figure",
        _grid(table, shown, prose, markers=markers),
        whole,
        class_="answer-table",
    )


def _grid(
    table: CitedTable, shown: Sequence[int], prose: Prose, cited: frozenset[int] = frozenset(), markers: str = ""
) -> Html:
    help_texts = prose.texts.help
    sortable = len(shown) > 1
    # A table is full of figures: only what was asked for stands out.
    quiet = prose.quiet()
    heads = (_head(name, column, help_texts.sort_by if sortable else "") for column, name in enumerate(table.heads))
    rows = (
        tag(
            "tr",
            *(tag("td", quiet.inline(cell)) for cell in table.rows[number]),
            class_="cited" if number in cited else None,
        )
        for number in shown
    )
    copy = tag("button", text(help_texts.copy_table), type="button", data_table_copy=True, class_="quiet")
    return tag(
        "div",
        tag(
            "div",
            tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows)),
            class_="table-scroll",
            role="region",
            aria_label=help_texts.table,
            tabindex="0",
        ),
        tag("div", copy, prose.inline(markers), class_="table-foot"),
        class_="grid",
    )


def _head(name: str, column: int, sort_by: str) -> Html:
    if not sort_by:
        return tag("th", text(name), scope="col")
    button = tag(
        "button",
        text(name),
        tag("span", class_="sort-mark", aria_hidden="true"),
        type="button",
        data_sort=column,
        title=sort_by.format(name),
    )
    return tag("th", button, scope="col", aria_sort="none")


def rows_in(lines: Sequence[str], tables: Sequence[CitedTable]) -> tuple[CitedTable, tuple[int, ...]] | None:
    """The table that a run of lines begins with rows of, and which; ``None`` where the first line is no row."""
    for table in tables:
        if lines and lines[0] in table.lines:
            numbers = []
            for line in lines:
                if line not in table.lines:
                    break
                numbers.append(table.lines.index(line))
            return table, tuple(dict.fromkeys(numbers))
    return None
