"""Plain text and Markdown."""

from __future__ import annotations

import re

from bot.documents.characters import fold_characters, tidy_blanks, unescape_entities
from bot.documents.collapsed import is_collapsed, restore_paragraphs
from bot.documents.encoding import decode
from bot.documents.front_matter import split_front_matter
from bot.documents.furniture import is_web_furniture, without_page_furniture
from bot.documents.lines import join_lines
from bot.documents.paragraphs import Extract, Paragraph
from bot.documents.tables import render_rows

#: Bold that spans more than this is two stray marks, not a pair.
_BOLD_REACH = 300
_BOLD = re.compile(rf"\*\*(?![\s*，。；、])([^*]{{1,{_BOLD_REACH}}}?)(?<!\s)\*\*(?!\*)")
# Marks left alone: at the edge of a line or after the end of a sentence. Elsewhere asterisks may mask
# part of a number or a name and stay.
_STRAY_BOLD = re.compile(r"(?<![*\w])\*\*(?![*\d])|(?<=[。；：！？”）])\*\*(?!\*)|^\*\*$", re.MULTILINE)
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULE = re.compile(r"\s{0,3}(?:-\s?){3,}$|\s{0,3}(?:\*\s?){3,}$|\s{0,3}(?:_\s?){3,}$")
_BULLET = re.compile(r"\s*[-*+•]\s+(?:\[[ xX]\]\s+)?")
_QUOTE = re.compile(r"\s{0,3}(?:>\s?)+")
_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,2000}(?:\([^()\s]{0,200}\))?[^()\s]{0,200}(?:\s\"[^\"\n]{0,300}\")?\)"
)
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$")
_SETEXT = re.compile(r"\s{0,3}(?:=+|-{3,})\s*$")


def read_text(data: bytes) -> Extract:
    """A txt file: lines broken in mid-sentence joined, a one-line document set in paragraphs again."""
    matter, body = split_front_matter(_folded(data))
    body = _without_bold(body)
    if "\f" in body:
        pages = [page.split("\n") for page in body.split("\f")]
        lines = [line for page in without_page_furniture(pages) for line in page]
    else:
        lines = body.split("\n")
    return Extract(tuple(Paragraph(text) for text in paragraphs_of(lines)), front_matter=matter)


def paragraphs_of(lines: list[str]) -> list[str]:
    """The paragraphs of lines as they stand in a file."""
    if not is_collapsed(lines):
        return join_lines(lines)
    restored = [paragraph for line in lines if line.strip() for paragraph in restore_paragraphs(line)]
    return [paragraph for paragraph in restored if not is_web_furniture(paragraph)]


def read_markdown(data: bytes) -> Extract:
    """A Markdown file: headings keep their level, marks go, tables become one line a row."""
    matter, body = split_front_matter(_folded(data))
    body = _LINK.sub(r"\1", _without_comments(body))
    paragraphs: list[Paragraph] = []
    pending: list[str] = []
    rows: list[list[str]] = []

    def flush() -> None:
        paragraphs.extend(Paragraph(text) for text in paragraphs_of(_without_bold("\n".join(pending)).split("\n")))
        paragraphs.extend(Paragraph(_without_bold(text)) for text in render_rows(rows))
        pending.clear()
        rows.clear()

    for line in body.replace("\f", "\n").split("\n"):
        heading = _HEADING.match(line)
        if heading:
            flush()
            text = tidy_blanks(_without_bold(heading.group(2)))
            paragraphs.extend([Paragraph(text, len(heading.group(1)))] if text else [])
        elif _SETEXT.match(line) and pending and pending[-1].strip():
            text = tidy_blanks(_without_bold(pending.pop()))
            flush()
            paragraphs.append(Paragraph(text, 1 if "=" in line else 2))
        elif line.lstrip().startswith("|") and line.count("|") > 1:
            if not rows:
                flush()
            if not _TABLE_RULE.match(line):
                rows.append([tidy_blanks(cell) for cell in line.strip().strip("|").split("|")])
        elif rows:
            flush()
            _add_line(pending, line)
        else:
            _add_line(pending, line)
    flush()
    return Extract(tuple(paragraphs), front_matter=matter)


def _without_comments(text: str) -> str:
    kept: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[position:start])
        position = end + len("-->")
    return "".join(kept) + text[position:]


def _add_line(pending: list[str], line: str) -> None:
    if _FENCE.match(line) or _RULE.match(line):
        pending.append("")
        return
    bullet = _BULLET.match(line)
    if bullet:
        # A blank line before an item keeps it apart from the one before.
        pending.extend(["", "", line[bullet.end() :]])
    else:
        pending.append(_QUOTE.sub("", line))


def _folded(data: bytes) -> str:
    return unescape_entities(fold_characters(decode(data)))


def _without_bold(text: str) -> str:
    if "**" not in text:
        return text
    return _STRAY_BOLD.sub("", _BOLD.sub(r"\1", text))
