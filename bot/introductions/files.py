"""A draft as the bytes of a Word or PDF file."""

from __future__ import annotations

from bot.errors import ConsentError
from bot.introductions.records import SUBJECT_WORDS, Introduction, Language
from bot.printing import layout, pdf, word
from bot.printing.blocks import Block, BlockKind

#: Room to sign.
_LINE = "＿" * 8


def to_docx(introduction: Introduction) -> bytes:
    """The draft as .docx. Raises :class:`ConsentError` for a blocked draft."""
    return word.to_docx(_printed(introduction), _title(introduction), _sheet(introduction))


def to_pdf(introduction: Introduction) -> bytes:
    """The draft as .pdf. Raises :class:`ConsentError` for a blocked draft."""
    return pdf.to_pdf(_printed(introduction), _title(introduction), _sheet(introduction))


def _printed(introduction: Introduction) -> tuple[Block, ...]:
    if introduction.blocked is not None:
        raise ConsentError("这份引荐还不能导出", value=introduction.blocked, remedy="先补齐双方同意")
    return tuple(_block(each, introduction.language) for each in introduction.blocks)


def _block(block: Block, language: Language) -> Block:
    if block.kind is BlockKind.SUBJECT:
        return Block(block.kind, SUBJECT_WORDS[language] + block.text)
    if block.kind is BlockKind.SIGNATURE and block.text.endswith("："):
        return Block(block.kind, block.text + _LINE)
    return block


def _title(introduction: Introduction) -> str:
    titles = (block.text for block in introduction.blocks if block.kind is BlockKind.TITLE)
    return next(titles, introduction.form.label)


def _sheet(introduction: Introduction) -> layout.Sheet:
    return layout.fitted_sheet(introduction.blocks, latin=introduction.language is Language.ENGLISH)
