"""What every loader hands on: a file's text as blocks in reading order, and a ledger of what was left out.

A block is one line of the clean text that knows its place: a heading with its depth, an item with its printed
number, a table's row with the header path of every cell, a footnote. Which lead-in an item belongs to and which
section a block stands in follows from the sequence and is worked out for all formats alike
(:mod:`bot.documents.structure`).

Every visible character of a source stands in a block or in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.documents.front_matter import FrontMatter
from bot.types import UnitCell, UnitKind


class Reason(StrEnum):
    """Why text was left out. ``label`` is what staff read."""

    label: str
    furniture: bool

    def __new__(cls, value: str, label: str, furniture: bool) -> Reason:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.furniture = furniture
        return member

    PAGE_NUMBER = "page_number", "页码", True
    RUNNING_HEAD = "running_head", "页眉页脚", True
    NAVIGATION = "navigation", "网页导航", True
    SITE_FRAME = "site_frame", "网页框架（页头、页脚、侧栏、按钮）", True
    SCRIPT = "script", "脚本和样式", True
    COMMENT = "comment", "批注", False
    HIDDEN = "hidden", "隐藏文字", False
    STRUCK = "struck", "删除线文字", False
    DELETED = "deleted", "修订中已删除的文字", False
    RUBY = "ruby", "注音", True
    REPEATED = "repeated", "同一处重复的文字", True
    CHOICES = "choices", "表单的选项和按钮", True
    NO_TEXT = "no_text", "没有文字层的页或图片", False
    UNREADABLE = "unreadable", "读不了的部分", False
    TOO_MUCH = "too_much", "超出上限的部分", False


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the clean text: no line break, no outer blanks, never empty.

    ``level`` is 1–6 for a heading of the format itself and 1… for the depth of an item; ``marker`` is the number
    as printed, which ``text`` begins with (``（一）``, ``3.``, ``[1]``). A row has its ``cells`` and the number of
    its ``table``, counted through the file from 0; the row's ``text`` is :func:`bot.documents.tables.row_text` of
    them. A caption has the number of the table it stands over.
    """

    kind: UnitKind
    text: str
    level: int = 0
    marker: str = ""
    cells: tuple[UnitCell, ...] = ()
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Text that was left out on purpose; ``where`` says the place as people count it (第3页, 表2)."""

    reason: Reason
    text: str
    where: str = ""

    @property
    def characters(self) -> int:
        """How many characters, white space aside."""
        return len("".join(self.text.split()))


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value as a metadata box, a page's meta element or a file's properties give it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Extract:
    """A file's blocks in reading order, the ledger, and what its format says besides.

    ``title`` is the format's own title, trusted less than a title line of the text; ``fields`` are labelled
    values of the format (``发文字号``, ``失效日期``, ``pubdate``) in the order found, also where they stand in no
    block; ``date`` is an ISO date from page metadata; ``source_url`` the address a saved page names;
    ``warnings`` are sentences for staff (a byte that no encoding reads, pages without text); ``machine_read``
    says that the text was recognised from pictures.
    """

    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...] = ()
    title: str | None = None
    fields: tuple[Field, ...] = ()
    date: str | None = None
    source_url: str | None = None
    front_matter: FrontMatter | None = None
    warnings: tuple[str, ...] = ()
    machine_read: bool = False
