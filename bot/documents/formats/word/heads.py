"""Headers and footers: what the first page shows beside its text stays, what runs through is left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.documents.blocks import Block, Reason
from bot.documents.formats.word.context import Context
from bot.documents.formats.word.names import Element, attribute, descendants, switch
from bot.documents.formats.word.notes import Notes
from bot.documents.formats.word.story import Section, Story
from bot.documents.furniture import is_page_number
from bot.types import UnitKind

_PLACES = {"header": "页眉", "footer": "页脚"}
#: Words of heads that say something of the document. Other lines on every page are its title or its publisher.
_TELLING = (
    "密级", "机密", "秘密", "绝密", "内部资料", "内部文件", "特急", "加急", "平急", "签发人", "征求意见", "送审稿",
    "草案", "讨论稿", "报批稿", "试行", "暂行", "有效期", "失效", "废止", "作废", "附件", "抄送", "印发", "联系人",
    "电话", "地址", "邮编", "传真", "备案", "公开",
)  # fmt: skip
_STANDARDS = ("DB", "GB", "T/", "Q/", "ICS", "YY", "HJ", "JR", "JT", "CJ", "SN", "NY")
_DECORATION = frozenset("第共页—–-－―·•/／ 0123456789,，")


@dataclass(slots=True)
class Heads:
    """What heads and feet add: blocks by the place in the body they stand before, and blocks at the end."""

    before: dict[int, list[Block]] = field(default_factory=dict)
    end: list[Block] = field(default_factory=list)


class HeadReader:
    """Reads the headers and footers of one file after its body."""

    def __init__(self, context: Context, notes: Notes, body: list[Block]) -> None:
        self._context = context
        self._notes = notes
        self._seen = ["".join("".join(block.text.split()) for block in body)]
        self._done: set[str] = set()

    def read(self, sections: list[Section]) -> Heads:
        """The lines to keep. A section without heads of its own goes on with those of the one before."""
        heads = Heads()
        start = 0
        shown: dict[tuple[str, str], str] = {}
        for section in sections:
            shown |= self._references(section.properties)
            variant = "first" if switch(section.properties, "w:titlePg") else "default"
            for sort in _PLACES:
                part = shown.get((sort, variant))
                if part is None:
                    continue
                kept = self._part(part, sort, whole=variant == "first")
                if sort == "footer":
                    heads.end += kept
                elif kept:
                    heads.before.setdefault(start, []).extend(kept)
            start = section.end
        self._drop_others()
        return heads

    def _references(self, properties: Element) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for sort in _PLACES:
            for each in descendants(properties, f"w:{sort}Reference"):
                part = self._context.target(self._context.main, attribute(each, "r:id"))
                if part is not None:
                    found[sort, attribute(each, "w:type", "default")] = part
        return found

    def _part(self, part: str, sort: str, *, whole: bool) -> list[Block]:
        """The lines of a part that stay: all but repetitions on a first page, else those that tell something."""
        if part in self._done:
            return []
        self._done.add(part)
        kept: list[Block] = []
        for block in self._blocks(part, sort):
            text = "".join(block.text.split())
            if set(text) <= _DECORATION or is_page_number(block.text):
                self._context.ledger.drop(Reason.PAGE_NUMBER, block.text)
            elif (whole or _tells(text)) and not any(text in each for each in self._seen):
                self._seen.append(text)
                kept.append(Block(UnitKind.PARAGRAPH, block.text) if block.kind is UnitKind.HEADING else block)
            else:
                self._context.ledger.drop(Reason.RUNNING_HEAD, block.text)
        return kept

    def _blocks(self, part: str, sort: str) -> list[Block]:
        root = self._context.package.optional_xml(part)
        if root is None:
            return []
        self._context.ledger.where = _PLACES[sort]
        return Story(self._context, self._notes, root, part, _PLACES[sort]).blocks(root)

    def _drop_others(self) -> None:
        """Heads of even and later pages, and those that no page shows."""
        for each in self._context.package.relationships(self._context.main):
            if each.type not in _PLACES or each.target in self._done:
                continue
            self._done.add(each.target)
            for block in self._blocks(each.target, each.type):
                self._context.ledger.drop(Reason.RUNNING_HEAD, block.text)


def comments(context: Context) -> None:
    """Put the text of comments into the ledger."""
    root = context.package.optional_xml(context.package.related(context.main, "comments"))
    context.ledger.where = "批注"
    for comment in () if root is None else descendants(root, "w:comment"):
        lines = ("".join(each.text or "" for each in descendants(line, "w:t")) for line in descendants(comment, "w:p"))
        context.ledger.drop(Reason.COMMENT, " ".join(lines) + " ")


def _tells(text: str) -> bool:
    numbered = "号" in text and any(each.isdigit() for each in text)
    return numbered or text.endswith("文件") or text.startswith(_STANDARDS) or any(word in text for word in _TELLING)
