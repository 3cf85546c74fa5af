"""Exchanges as a file to pass on: question, answer, what qualifies it, and the numbered evidence with its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot.errors import UsageError
from bot.printing import layout, pdf, word
from bot.printing.blocks import Block, BlockKind
from bot.types import Document
from bot.web.actions.reply import Download
from bot.web.conversation import KeptExchange
from bot.web.copying import Part, PartKind, answer_parts
from bot.web.evidence import gather
from bot.web.telling import told_day, told_problem
from bot.web.texts import Texts

LONGEST_TITLE = 60
"""Characters of a conversation's title in the file and in its name."""

_WRITERS = {"docx": word.to_docx, "pdf": pdf.to_pdf}
_NOT_IN_NAMES = '\\/:*?"<>|'


def exported_file(
    suffix: str,
    title: str,
    exchanges: Sequence[KeptExchange],
    open_document: Callable[[str], Document],
    today: date,
    texts: Texts,
) -> Download:
    """A file of that kind with ``exchanges``. Raises :class:`UsageError` for a kind there is not."""
    writer = _WRITERS.get(suffix)
    if writer is None:
        raise UsageError("没有这种文件", value=suffix[:10], remedy=f"可选：{'、'.join(_WRITERS)}")
    title = " ".join(title.split())[:LONGEST_TITLE] or exchanges[0].question[:LONGEST_TITLE]
    blocks = [
        Block(BlockKind.TITLE, title),
        Block(BlockKind.NUMBER, texts.kept.exported_on.format(told_day(today.isoformat(), texts.language))),
        Block(BlockKind.PARAGRAPH, texts.kept.exported_hint),
    ]
    for exchange in exchanges:
        blocks += _exchange_blocks(exchange, open_document, texts)
    name = "".join("_" if character in _NOT_IN_NAMES else character for character in title)
    drawn = [_drawable(each) for each in blocks]
    return Download(f"{name}.{suffix}", writer(drawn, title, layout.fitted_sheet(drawn)))


def _exchange_blocks(exchange: KeptExchange, open_document: Callable[[str], Document], texts: Texts) -> list[Block]:
    """One exchange; a quote that no longer stands in its document is told as such."""
    blocks = [Block(BlockKind.HEADING, texts.copy_question + exchange.question)]
    answer = exchange.answer
    if answer is None:
        return [*blocks, Block(BlockKind.PARAGRAPH, told_problem(exchange.problem, texts.language) or texts.no_answer)]
    if answer.standalone_question.strip() not in ("", answer.question.strip()):
        blocks.append(Block(BlockKind.PARAGRAPH, texts.understood_as.format(answer.standalone_question)))
    for part in answer_parts(answer, texts):
        if part.kind is not PartKind.QUESTION:
            blocks += _part_blocks(part)
    changed = (each.citation.marker for each in gather(answer.citations, open_document) if each.passage is None)
    return blocks + [Block(BlockKind.CONTACT, f"[{each}] {texts.kept.evidence_changed_since}") for each in changed]


def _part_blocks(part: Part) -> list[Block]:
    blocks = [Block(BlockKind.HEADING, part.heading)] if part.heading else []
    for line in (line.strip() for written in part.lines for line in written.split("\n")):
        if not line:
            continue
        if part.kind is PartKind.EVIDENCE:
            blocks.append(Block(BlockKind.CONTACT, line))
        elif line.startswith("- "):
            blocks.append(Block(BlockKind.ITEM, line[2:]))
        else:
            blocks.append(Block(BlockKind.PARAGRAPH, line))
    return blocks


def _drawable(block: Block) -> Block:
    """Without control characters, which Word refuses, and on one line."""
    words = "".join(each if each.isprintable() else " " for each in block.text)
    return Block(block.kind, words)
