"""Tables as text: one line a row, every value with its header, so that no row loses its heading."""

from __future__ import annotations

from collections.abc import Sequence


def render_rows(rows: Sequence[Sequence[str]], *, header: bool | None = None) -> list[str]:
    """Each row as ``表头：值；表头：值``; two columns without a header as ``键：值``.

    ``header`` says whether the first row is one; left out, it is judged by its look. Empty cells are
    left out, and a value that spans several columns is told once.
    """
    filled = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return []
    width = max(len(row) for row in filled)
    if width == 1:
        return [row[0] for row in filled]
    caption: list[str] = []
    while len(filled) > 1 and len(set(filled[0])) == 1 and header is None:
        # One cell across the whole width is the table's caption.
        caption.append(filled.pop(0)[0])
    has_header = _looks_like_header(filled, width) if header is None else header
    if not has_header or len(filled) == 1:
        return caption + [_pair(row) if len(row) == 2 else "；".join(_distinct(row)) for row in filled]
    names = filled[0]
    return caption + [_labelled(names, row) for row in filled[1:]]


def _looks_like_header(rows: list[list[str]], width: int) -> bool:
    first = rows[0]
    if len(rows) < 2 or len(first) < width or not all(first) or len(set(first)) < width:
        return False
    if any(character.isdigit() for cell in first for character in cell):
        return False
    # Two columns are as often 项目/内容 pairs; a header is then told by its usual words.
    return width > 2 or first[0] in _FIRST_HEADERS


_FIRST_HEADERS = frozenset(
    "序号 编号 项目 名称 类别 姓名 内容 事项 时间 日期 单位 类型 指标 条件 标准 地区 区域 企业".split()
)


def _labelled(names: list[str], row: list[str]) -> str:
    parts: list[str] = []
    for position, value in enumerate(row):
        if not value:
            continue
        name = names[position] if position < len(names) else ""
        part = f"{name}：{value}" if name and name != value else value
        if part not in parts:
            parts.append(part)
    return "；".join(parts)


def _pair(row: list[str]) -> str:
    left, right = row
    return f"{left}：{right}" if left and right and left != right else left or right


def _distinct(row: list[str]) -> list[str]:
    return list(dict.fromkeys(cell for cell in row if cell))
