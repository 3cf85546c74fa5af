"""Characters that extraction leaves behind, folded one by one; full-width punctuation stays."""

from __future__ import annotations

import html
import re
import unicodedata

# Whole characters that some PDF fonts map to code points of the radicals supplement. Only those whose
# radical form is also a word of its own; bound forms (氵, 扌) never stand for a character.
_SUPPLEMENT = {
    "⺁": "厂", "⺓": "幺", "⺟": "母", "⺠": "民", "⺫": "目", "⺬": "示", "⺮": "竹", "⺶": "羊",
    "⺼": "月", "⻁": "虎", "⻄": "西", "⻅": "见", "⻆": "角", "⻇": "角", "⻉": "贝", "⻋": "车",
    "⻒": "长", "⻓": "长", "⻔": "门", "⻗": "雨", "⻘": "青", "⻙": "韦", "⻚": "页", "⻛": "风",
    "⻜": "飞", "⻝": "食", "⻢": "马", "⻣": "骨", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻧": "卤",
    "⻨": "麦", "⻩": "黄", "⻪": "黾", "⻬": "齐", "⻮": "齿", "⻰": "龙", "⻳": "龟",
}  # fmt: skip
_KANGXI = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
# Duplicates kept for old encodings (金 at U+F90A); NFC gives the ordinary character.
_COMPATIBILITY_CODES = (*range(0xF900, 0xFA6E), *range(0xFA70, 0xFADA))
_COMPATIBILITY = {chr(code): unicodedata.normalize("NFC", chr(code)) for code in _COMPATIBILITY_CODES}
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufffe\ufffc\u061c"
_EMBEDDING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = "".join(chr(code) for code in (*range(0x00, 0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)))
# U+0085 is a line end and is handled before; tabs, line and page ends are kept for later stages.
_TABLE = str.maketrans(
    {**_SUPPLEMENT, **_KANGXI, **_COMPATIBILITY}
    | dict.fromkeys(_INVISIBLE + _EMBEDDING + _CONTROLS.replace("\x85", ""))
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x85\u2028\u2029]")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
#: Blanks other than the ordinary one: no-break, en, em, thin … and the ideographic space.
WIDE_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BLANK_RUN = re.compile(rf"[ \t{WIDE_BLANKS}]+")


def fold_characters(text: str) -> str:
    r"""Newlines as ``\n``; radicals and duplicates folded, invisible and control characters gone."""
    return _LINE_ENDS.sub("\n", text).translate(_TABLE)


def unescape_entities(text: str) -> str:
    """Entities that a page left in plain text (``&ldquo;``) as the characters they stand for."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: html.unescape(match.group()), text)


def tidy_blanks(text: str) -> str:
    """One ordinary blank for every run of blanks, none at the ends; no line break survives.

    >>> tidy_blanks("　　某区　科委 ")
    '某区 科委'
    """
    return _BLANK_RUN.sub(" ", text.replace("\n", " ")).strip()
