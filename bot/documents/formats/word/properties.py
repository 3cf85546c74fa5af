"""What a Word file's properties say: a title that is one, and the author's own labelled values."""

from __future__ import annotations

from bot.documents.blocks import Field
from bot.documents.characters import fold_characters, tidy_blanks
from bot.documents.formats.word.package import Package

#: Titles that programs and templates fill in.
_PLACEHOLDERS = frozenset(
    {
        "word 文档", "word文档", "文档", "标题", "文档标题", "标准名称", "文件名称", "文件标题", "题目", "正文",
        "无标题", "未命名", "附件", "附件1", "模板", "空白文档", "powerpoint 演示文稿", "演示文稿", "新建文档", "title",
        "untitled", "document", "untitled document", "no title", "通知", "公告", "报告", "关于", "封面", "目录",
        "目 录", "前言",
    }
)  # fmt: skip
_PROGRAM_PREFIXES = ("microsoft word", "新建 microsoft", "新建microsoft", "wps ", "document ", "幻灯片", "slide ")
_FILE_SUFFIXES = (".doc", ".docx", ".wps", ".rtf", ".dot", ".dotx", ".wpt", ".odt", ".pdf", ".htm", ".html", ".txt")
_TITLE_CHARACTERS = 200
_FIELD_CHARACTERS = 500


def core_title(package: Package) -> str | None:
    """The title property; None for one that a program or a template left there."""
    root = package.optional_xml(_part(package, "core-properties", "docprops/core.xml"))
    found = None if root is None else next(root.iter("{http://purl.org/dc/elements/1.1/}title"), None)
    title = "" if found is None else _tidy(found.text or "")
    return title if title and not is_placeholder(title) else None


def is_placeholder(title: str) -> bool:
    """Whether a title says nothing of the document.

    >>> is_placeholder("Microsoft Word - 新建.doc"), is_placeholder("文档1"), is_placeholder("项目一览")
    (True, True, False)
    """
    small = title.lower()
    if small in _PLACEHOLDERS or small.startswith(_PROGRAM_PREFIXES) or small.endswith(_FILE_SUFFIXES):
        return True
    if small.rstrip("0123456789 （）()") in _PLACEHOLDERS or not any(each.isalpha() for each in small):
        return True
    one_word = small.isascii() and " " not in small
    # No official document has a single word of letters and figures for its title: such are codes and file names.
    return one_word or len(title) > _TITLE_CHARACTERS


def custom_fields(package: Package) -> tuple[Field, ...]:
    """Properties the author added under a Chinese name (发文字号, 密级)."""
    root = package.optional_xml(_part(package, "custom-properties", "docprops/custom.xml"))
    found: list[Field] = []
    for each in () if root is None else root.iter("{*}property"):
        label, text = _tidy(each.get("name", "")), _tidy("".join(each.itertext()))
        if any("\u4e00" <= character <= "\u9fff" for character in label) and text and len(text) <= _FIELD_CHARACTERS:
            found.append(Field(label, text))
    return tuple(found)


def _part(package: Package, kind: str, usual: str) -> str:
    named = (each.target for each in package.relationships("") if each.type == kind)
    return next((name for name in named if name in package), usual)


def _tidy(text: str) -> str:
    return tidy_blanks(fold_characters(text))
