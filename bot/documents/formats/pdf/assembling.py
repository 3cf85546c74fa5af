"""Pages of lines to an extract's blocks; the same for pages with a text layer and for recognised ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.blocks import Block, Dropped, Reason
from bot.documents.formats.pdf.flow import Flow, PageParts, body_size_of
from bot.documents.formats.pdf.glyphs import Band
from bot.documents.formats.pdf.lines import Sheet, bands_of
from bot.documents.formats.pdf.opening import Bookmark
from bot.documents.formats.pdf.parts import Part, Table
from bot.documents.formats.pdf.regions import read_bands
from bot.documents.formats.pdf.ruled import take_tables
from bot.documents.formats.pdf.running import PageLines, with_notes, without_running

#: A ruling line parts the rows of a table when it is at least this wide, as a share of the text.
_SEPARATOR_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class PageContent:
    """What one page holds before it is known what runs through all of them."""

    lines: PageLines
    tables: tuple[Table, ...] = ()
    #: Text that runs another way than the page, and text at an angle.
    beside: tuple[str, ...] = ()
    skewed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembled:
    """The blocks of all pages, the ledger of what was left out on the way, and what staff should know."""

    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...]
    warnings: tuple[str, ...]


def content_of(sheet: Sheet) -> PageContent:
    """The tables that lines close in, and the lines outside of them."""
    ruled = take_tables(sheet.rules, sheet.glyphs, sheet.turned, sheet.number)
    bands = tuple(bands_of(ruled.glyphs))
    lines = PageLines(sheet.number, sheet.height, bands, sheet.rules, sheet.width)
    return PageContent(lines, ruled.tables, tuple(segment.text for segment in ruled.turned), sheet.skewed)


def assemble(pages: Sequence[PageContent], bookmarks: Sequence[Bookmark] = ()) -> Assembled:
    """The blocks in reading order."""
    body_size = body_size_of(
        [(segment.size, len(segment.text)) for page in pages for band in page.lines.bands for segment in band.segments]
    )
    kept, dropped = without_running([page.lines for page in pages], body_size)
    watermarks = _watermarks(pages)
    made: list[PageParts] = []
    warnings: list[str] = []
    for page, lines in zip(pages, kept, strict=True):
        noted = with_notes(lines, body_size)
        parts, unresolved = _parts(noted, page.tables)
        if unresolved:
            warnings.append(f"{lines.where}有排成表格的文字，列对不准，按行读入，引用前请核对原件")
        dropped.extend(Dropped(Reason.RUNNING_HEAD, text, lines.where) for text in page.skewed if text in watermarks)
        beside = (*page.beside, *(text for text in page.skewed if text not in watermarks))
        made.append(PageParts(lines.number, parts, noted.notes, beside))
    flow = Flow.over(made, bookmarks, body_size)
    for page_parts in made:
        flow.add(page_parts)
    blocks = flow.finish()
    return Assembled(blocks, (*dropped, *flow.dropped), tuple(warnings))


def pages_text(numbers: Sequence[int]) -> str:
    """Page numbers as people write them.

    >>> pages_text([2, 3, 4, 7])
    '第2–4、7页'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "第" + "、".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs) + "页"


def _parts(lines: PageLines, tables: Sequence[Table]) -> tuple[tuple[Part, ...], int]:
    """Lines and tables of a page in reading order, and how many tables could not be resolved."""
    width = max((band.x1 for band in lines.bands), default=0.0) - min((band.x0 for band in lines.bands), default=0.0)
    separators = sorted(
        (rule.top + rule.bottom) / 2
        for rule in lines.rules
        if rule.bottom - rule.top < 3 and rule.x1 - rule.x0 >= _SEPARATOR_SHARE * width
    )
    parts: list[Part] = []
    unresolved = 0
    rest: list[Band] = list(lines.bands)
    for table in sorted(tables, key=lambda table: table.top):
        above = [band for band in rest if (band.top + band.bottom) / 2 < table.top]
        rest = rest[len(above) :] if rest[: len(above)] == above else [band for band in rest if band not in above]
        reading = read_bands(above, separators, lines.number)
        parts.extend([*reading.parts, table])
        unresolved += reading.unresolved
    reading = read_bands(rest, separators, lines.number)
    return (*parts, *reading.parts), unresolved + reading.unresolved


def _watermarks(pages: Sequence[PageContent]) -> frozenset[str]:
    """Text at an angle that comes again."""
    counts = Counter(text for page in pages for text in page.skewed)
    return frozenset(text for text, count in counts.items() if count > 1)
