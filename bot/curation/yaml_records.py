"""One record of a staff-kept YAML file read and written; the rest of the file stays as it is, byte for byte.

The file is cut at its top-level items. The record that changes is written by ruamel.yaml, which keeps its order and its
comments; then the whole is read again, and must hold the new record and every other one unchanged.
"""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from bot.errors import CatalogueError

_WIDTH = 100_000
#: The same reader in C where it is there: these files are read on every look at a record.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EDIT_BY_HAND = "在文本编辑器里改这份文件"


@dataclass(frozen=True, slots=True)
class YamlRecord:
    """One item of a file: its lines ``start:end``, what it says, and a mark that changes with its text."""

    start: int
    end: int
    value: Any
    mark: str


def read_records(text: str) -> tuple[YamlRecord, ...]:
    """The items of a file that is a list. Raises :class:`CatalogueError` for what is none."""
    node = _node(text)
    if node is None:
        return ()
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise CatalogueError("这份文件不是一条一条的列表", remedy=_EDIT_BY_HAND)
    values = _loaded(text)
    lines = text.splitlines(keepends=True)
    starts = [_item_line(lines, each.start_mark.line) for each in node.value]
    if any(later <= earlier for earlier, later in itertools.pairwise(starts)):
        raise CatalogueError("这份文件的写法认不出一条从哪里开始", remedy=_EDIT_BY_HAND)
    found = []
    for place, (item, value) in enumerate(zip(node.value, values, strict=True)):
        limit = starts[place + 1] if place + 1 < len(starts) else len(lines)
        end = _last_line(lines, item, starts[place], limit)
        found.append(YamlRecord(starts[place], end, value, _mark("".join(lines[starts[place] : end]))))
    return tuple(found)


def read_whole(text: str) -> tuple[YamlRecord, ...]:
    """A file that is one record, as its one item; an empty file is an empty record."""
    node = _node(text)
    if node is not None and not isinstance(node, yaml.MappingNode):
        raise CatalogueError("这份文件不是“键: 值”", remedy=_EDIT_BY_HAND)
    return (YamlRecord(0, len(text.splitlines()), _loaded(text) or {}, _mark(text)),)


def changed(text: str, mark: str, value: Mapping[str, Any]) -> str:
    """``text`` with the record of ``mark`` saying ``value``. Raises :class:`CatalogueError` when it has none."""
    records = read_records(text)
    place = place_of(records, mark)
    record = records[place]
    lines = text.splitlines(keepends=True)
    written = _item(_updated(_dedented(lines[record.start : record.end]), value), lines[record.start])
    made = "".join(lines[: record.start]) + written + "".join(lines[record.end :])
    return _checked(made, [value if each is record else each.value for each in records])


def added(text: str, value: Mapping[str, Any]) -> str:
    """``text`` with a further record at its end."""
    records = read_records(text)
    sample = text.splitlines(keepends=True)[records[-1].start] if records else "- \n"
    before = text if not text or text.endswith("\n") else f"{text}\n"
    gap = "\n" if records and "\n\n" in text else ""
    return _checked(before + gap + _item(_fresh(value), sample), [*(each.value for each in records), value])


def removed(text: str, mark: str) -> str:
    """``text`` without the record of ``mark``."""
    records = read_records(text)
    record = records[place_of(records, mark)]
    lines = text.splitlines(keepends=True)
    rest = [each.value for each in records if each is not record]
    return _checked("".join(lines[: record.start] + lines[record.end :]), rest)


def changed_whole(text: str, value: Mapping[str, Any], mark: str) -> str:
    """``text``, a file that is one record, saying ``value``. Raises :class:`CatalogueError` unless ``mark`` is its."""
    place_of(read_whole(text), mark)
    made = _dumped(_updated(text, value))
    if made and _as_ingested(made) != _plain(value):
        raise CatalogueError("写不回这份文件", remedy=_EDIT_BY_HAND)
    return made


def place_of(records: Sequence[YamlRecord], mark: str) -> int:
    """Which of ``records`` has ``mark``. Raises :class:`CatalogueError` when none does: it was changed or removed."""
    for place, record in enumerate(records):
        if record.mark == mark:
            return place
    raise CatalogueError("这一条在您打开之后被别人改过或删掉了", remedy="对照现在的内容再改；您写的都还在下面")


# --- inside ---------------------------------------------------------------------------------------------


def _loaded(text: str) -> Any:
    return yaml.load(text, Loader=_LOADER)


def _node(text: str) -> yaml.Node | None:
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise CatalogueError("读不懂", tried=str(error).splitlines()[0], remedy="在文本编辑器里检查缩进") from None
    return node


