"""What the rows of a table are: titles above it, headers of its columns, or labels beside their values.

Loaders give a grid: rows of :class:`GridCell`, where a cell that covers several places is the *same object* in
each of them. A header is told by how it differs from what stands below it, never by one character: ``2024年`` heads
a column of amounts and is a value in a column of years.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.documents.markers import find_marker
from bot.documents.table_texts import (
    IN_BRACKETS,
    NUMBER,
    SENTENCE_ENDS,
    ends_as_label,
    is_figure,
    is_label,
    is_name,
    is_value,
    label_share,
    number_form,
)

#: First header of tables of two columns that list things; other two-column tables are pairs of label and value.
_FIRST_HEADERS = frozenset(
    "序号 编号 项目 名称 类别 姓名 内容 事项 时间 日期 单位 类型 指标 条件 标准 地区 区域 企业".split()
)
_LABEL_CHARACTERS = 20
_MOST_HEADER_ROWS = 5
#: Rows that decide what the first ones are; more of them change nothing.
_LOOKED_AT = 30
#: A form: this share of its rows are pairs, of its labels differ, and end as labels do.
_PAIRED, _DIFFERENT, _LABELLED = 0.6, 0.7, 0.5
#: At most this share of its values has no label.
_ALONE = 0.2

_COLUMN_OF_RUN = re.compile(r"(?:19|20)\d\d|(?:(?:19|20)\d\d[年/.-])?\d{1,2}[月/.-]\d{1,2}日?")


@dataclass(frozen=True, slots=True, eq=False)
class GridCell:
    """One cell; ``header`` when its format marks it as one (``th``). Compared by identity."""

    text: str
    header: bool = False


GridRow = Sequence[GridCell | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """How many of the filled rows are titles and headers; ``pairs`` is the column a form's pairs begin in."""

    captions: int
    headers: int
    pairs: int | None = None


def cells_of(row: GridRow) -> list[GridCell]:
    """The filled cells of a row, each once."""
    return list(dict.fromkeys(cell for cell in row if cell is not None and cell.text))


def columns_of(row: GridRow) -> dict[GridCell, list[int]]:
    """The filled cells of a row with the columns each covers."""
    covered: dict[GridCell, list[int]] = {}
    for column, cell in enumerate(row):
        if cell is not None and cell.text:
            covered.setdefault(cell, []).append(column)
    return covered


def slots_of(row: GridRow) -> list[GridCell | None]:
    """The places of a row, a merged cell once; what is empty is ``None``."""
    slots: list[GridCell | None] = []
    last: GridCell | None = None
    for cell in row:
        if cell is None or cell is not last:
            slots.append(cell if cell is not None and cell.text else None)
        last = cell
    return slots


def width_of(rows: Sequence[GridRow]) -> int:
    """How many columns a table has; titles are often merged over more than there are."""
    return max((len(row) for row in rows if len(cells_of(row)) > 1), default=max(map(len, rows), default=0))


def crosses(row: GridRow, width: int) -> bool:
    """Whether one cell covers the whole row of a table ``width`` columns wide."""
    if not 1 < width <= len(row):
        return False
    return row[0] is not None and bool(row[0].text) and all(cell is row[0] for cell in row)


def shape_of(rows: Sequence[GridRow], header_rows: int | None = None) -> Shape:
    """The shape of a table of filled ``rows``; ``header_rows`` is taken at its word where it is given."""
    width = width_of(rows)
    captions = _captions(rows, width, by_look=header_rows is None)
    below = rows[captions : captions + _LOOKED_AT]
    if header_rows:
        headers = max(0, min(header_rows, len(rows) - captions - 1))
        return Shape(captions, headers, 0 if not headers and width == 2 else None)
    pairs = _pairs_start(below, width)
    headers = _header_rows(below) if pairs is None and header_rows is None else 0
    if not headers:
        captions -= _numbered_groups(rows, captions, width) or _empty_boxes(rows, captions, pairs)
        pairs = 0 if pairs is None and width == 2 else pairs
    return Shape(captions, headers, pairs)


