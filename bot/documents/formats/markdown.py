"""Markdown: its source made safe for what Chinese office texts mean by the same signs, then read as a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.documents.blocks import Extract
from bot.documents.characters import fold_characters
from bot.documents.encoding import decode_warned
from bot.documents.formats.drawn import is_rule, split_bars
from bot.documents.formats.web.article import Article
from bot.documents.formats.web.frame import Judge
from bot.documents.formats.web.page import parse_page
from bot.documents.formats.web.titles import Names
from bot.documents.formats.web.walker import Walker
from bot.documents.front_matter import split_front_matter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
#: ``>5%`` and ``>= 10 万元`` at the start of a line compare; they quote nothing. A year opens a sentence.
_COMPARISON = re.compile(
    r"(\s*)(>)(?=\s{0,3}(?:[=＝]\s{0,3}\d|\d[\d.,]*\s{0,3}(?:[%％‰万亿元个人家项天月倍分℃岁名亩吨件台套次，。、；）)且或的时]|$)))"
)
_HEADING = re.compile(r"( {0,3}#{1,6})(?=[^\s#\d!])")
_SHORT_HEADING = 60
#: Asterisks and underscores inside a word or a number mask it or stand for a blank to fill in.
_MASKS = re.compile(
    r"(?<![\\*])(?:(?<=[\w@.])\*{4,}|\*{4,}(?=[\w@.])|(?<=\d)\*{3,}|\*{3,}(?=[\d@])"
    r"|(?<=[^\W_])\*(?=[^\W_*])|(?<=\d)\*\*(?=\d)|_{3,})"
)
_KNOWN_TAGS = (
    "a abbr address article aside b blockquote br caption center cite code col colgroup dd del details dfn div "
    "dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p "
    "pre q rp rt ruby s samp section small span strike strong style script sub summary sup table tbody td "
    "tfoot th thead time tr u ul var wbr template input button select option textarea label form iframe svg"
).split()
_UNKNOWN_TAG = re.compile(rf"<(?=[a-zA-Z/!?])(?!/?(?:{'|'.join(_KNOWN_TAGS)})(?=[\s/>]))(?!https?:|mailto:|!--)")
#: ``[注]: 说明`` is text; a link's definition names an address.
_DEFINITION = re.compile(r"( {0,3})\[(?=[^\]^]{1,200}\]:\s{0,9}+(?!<|\S*[/.#:@]))")
_NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,60})\]:[ \t]?(.*)")
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,60})\]")
_TASK = re.compile(r"(\s*(?:[-*+]|\d{1,9}[.)])\s+)\[([ xX])\](?=\s)")
_QUOTES = re.compile(r"\s*(?:>\s?){12,}")
_DEEPEST = 100
#: The parser tries every bracket against all that follow; where there are so many, only plain links stay links.
_MANY_BRACKETS = 2_000
_NO_LINK = re.compile(r"(?<!\\)\[(?![^\[\]\n]{0,500}\][(\[:]|\^)")
_INDENT = 48
#: What a page saved as Markdown by a reading service begins with.
_SAVED = re.compile(r"\s*Title: ?(.*)\n+URL Source: ?(\S*)\n(?:.*\n){0,8}?Markdown Content:\s*\n", re.IGNORECASE)


def read_markdown(data: bytes) -> Extract:
    """A Markdown file: headings, nested lists with their numbers, tables, notes; struck text in the ledger.

    A page that a reading service saved as Markdown is told from its navigation as a web page is. Raises
    :class:`DocumentError` for bytes that are no text.
    """
    decoded = decode_warned(data)
    matter, body = split_front_matter(fold_characters(decoded.text))
    saved = _SAVED.match(body)
    root, notes = _rendered(body[saved.end() :] if saved else body)
    walker = Walker(notes, keeps_alt=saved is None)
    units = walker.walk(root)
    title = source = None
    article = Article(joins_paragraphs=True)
    if saved:
        title, source = saved.group(1).strip() or None, saved.group(2)
        judge = Judge(root, units, Names.of_title(title or ""), is_flat=True)
        judge.judge()
        title = judge.title.text if judge.title is not None else judge.names.spelled
        article.add(units, judge.title)
    else:
        article.add(units)
    return Extract(
        tuple(article.blocks),
        tuple(article.dropped),
        title=title,
        fields=tuple(article.fields),
        source_url=source if source and source.startswith("http") else None,
        front_matter=matter,
        warnings=decoded.warnings,
    )


def _rendered(body: str) -> tuple[object, dict[str, str]]:
    """The page that ``body`` renders to, and the ids of its notes with their labels."""
    from markdown_it import MarkdownIt

    # Four blanks before a line are an indent in these texts, never code.
    parser = MarkdownIt("commonmark", {"breaks": True, "html": True, "maxNesting": _DEEPEST}).enable("strikethrough")
    parser.disable(["code"])
    # Nothing is shown in a browser: an address that could do harm is an address, its text is text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    if body.count("[") > _MANY_BRACKETS:
        body = _NO_LINK.sub(r"\\[", body)
    lines, notes = _without_notes(body.split("\n"))
    labels = {f"note-{number}": f"[{name}]" for number, name in enumerate(notes)}
    numbers = {name: number for number, name in enumerate(notes)}
    rendered = _render(lines, parser, numbers)
    for name, text in notes.items():
        inner = _render(text, parser, numbers)
        rendered += f'\n<div id="note-{numbers[name]}">{inner}</div>'
    return parse_page(f"<body>{rendered}</body>"), labels


def _render(lines: Sequence[str], parser: MarkdownIt, notes: dict[str, int]) -> str:
    """The HTML of ``lines``, their lists numbered as typed."""
    environment: dict[str, object] = {}
    tokens = parser.parse("\n".join(_safe_lines(lines, parser, notes)), environment)
    lists: list[list[Token]] = []
    for token in tokens:
        if token.type == "ordered_list_open":
            lists.append([])
        elif token.type == "list_item_open" and token.info:
            lists[-1].append(token)
        elif token.type == "ordered_list_close":
            items = lists.pop()
            # 1. 1. 1. asks for numbers; anything else is what the author counted.
            as_typed = len({item.info for item in items}) > 1
            for item in items:
                item.attrSet("data-mark", item.markup)
                if as_typed:
                    item.attrSet("value", item.info)
    return str(parser.renderer.render(tokens, parser.options, environment))


def _safe_lines(lines: Sequence[str], parser: MarkdownIt, notes: dict[str, int]) -> Iterator[str]:
    """``lines`` with what Markdown would misread escaped, tables as HTML, references to notes as links."""
    fence = ""
    number = 0
    while number < len(lines):
        line = lines[number]
        opened = _FENCE.match(line)
        if fence or opened:
            fence = _next_fence(fence, line, opened.group(1) if opened else "")
            yield line
            number += 1
            continue
        end = _table_end(lines, number)
        if end > number:
            yield from ("", _table(lines[number:end], parser, notes), "")
            number = end
            continue
        yield _safe(line, notes)
        number += 1


def _next_fence(fence: str, line: str, mark: str) -> str:
    """The fence that is open after ``line``: ``mark`` opens one, the same marks alone close it."""
    if not fence:
        return mark
    closes = mark and mark[0] == fence[0] and len(mark) >= len(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence


def _safe(line: str, notes: dict[str, int]) -> str:
    if _QUOTES.match(line):
        line = "> " * 10 + line[_QUOTES.match(line).end() :]  # type: ignore[union-attr]
    if line.startswith(" " * _INDENT):
        line = " " * _INDENT + line.lstrip()
    line = _COMPARISON.sub(r"\1\\>", line, count=1) if _COMPARISON.match(line) else line
    if task := _TASK.match(line):
        line = f"{task.group(1)}{'☐' if task.group(2) == ' ' else '☑'}{line[task.end() :]}"
    if len(line) <= _SHORT_HEADING and _HEADING.match(line):
        line = _HEADING.sub(r"\1 ", line, count=1)
    if _DEFINITION.match(line):
        line = _DEFINITION.sub(r"\1\\[", line, count=1)
    return _safe_inline(line, notes)


def _safe_inline(text: str, notes: dict[str, int]) -> str:
    if "<" in text:
        text = _UNKNOWN_TAG.sub("&lt;", text)
    if "*" in text or "__" in text:
        text = _MASKS.sub(lambda mask: "".join(f"\\{character}" for character in mask.group()), text)
    if "[^" in text and notes:
        text = _REFERENCE.sub(lambda reference: _link(reference, notes), text)
    return text


def _link(reference: re.Match[str], notes: dict[str, int]) -> str:
    name = reference.group(1)
    if name not in notes:
        return reference.group()
    return f'<sup><a href="#note-{notes[name]}">{html.escape(name)}</a></sup>'


def _without_notes(lines: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The lines without the definitions of notes, and the lines of each note by its name."""
    kept: list[str] = []
    notes: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in lines:
        note = _NOTE.match(line)
        if note and note.group(1) not in notes:
            current = notes[note.group(1)] = [note.group(2)]
        elif current is not None and line.strip() and (line.startswith(("  ", "\t")) or current[-1].strip()):
            # Text goes on in the next line, after a blank one only when it is indented.
            current.append(line.strip())
        elif current is not None and not line.strip():
            current.append("")
        else:
            current = None
            kept.append(line)
    return kept, notes


def _table_end(lines: Sequence[str], start: int) -> int:
    """Where the table that begins at ``start`` ends; ``start`` where none does."""
    line = lines[start]
    if "|" not in line or is_rule(line) or start + 1 >= len(lines):
        return start
    ruled = "|" in lines[start + 1] and is_rule(lines[start + 1])
    # Rows without the rule under the header, as some converters leave them.
    bare = line.strip().startswith("|") and line.count("|") > 2 and lines[start + 1].strip().startswith("|")
    if not ruled and not bare:
        return start
    end = start + 1
    while end < len(lines) and "|" in lines[end] and lines[end].strip():
        end += 1
    return end


def _table(lines: Sequence[str], parser: MarkdownIt, notes: dict[str, int]) -> str:
    """The rows of a table as one line of HTML, which Markdown takes as it is."""
    rows: list[str] = []
    ruled = is_rule(lines[1])
    for line in lines:
        if is_rule(line):
            continue
        tag = "th" if ruled and not rows else "td"
        cells = (parser.renderInline(_safe_inline(cell, notes)).replace("\n", " ") for cell in split_bars(line))
        rows.append(f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"