def _item_line(lines: Sequence[str], line: int) -> int:
    """The line with the dash of an item whose content begins at ``line``."""
    while line > 0 and not lines[line].lstrip().startswith("-"):
        line -= 1
    return line


def _last_line(lines: Sequence[str], node: yaml.Node, start: int, limit: int) -> int:
    """After the last line of an item; blank lines and comments that introduce the next one are not its own."""
    end = min(limit, max(start + 1, node.end_mark.line + (1 if node.end_mark.column else 0)))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _mark(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:32]


def _indent(line: str) -> tuple[str, int]:
    """What stands before the dash of an item, and how far its content is from there."""
    bare = line.lstrip(" ")
    outer = line[: len(line) - len(bare)]
    inner = bare[1:]
    return outer, 1 + max(1, len(inner) - len(inner.lstrip(" ")))


def _dedented(lines: Sequence[str]) -> str:
    outer, width = _indent(lines[0])
    cut = len(outer) + width
    first = " " * cut + lines[0][cut:]
    return "".join(each[cut:] if each[:cut].strip() == "" else each for each in [first, *lines[1:]])


def _item(record: Any, sample: str) -> str:
    outer, width = _indent(sample)
    width = width if sample.strip() != "-" else 2
    pad = outer + " " * width
    lines = _dumped(record).splitlines(keepends=True)
    first = f"{outer}-{' ' * (width - 1)}{lines[0]}"
    return "".join([first, *(each if each.strip() == "" else pad + each for each in lines[1:])])


def _writer() -> YAML:
    writer = YAML()
    writer.preserve_quotes = True
    writer.width = _WIDTH
    writer.indent(mapping=2, sequence=4, offset=2)
    return writer


def _dumped(value: Any) -> str:
    stream = io.StringIO()
    _writer().dump(value, stream)
    return stream.getvalue()


def _updated(text: str, value: Mapping[str, Any]) -> CommentedMap:
    try:
        held = _writer().load(text)
    except YAMLError as error:
        raise CatalogueError("读不懂", tried=str(error).splitlines()[0], remedy=_EDIT_BY_HAND) from None
    if held is None:
        return _fresh(value)
    if not isinstance(held, CommentedMap):
        raise CatalogueError("这一条不是“键: 值”", remedy=_EDIT_BY_HAND)
    _merge(held, value)
    return held


def _merge(held: CommentedMap, value: Mapping[str, Any]) -> None:
    """Change only what is different, so that order, quotes and comments of the rest stay."""
    for key in [key for key in held if key not in value]:
        del held[key]
    for key, new in value.items():
        old = held.get(key)
        if key in held and _plain(old) == _plain(new):
            continue
        if isinstance(old, CommentedMap) and isinstance(new, Mapping):
            _merge(old, new)
        elif isinstance(old, CommentedSeq) and isinstance(new, list | tuple):
            _merge_list(old, new)
        else:
            held[key] = _fresh_value(new)


def _merge_list(held: CommentedSeq, value: Sequence[Any]) -> None:
    for place in range(min(len(held), len(value))):
        old, new = held[place], value[place]
        if _plain(old) == _plain(new):
            continue
        if isinstance(old, CommentedMap) and isinstance(new, Mapping):
            _merge(old, new)
        else:
            held[place] = _fresh_value(new)
    for new in value[len(held) :]:
        held.append(_fresh_value(new))
    while len(held) > len(value):
        del held[-1]


def _fresh(value: Mapping[str, Any]) -> CommentedMap:
    made = CommentedMap()
    for key, each in value.items():
        made[key] = _fresh_value(each)
    return made


def _fresh_value(value: Any) -> Any:
    """Maps of plain values, and lists of words, on one line as staff write them."""
    if isinstance(value, Mapping):
        made = _fresh(value)
        if not any(isinstance(each, Mapping) for each in value.values()):
            made.fa.set_flow_style()
        return made
    if isinstance(value, list | tuple):
        listed = CommentedSeq([_fresh_value(each) for each in value])
        if not any(isinstance(each, Mapping) for each in value):
            listed.fa.set_flow_style()
        return listed
    return value


def _plain(value: Any) -> Any:
    """``value`` without what ruamel adds to it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, str) else value


def _as_ingested(text: str) -> Any:
    """What an ingest would read; the reader in C takes some things that its reader refuses."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def _checked(text: str, expected: Sequence[Any]) -> str:
    """``text``, read again: it must hold what was meant and nothing else."""
    found = _as_ingested(text) or []
    if found != [_plain(each) for each in expected]:
        raise CatalogueError("写不回这份文件", remedy=_EDIT_BY_HAND)
    return text