# --- titles -------------------------------------------------------------------------------------


def _captions(rows: Sequence[GridRow], width: int, *, by_look: bool) -> int:
    if width < 2:
        return 0
    count = 0
    while count < len(rows) - 1 and (
        _is_title(rows[count]) or (by_look and _is_line_of_remarks(rows[count], rows[count + 1]))
    ):
        count += 1
    # Where nothing but single cells stands there is no table that they could be the title of.
    return count if count < len(rows) - 1 or len(cells_of(rows[-1])) > 1 else 0


def _is_title(row: GridRow) -> bool:
    """One cell above the table, marked as a header only where it is merged over columns."""
    covered = columns_of(row)
    (cell, columns), *others = covered.items()
    return not others and len(row) > 1 and (not cell.header or len(columns) > 1)


def _is_line_of_remarks(row: GridRow, below: GridRow) -> bool:
    """``表1 补助标准`` and ``单位：万元`` beside each other, with room between them."""
    cells = cells_of(row)
    texts = [cell.text for cell in cells]
    return len(cells) < len(cells_of(below)) and all(
        any(mark in text[:-1] for mark in "：:") or text.startswith(("表", "附表")) for text in texts
    )


def _numbered_groups(rows: Sequence[GridRow], captions: int, width: int) -> int:
    """How many of the last titles are headings of a group: numbered, as others further down are."""
    ranks = {marker.rank for row in rows[captions:] if crosses(row, width) if (marker := find_marker(_first(row)))}
    count = 0
    while count < captions:
        marker = find_marker(_first(rows[captions - 1 - count]))
        if marker is None or marker.rank not in ranks:
            break
        count += 1
    return count


def _empty_boxes(rows: Sequence[GridRow], captions: int, pairs: int | None) -> int:
    """How many of the last titles are labels of a form whose boxes were left empty."""
    count = 0
    while pairs is not None and count < captions and _is_empty_box(rows[captions - 1 - count]):
        count += 1
    return count


def _is_empty_box(row: GridRow) -> bool:
    text = _first(row)
    return len(slots_of(row)) > 1 and ends_as_label(text) and len(text) <= _LABEL_CHARACTERS


def _first(row: GridRow) -> str:
    return cells_of(row)[0].text


# --- headers ------------------------------------------------------------------------------------


def _header_rows(rows: Sequence[GridRow]) -> int:
    if len(rows) < 2:
        return 0
    marked = _marked_rows(rows)
    if marked:
        return marked
    if not _reads_as_header(rows):
        return 0
    count = 1
    # A header goes on below a cell that is merged over columns, and as long as one is merged downwards.
    while count < min(len(rows) - 1, _MOST_HEADER_ROWS) and _goes_on(rows, count):
        count += 1
    # A cell of the first row that reaches into the values heads rows, and that row is one of them.
    reaching = set(cells_of(rows[0])) & set(cells_of(rows[count]))
    return 0 if reaching else count


def _marked_rows(rows: Sequence[GridRow]) -> int:
    if all(cell.header for row in rows for cell in cells_of(row)):
        # Where all is marked the marks say nothing.
        return 0
    width = width_of(rows)
    count = 0
    while count < min(len(rows) - 1, _MOST_HEADER_ROWS) and all(cell.header for cell in cells_of(rows[count])):
        if count and crosses(rows[count], width):
            break
        count += 1
    return count


