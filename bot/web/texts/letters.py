"""Every word of the letters' editor, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from bot.introductions.records import Language as Written
from bot.printing.blocks import BlockKind
from bot.web.texts import Language


@dataclass(frozen=True, slots=True)
class LetterTexts:
    """The words in one language; ``{}`` marks what is filled in."""

    language: str
    languages: dict[Written, str]
    keep: str
    keep_hint: str
    by: str
    kept: str
    code: str
    code_hint: str
    open_heading: str
    open_code: str
    open: str
    edit: str
    edit_hint: str
    save: str
    saved: str
    unchanged: str
    no_name: str
    versions: str
    version: str
    drafted: str
    look: str
    restore: str
    restored: str
    changed: str
    nothing_changed: str
    by_hand: str
    too_long: str
    stale: str
    stands_now: str
    yours: str
    pdf: str
    parts: dict[BlockKind, str]


CHINESE = LetterTexts(
    language="信函语言",
    languages={Written.CHINESE: "中文", Written.ENGLISH: "英文"},
    keep="存档并编辑",
    keep_hint="存档后可以改写；每次保存都是一版，谁改的、改了什么都留着。单位设了文号的，存档时编号。",
    by="经办人",
    kept="已存档",
    code="打开码",
    code_hint="凭打开码回到这份信函，请记下；它只显示这一次。",
    open_heading="打开存档的信函",
    open_code="打开码",
    open="打开",
    edit="改写",
    edit_hint="每框一部分，要点每行一条；清空的部分不再出现。双方同意之前，写进单位名称、人名、联系方式、专利号的不能保存。",
    save="保存为新的一版",
    saved="已保存为第 {} 版",
    unchanged="没有改动，没有保存新的一版。",
    no_name="请填经办人（不超过 40 字）。",
    versions="版本",
    version="第 {} 版 · {} · {}",
    drafted="起草",
    look="查看",
    restore="恢复这一版",
    restored="恢复第 {} 版",
    changed="与上一版相比",
    nothing_changed="与上一版文字相同。",
    by_hand="已人工修改，不再有出处",
    too_long="这份信函超出一页，请删减。",
    stale="别人已经先保存了第 {} 版（{}），您的还没有保存。两份文字都在下面，改好后再保存。",
    stands_now="现在的文字",
    yours="您写的文字",
    pdf="下载 PDF",
    parts={
        BlockKind.LETTERHEAD: "信头",
        BlockKind.NUMBER: "文号",
        BlockKind.SUBJECT: "邮件主题",
        BlockKind.TITLE: "标题",
        BlockKind.SALUTATION: "称呼",
        BlockKind.HEADING: "小标题",
        BlockKind.PARAGRAPH: "正文",
        BlockKind.ITEM: "要点（每行一条）",
        BlockKind.SIGNATURE: "落款",
        BlockKind.CONTACT: "联系方式",
    },
)

ENGLISH = LetterTexts(
    language="Language of the letter",
    languages={Written.CHINESE: "Chinese", Written.ENGLISH: "English"},
    keep="Keep and edit",
    keep_hint="A kept letter can be reworded; every save is a version, with who changed what. It gets its number then.",
    by="Your name",
    kept="Kept",
    code="Code",
    code_hint="The code opens this letter again. Write it down; it is shown only once.",
    open_heading="Open a kept letter",
    open_code="Code",
    open="Open",
    edit="Reword",
    edit_hint="One part a box, one item a line; an emptied part goes. "
    "Before both agreed, nothing with a name, contact or patent number can be saved.",
    save="Save as a new version",
    saved="Saved as version {}",
    unchanged="Nothing was changed; no version was saved.",
    no_name="Please give your name (40 characters at most).",
    versions="Versions",
    version="Version {} · {} · {}",
    drafted="drafted",
    look="Show",
    restore="Restore this version",
    restored="Version {} restored",
    changed="Against the version before",
    nothing_changed="The same words as the version before.",
    by_hand="Changed by hand, without a source now",
    too_long="This letter is longer than a page; please shorten it.",
    stale="Somebody saved version {} ({}) first; yours is not saved yet. Both texts stand below; "
    "save again when they agree.",
    stands_now="What stands now",
    yours="What you wrote",
    pdf="Download PDF",
    parts={
        BlockKind.LETTERHEAD: "Letterhead",
        BlockKind.NUMBER: "Reference",
        BlockKind.SUBJECT: "Subject",
        BlockKind.TITLE: "Title",
        BlockKind.SALUTATION: "Salutation",
        BlockKind.HEADING: "Heading",
        BlockKind.PARAGRAPH: "Text",
        BlockKind.ITEM: "Items (one a line)",
        BlockKind.SIGNATURE: "Signature",
        BlockKind.CONTACT: "Contact",
    },
)


def letter_texts(language: Language) -> LetterTexts:
    """The words in ``language``."""
    return ENGLISH if language is Language.ENGLISH else CHINESE
