"""Symbol fonts: what their characters look like, as characters that every font has."""

from __future__ import annotations

# From 0x21 on; a blank marks a place that has no counterpart.
_SYMBOL_LOW = "!∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
# From 0xA1 on.
_SYMBOL_HIGH = "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_WINGDINGS = {
    0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x3F: "✍", 0x41: "✌", 0x45: "☜", 0x46: "☞", 0x47: "☝",
    0x48: "☟", 0x4A: "☺", 0x4C: "☹", 0x52: "☼", 0x54: "❄", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□",
    0x71: "❑", 0x72: "❒", 0x73: "◆", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x78: "☒", 0x7B: "❀", 0x7C: "✿",
    0x80: "⓪", 0x8B: "⓿", 0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA2: "○", 0xA3: "○", 0xA4: "◉", 0xA5: "◎",
    0xA7: "▪", 0xA8: "☐", 0xAA: "✦", 0xAB: "★", 0xAC: "✶", 0xD5: "⌫", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→",
    0xE1: "↑", 0xE2: "↓", 0xE3: "↖", 0xE4: "↗", 0xE5: "↙", 0xE6: "↘", 0xE7: "←", 0xE8: "→", 0xE9: "↑", 0xEA: "↓",
    0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xF3: "⬄", 0xF8: "▪", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS |= dict(zip(range(0x81, 0x8B), "①②③④⑤⑥⑦⑧⑨⑩", strict=True))
_WINGDINGS |= dict(zip(range(0x8C, 0x96), "❶❷❸❹❺❻❼❽❾❿", strict=True))
_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x55: "☒", 0x56: "☒", 0x69: "⓪", 0x97: "●",
    0x98: "●", 0x99: "○", 0x9A: "○", 0x9B: "◉", 0xA0: "■", 0xA1: "■", 0xA2: "□", 0xA3: "□", 0xA4: "▣",
}  # fmt: skip
_WINGDINGS_2 |= dict(zip(range(0x6A, 0x74), "①②③④⑤⑥⑦⑧⑨⑩", strict=True))
_WINGDINGS_2 |= dict(zip(range(0x75, 0x7F), "❶❷❸❹❺❻❼❽❾❿", strict=True))
_WEBDINGS = {0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗", 0x3C: "■", 0x95: "☞", 0xC9: "☎"}
_SYMBOL = dict(enumerate(_SYMBOL_LOW, 0x21)) | dict(enumerate(_SYMBOL_HIGH, 0xA1))
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "webdings": _WEBDINGS}
#: Symbol fonts are addressed as characters of private use from here on, or by the code itself.
_PRIVATE_START, _PRIVATE_END = 0xF000, 0xF0FF


def is_symbol_font(font: str) -> bool:
    """Whether a font draws other characters than its text says."""
    return font.strip().lower() in _FONTS


def symbol(code: int, font: str) -> str | None:
    """The character that looks like character ``code`` of ``font``; None where there is none.

    >>> symbol(0xF0FE, "Wingdings"), symbol(0xB3, "Symbol"), symbol(0x2611, "MS Gothic"), symbol(0xF041, "Arial")
    ('☑', '≥', '☑', None)
    """
    table = _FONTS.get(font.strip().lower())
    private = _PRIVATE_START <= code <= _PRIVATE_END
    if table is not None and (private or code <= 0xFF):
        found = table.get(code - _PRIVATE_START if private else code, "")
        return found if found.strip() else None
    if 0xE000 <= code <= 0xF8FF or not 0x20 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code)


def in_font(text: str, font: str) -> str:
    """``text`` as a symbol font shows it; characters without a counterpart stay as they are."""
    if not is_symbol_font(font):
        return text
    return "".join(
        each if each.isspace() or "\u2e80" <= each < "\ue000" else symbol(ord(each), font) or each for each in text
    )