def _reads_as_header(rows: Sequence[GridRow]) -> bool:
    row, below = rows[0], rows[1:]
    covered = columns_of(row)
    texts = [cell.text for cell in covered]
    if len(texts) < 2 or not all(map(is_name, texts)):
        return False
    spread = any(len(columns) > 1 for columns in covered.values()) or bool(_repeated_above(rows))
    if not spread:
        empty = [column for column, cell in enumerate(row) if cell is None or not cell.text]
        if len(set(texts)) < len(texts) and not _is_panelled(texts):
            return False
        if empty and empty != [0] and (len(empty) > 1 or not _has_figures(below, range(len(row)))):
            return False
    if not _is_run(covered, below) and not all(_names(cell, columns, below) for cell, columns in covered.items()):
        return False
    return len(row) > 2 or _heads_two(texts, below)


def _heads_two(texts: Sequence[str], below: Sequence[GridRow]) -> bool:
    """Two columns are as often pairs of label and value; a header is then told by its words."""
    if texts[0] in _FIRST_HEADERS:
        return True
    first = [cell.text for row in below if row and (cell := row[0]) is not None and cell.text]
    return all(map(is_label, texts)) and sum(map(ends_as_label, first)) < _LABELLED * len(first)


def _goes_on(rows: Sequence[GridRow], count: int) -> bool:
    """Whether row ``count`` still belongs to the header that the row above it belongs to."""
    above, row, below = rows[count - 1], rows[count], rows[count + 1 :]
    told = set(cells_of(above))
    covered = columns_of(row)
    own = {cell: columns for cell, columns in covered.items() if cell not in told}
    if not own or crosses(row, width_of(rows)) or not all(is_name(cell.text) for cell in own):
        return False
    if all(IN_BRACKETS.fullmatch(cell.text) for cell in own):
        return True
    if not all(_names(cell, columns, below) for cell, columns in own.items()):
        return False
    columns = {column for each in own.values() for column in each}
    wide = {column for each in columns_of(above).values() if len(each) > 1 for column in each}
    wide |= _repeated_above(rows[count - 1 :])
    if columns <= wide:
        return True
    return (bool(wide) or len(own) < len(covered)) and _has_figures(below, columns)


def _repeated_above(rows: Sequence[GridRow]) -> set[int]:
    """The columns over which the first row repeats a text in place of merging it, above a row of names."""
    row = rows[0]
    repeated = {
        place
        for column, (left, right) in enumerate(zip(row, row[1:], strict=False))
        if left is not None and right is not None and left is not right and left.text and left.text == right.text
        for place in (column, column + 1)
    }
    if not repeated or len(rows) < 3 or _has_figures(rows[1:2], repeated) or not _has_figures(rows[2:], repeated):
        return set()
    names = [cell.text for column in sorted(repeated) if (cell := _at(rows[1], column)) is not None]
    return repeated if len(names) == len(repeated) and all(map(is_name, names)) else set()


def _is_panelled(texts: Sequence[str]) -> bool:
    """The same names twice: a long table set in two halves beside each other."""
    half = len(texts) // 2
    return (
        half > 1 and texts[:half] == texts[half:] and len(set(texts[:half])) == half and label_share(texts) >= _LABELLED
    )


def _names(cell: GridCell, columns: Sequence[int], below: Sequence[GridRow]) -> bool:
    """Whether a text can head its columns: a text with figures only where no value below is of its form."""
    if is_value(cell.text):
        return False
    if not cell.text[0].isdigit():
        return True
    form = number_form(cell.text)
    # The same text below is the header itself, merged downwards or printed again.
    return not any(number_form(value) == form and value != cell.text for value in _values(below, columns))


def _is_run(covered: dict[GridCell, list[int]], below: Sequence[GridRow]) -> bool:
    """Whether the columns are headed by years, days or steps (2022, 2023; 15年, 20年, 25年) and none holds such."""
    first, *others = [cell.text for cell in covered]
    if len(others) < 2 or is_value(first) or len(set(others)) < len(others):
        return False
    values = [value for cell, columns in covered.items() for value in _values(below, columns) if value != cell.text]
    if all(map(_COLUMN_OF_RUN.fullmatch, others)):
        return not any(map(_COLUMN_OF_RUN.fullmatch, values))
    numbers = [NUMBER.match(text) for text in others]
    steps = [float(number.group().replace(",", "")) for number in numbers if number is not None and _plain(number)]
    units = {text.lstrip("0123456789.")[:1] for text in others}
    if len(steps) < max(3, len(others)) or len(units) > 1 or not ends_as_label(first):
        return False
    forms = set(map(number_form, others))
    return all(left < right for left, right in pairwise(steps)) and not any(
        number_form(value) in forms for value in values
    )


