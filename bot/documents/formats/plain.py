"""Plain text: lines joined to paragraphs, drawn tables to rows; what other formats share of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.documents.blocks import Block, Dropped, Extract, Reason
from bot.documents.characters import fold_characters, tidy_blanks, unescape_entities
from bot.documents.collapsed import is_collapsed, restore_paragraphs
from bot.documents.encoding import decode_warned
from bot.documents.formats.drawn import DrawnTable, split_tables
from bot.documents.front_matter import split_front_matter
from bot.documents.furniture import is_crumbs, is_page_number, is_web_furniture, without_page_furniture
from bot.documents.lines import join_lines
from bot.documents.markers import RANK_CLAUSE, find_marker, has_ended
from bot.documents.tables import table_blocks
from bot.types import UnitKind

#: Bold that spans more than this is two stray marks, not a pair.
_BOLD_REACH = 300
_BOLD = re.compile(rf"\*\*(?![\s*，。；、])([^*]{{1,{_BOLD_REACH}}}?)(?<!\s)\*\*(?!\*)")
# Marks left alone: at the edge of a line or after the end of a sentence. Elsewhere asterisks may mask
# part of a number or a name and stay.
_STRAY_BOLD = re.compile(r"(?<![*\w])\*\*(?![*\d])|(?<=[。；：！？”）])\*\*(?!\*)|^\*\*$", re.MULTILINE)
_BLANK = re.compile(r"\s+")


def read_text(data: bytes) -> Extract:
    """A txt file: lines broken in mid-sentence joined, a one-line document set in paragraphs again.

    Page numbers, running heads and the buttons of a page that was copied go to the ledger. Raises
    :class:`DocumentError` for bytes that are no text.
    """
    decoded = decode_warned(data)
    matter, body = split_front_matter(unescape_entities(fold_characters(decoded.text)))
    body = without_bold(body)
    dropped: list[Dropped] = []
    lines = _lines_of_pages(body, dropped) if "\f" in body else body.split("\n")
    blocks: list[Block] = []
    tables = 0
    for part in split_tables(lines):
        if isinstance(part, DrawnTable):
            blocks += drawn_blocks(part, tables, dropped)
            tables += 1
        else:
            blocks += [Block(UnitKind.PARAGRAPH, text) for text in paragraphs_of(part, dropped)]
    return Extract(tuple(marked_items(blocks)), tuple(dropped), front_matter=matter, warnings=decoded.warnings)


def paragraphs_of(
    lines: Sequence[str], dropped: list[Dropped] | None = None, *, may_be_collapsed: bool = True
) -> list[str]:
    """The paragraphs of lines as they stand in a file; page furniture goes to ``dropped``.

    A text whose line breaks became blanks is set in paragraphs again if it ``may_be_collapsed``: a format that
    parts paragraphs itself has no such lines.
    """
    ledger = dropped if dropped is not None else []
    kept = [line for line in lines if not _is_furniture(line, ledger)]
    if not may_be_collapsed or not is_collapsed(kept):
        return join_lines(kept)
    restored: list[str] = []
    for line in kept:
        if line.strip():
            restored += _restored(line, ledger)
    return [paragraph for paragraph in restored if not _is_furniture(paragraph, ledger)]


def marked_items(blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` with the paragraphs that open with a printed number as items, nested by the kinds of numbers."""
    marked: list[Block] = []
    ranks: list[int] = []
    for block in blocks:
        if block.kind is UnitKind.HEADING:
            ranks = []
        marker = find_marker(block.text) if block.kind is UnitKind.PARAGRAPH else None
        # 第X条 and 一、 are headings as often as items and are told by their place later.
        if marker is None or marker.rank < RANK_CLAUSE or (marker.rank == RANK_CLAUSE and not has_ended(block.text)):
            if marker is not None:
                ranks = []
            marked.append(block)
            continue
        ranks = [rank for rank in ranks if rank < marker.rank] + [marker.rank]
        printed = block.text[: marker.end].strip()
        marked.append(Block(UnitKind.ITEM, block.text, level=len(ranks), marker=printed))
    return marked


def drawn_blocks(drawn: DrawnTable, table: int, dropped: list[Dropped]) -> tuple[Block, ...]:
    """The rows of a table that is drawn in a text's lines."""
    told = table_blocks(drawn.rows, table, header_rows=drawn.header_rows)
    dropped.extend(told.dropped)
    return told.blocks


def without_bold(text: str) -> str:
    """``text`` without the asterisks of bold print; those that mask a number stay."""
    if "**" not in text:
        return text
    return _STRAY_BOLD.sub("", _BOLD.sub(r"\1", text))


def _is_furniture(line: str, ledger: list[Dropped]) -> bool:
    text = tidy_blanks(line)
    if is_page_number(text):
        ledger.append(Dropped(Reason.PAGE_NUMBER, text))
        return True
    if is_web_furniture(text):
        ledger.append(Dropped(Reason.NAVIGATION if is_crumbs(text) else Reason.SITE_FRAME, text))
        return True
    return False


def _restored(line: str, ledger: list[Dropped]) -> list[str]:
    """The paragraphs of a collapsed line; a title that it prints twice is told in the ledger."""
    paragraphs = restore_paragraphs(line)
    missing = len(_BLANK.sub("", line)) - sum(len(_BLANK.sub("", each)) for each in paragraphs)
    if missing > 0 and paragraphs:
        ledger.append(Dropped(Reason.REPEATED, paragraphs[0]))
    return paragraphs


def _lines_of_pages(body: str, ledger: list[Dropped]) -> list[str]:
    """The lines of pages that form feeds part, without page numbers and running heads."""
    pages = [page.split("\n") for page in body.split("\f")]
    kept = without_page_furniture(pages)
    for number, (page, rest) in enumerate(zip(pages, kept, strict=True), start=1):
        gone = Counter(line for line in page if line.strip()) - Counter(rest)
        for line, count in gone.items():
            text = tidy_blanks(line)
            number_only = is_page_number(text) or text.isdecimal()
            reason = Reason.PAGE_NUMBER if number_only else Reason.RUNNING_HEAD
            ledger += [Dropped(reason, text, where=f"第{number}页")] * count
    return [line for page in kept for line in page]
