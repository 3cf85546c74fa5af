"""Word documents (.docx): everything a reader of the printed page sees, in reading order, and a ledger of the rest."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.blocks import Block, Extract, Reason
from bot.documents.formats.word.context import Context
from bot.documents.formats.word.heads import HeadReader, comments
from bot.documents.formats.word.ledger import Ledger
from bot.documents.formats.word.names import Element, child, kind
from bot.documents.formats.word.notes import Notes
from bot.documents.formats.word.numbering import Numbering
from bot.documents.formats.word.package import DAMAGED_REMEDY, Package, damage, open_package
from bot.documents.formats.word.properties import core_title, custom_fields
from bot.documents.formats.word.story import DEEPEST, Story
from bot.documents.formats.word.styles import Styles
from bot.errors import DocumentError

#: What a .docx may unpack to; more is an archive made to fill the memory.
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_TRAILING = "0123456789 .…·"


def read_docx(data: bytes) -> Extract:
    """A Word file as blocks.

    List numbers are written out; merged cells stand in every row they cover; a footnote is marked ``[1]`` where
    it is referred to and follows the paragraph or table as a note. Insertions of tracked changes are kept.
    Deleted, hidden and struck text, comments, running heads and page numbers are in the ledger, so are pictures
    and embedded objects. Raises :class:`DocumentError` for encrypted, old-format, damaged and hostile files.
    """
    if data.startswith(_OLE_MAGIC):
        if _ENCRYPTED_STREAM in data:
            raise DocumentError("docx 有密码", remedy="去掉密码后另存一份")
        raise DocumentError("文件有密码，或是旧版 .doc 格式", remedy="去掉密码，用 Word 另存为 .docx")
    if data.lstrip()[:5] == b"{\\rtf":
        raise DocumentError("这是 RTF 文件，不是 docx", remedy="把扩展名改成 .rtf，或用 Word 另存为 .docx")
    try:
        return _read(open_package(data, MAX_UNPACKED_BYTES))
    except DocumentError:
        raise
    except RecursionError:
        raise DocumentError("docx 的内容嵌套太深", remedy=DAMAGED_REMEDY) from None
    except damage() as error:
        raise DocumentError("docx 已损坏或不是 docx", tried=_first_line(error), remedy=DAMAGED_REMEDY) from None


def _read(package: Package) -> Extract:
    context, body = _open(package)
    blocks = _without_contents(context, _all_blocks(context, body))
    unreadable = tuple(dict.fromkeys(package.unreadable))
    for name in unreadable:
        context.ledger.drop(Reason.UNREADABLE, name)
    warnings = tuple(f"文件的一部分已损坏，没有读：{name}" for name in unreadable)
    return Extract(
        tuple(blocks), context.ledger.entries, core_title(package), custom_fields(package), warnings=warnings
    )


def _open(package: Package) -> tuple[Context, Element]:
    """A package's shared parts and its body."""
    main = package.main_part()
    root = package.xml(main)
    body = child(root, "w:body")
    if body is None and kind(root) != "w:document":
        raise DocumentError("docx 已损坏或不是 docx", tried=f"{main} 里没有正文", remedy=DAMAGED_REMEDY)
    styles = Styles(package.optional_xml(package.related(main, "styles")))
    numbering = Numbering(package.optional_xml(package.related(main, "numbering")), styles)
    return Context(package, main, styles, numbering, Ledger(), _insert), root if body is None else body


def _insert(data: bytes, outer: Context) -> list[Block]:
    """The blocks of a Word file that another takes in; its ledger and counts go on in the outer one."""
    if outer.depth >= DEEPEST:
        raise DocumentError("文件套文件太深", remedy=DAMAGED_REMEDY)
    context, body = _open(open_package(data, MAX_UNPACKED_BYTES))
    context.ledger, context.tables, context.depth = outer.ledger, outer.tables, outer.depth + 1
    blocks = _all_blocks(context, body)
    outer.tables = context.tables
    outer.contents += context.contents
    outer.package.unreadable += context.package.unreadable
    return blocks


def _all_blocks(context: Context, body: Element) -> list[Block]:
    notes = Notes(context)
    story = Story(context, notes, body, context.main)
    blocks = story.blocks(body)
    heads = HeadReader(context, notes, blocks).read(story.sections)
    notes.drop_unused()
    comments(context)
    found: list[Block] = []
    for index in range(len(blocks) + 1):
        found += heads.before.get(index, [])
        found += blocks[index : index + 1]
    return found + heads.end


def _without_contents(context: Context, blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the entries of a table of contents that repeat a heading of the text."""
    entries = {id(block) for block in context.contents}
    texts = {"".join(block.text.split()) for block in blocks if id(block) not in entries}
    found: list[Block] = []
    context.ledger.where = "目录"
    for block in blocks:
        entry = "".join(block.text.split())
        if id(block) in entries and (entry in texts or entry.rstrip(_TRAILING) in texts):
            context.ledger.drop(Reason.REPEATED, block.text + " ")
        else:
            found.append(block)
    return found


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