def _plain(number: re.Match[str]) -> bool:
    text = number.group()
    return text.count(".") + text.count(",") <= 1 and len(text) <= _LABEL_CHARACTERS


# --- forms --------------------------------------------------------------------------------------


def _pairs_start(rows: Sequence[GridRow], width: int) -> int | None:
    """The column in which the pairs of a form begin; 1 where a first column groups them, ``None`` for tables."""
    if len(rows) < 2 or width < 2:
        return None
    if _is_form([slots_of(row) for row in rows]):
        return 0
    if _goes_down(rows, 0):
        return 1 if _is_form([slots_of(row[1:]) for row in rows]) else None
    # A photograph has the last column for itself.
    photograph = width % 2 and _goes_down(rows, width - 1)
    return 0 if photograph and _is_form([slots_of(row[: width - 1]) for row in rows]) else None


def _goes_down(rows: Sequence[GridRow], column: int) -> bool:
    """Whether the first row's cell in ``column`` goes on in the second."""
    cell = _at(rows[0], column)
    return cell is not None and cell is _at(rows[1], column)


def _is_form(rows: Sequence[Sequence[GridCell | None]]) -> bool:
    """Whether every second slot is the label of the one after it."""
    lines = [slots for slots in rows if len(slots) > 1]
    pairs = [slots for slots in lines if len(slots) % 2 == 0]
    if len(pairs) < 2 or len(pairs) < _PAIRED * len(lines) or lines[0] is not pairs[0]:
        return False
    beside = [pair for slots in pairs for pair in zip(slots[::2], slots[1::2], strict=True)]
    labels = list(dict.fromkeys(label for label, _ in beside if label is not None))
    values = [value for _, value in beside if value is not None]
    alone = sum(label is None for label, value in beside if value is not None)
    if not labels or alone > _ALONE * len(values) or not _differ(labels):
        return False
    if values and all(cell.header for cell in labels) and not any(cell.header for cell in values):
        return True
    if 2 * sum(cell.text[-1] in "：:" for cell in labels) > len(labels):
        return True
    if len(pairs[0]) > 2 and values and all(is_figure(cell.text) for cell in values):
        return True
    told = {label for label in pairs[0][::2] if label is not None}
    further = [label.text for slots in pairs[1:] for label in slots[::2] if label is not None and label not in told]
    ends = sum(map(ends_as_label, further)) / len(further) if further else 0.0
    return ends >= _LABELLED and ends > label_share([cell.text for cell in pairs[0][1::2] if cell is not None])


def _differ(labels: Sequence[GridCell]) -> bool:
    """Whether the texts are short and hardly any is another's."""
    texts = [cell.text for cell in labels]
    if any(len(text) > _LABEL_CHARACTERS or text[-1] in SENTENCE_ENDS or is_figure(text) for text in texts):
        return False
    return len(set(texts)) >= _DIFFERENT * len(texts)


# --- texts --------------------------------------------------------------------------------------


def _at(row: GridRow, column: int) -> GridCell | None:
    cell = row[column] if column < len(row) else None
    return cell if cell is not None and cell.text else None


def _values(rows: Sequence[GridRow], columns: Sequence[int]) -> list[str]:
    return [cell.text for row in rows for column in columns[:_LOOKED_AT] if (cell := _at(row, column)) is not None]


def _has_figures(rows: Sequence[GridRow], columns: range | set[int]) -> bool:
    return any(map(is_figure, _values(rows, sorted(columns))))
