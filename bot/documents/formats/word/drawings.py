"""Charts and diagrams: text that lies in parts of its own."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from bot.documents.blocks import Block, Reason
from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.formats.word.context import Context
from bot.documents.formats.word.names import Element, attribute, child, descendants, kind, number
from bot.documents.tables import GridCell, table_blocks
from bot.types import UnitKind

#: Charts of more points are data, not text.
_MOST_POINTS = 500


def drawing_blocks(element: Element, part: str, context: Context) -> list[Block]:
    """The blocks of a ``c:chart`` or ``dgm:relIds``; one that cannot be read goes to the ledger."""
    chart = kind(element) == "c:chart"
    root = context.related_xml(part, attribute(element, "r:id" if chart else "r:dm"))
    if root is None:
        context.ledger.drop(Reason.UNREADABLE, "图表" if chart else "图示")
        return []
    return _chart(root, context) if chart else _diagram(root)


def _diagram(root: Element) -> list[Block]:
    lines = (_tidy("".join(each.text or "" for each in descendants(line, "a:t"))) for line in descendants(root, "a:p"))
    return [Block(UnitKind.PARAGRAPH, line) for line in lines if line]


def _chart(root: Element, context: Context) -> list[Block]:
    """A chart's title as caption and its data as a table: categories down, series across."""
    table = context.next_table()
    series = list(descendants(root, "c:ser"))
    titles = [_drawn_text(each) for each in descendants(root, "c:title")]
    columns = [_points(child(each, "c:val")) or _points(child(each, "c:yVal")) for each in series]
    categories: dict[int, str] = {}
    for each in series:
        categories |= _points(child(each, "c:cat")) or _points(child(each, "c:xVal"))
    names = [" ".join(_points(child(each, "c:tx")).values()) for each in series]
    header = [None, *(GridCell(name, header=True) for name in names)]
    places = sorted({place for column in columns for place in column} | categories.keys())
    rows = [
        [GridCell(categories.get(place, "")), *(GridCell(column.get(place, "")) for column in columns)]
        for place in places[:_MOST_POINTS]
    ]
    if len(places) > _MOST_POINTS:
        context.ledger.drop(Reason.TOO_MUCH, "、".join(categories.get(place, "") for place in places[_MOST_POINTS:]))
    captions = [Block(UnitKind.CAPTION, title, table=table) for title in titles if title]
    told = table_blocks([header, *rows], table, header_rows=1)
    for each in told.dropped:
        context.ledger.drop(each.reason, each.text)
    return captions + list(told.blocks)


def _points(element: Element | None) -> dict[int, str]:
    """The cached points of a chart's data, by place; percentages as they are shown."""
    if element is None:
        return {}
    code = next((each.text or "" for each in descendants(element, "c:formatCode")), "")
    found: dict[int, str] = {}
    for place, point in enumerate(descendants(element, "c:pt")):
        text = "".join(each.text or "" for each in descendants(point, "c:v"))
        found[number(point.get("idx", ""), place)] = _shown(_tidy(text), code)
    return found


def _shown(text: str, code: str) -> str:
    if "%" not in code:
        return text
    try:
        share = Decimal(text) * 100
    except InvalidOperation:
        return text
    decimals = len(code.partition(".")[2].partition("%")[0]) if "." in code else 0
    return f"{share:.{min(decimals, 6)}f}%" if share.is_finite() and abs(share) < 10**12 else text


def _drawn_text(element: Element) -> str:
    return _tidy("".join(each.text or "" for each in descendants(element, "a:t")))


def _tidy(text: str) -> str:
    return tidy_blanks(fold_characters(text))
