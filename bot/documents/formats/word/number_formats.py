"""Word's number formats: a count as ``12``, ``xii``, ``十二``, ``⑫``, ``壹拾贰``."""

from __future__ import annotations

from bot.text.numerals import to_chinese

_COUNTING = frozenset(
    {
        "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
        "taiwaneseCountingThousand", "koreanCounting",
    }
)  # fmt: skip
_LEGAL_SIMPLIFIED = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_LEGAL_TRADITIONAL = str.maketrans("零一二三四五六七八九十百千万", "零壹貳參肆伍陸柒捌玖拾佰仟萬")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
#: Numbers drawn as one character, 1 first.
_DRAWN = {
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographTraditional": _STEMS,
    "ideographZodiac": _BRANCHES,
}
_DRAWN["decimalEnclosedCircleChinese"] = _DRAWN["decimalEnclosedCircle"]
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_SEXAGENARY = 60


def format_number(count: int, form: str, pattern: str = "") -> str:
    """``count`` in one of Word's formats; unknown formats and counts beyond a format's reach are plain figures.

    ``pattern`` belongs to the format ``custom``: ``001, 002, 003, ...``.

    >>> [format_number(12, form) for form in ("upperRoman", "chineseCounting", "decimalZero", "lowerLetter")]
    ['XII', '十二', '12', 'l']
    """
    if form == "none":
        return ""
    drawn = _DRAWN.get(form, "")
    if drawn:
        return drawn[count - 1] if 1 <= count <= len(drawn) else str(count)
    return _chinese(count, form) or _western(count, form) or _figures(count, form, pattern)


def _chinese(count: int, form: str) -> str:
    if not 0 <= count < 10**8:
        return ""
    if form in _COUNTING:
        return to_chinese(count)
    if form in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital"):
        return str(count).translate(_DIGITS)
    if form == "chineseLegalSimplified":
        return _legal(count).translate(_LEGAL_SIMPLIFIED)
    if form in ("ideographLegalTraditional", "japaneseLegal"):
        return _legal(count).translate(_LEGAL_TRADITIONAL)
    if form == "ideographZodiacTraditional" and 1 <= count <= _SEXAGENARY:
        return _STEMS[(count - 1) % len(_STEMS)] + _BRANCHES[(count - 1) % len(_BRANCHES)]
    return ""


def _legal(count: int) -> str:
    """The numeral with the 一 before 十 that amounts on cheques have."""
    text = to_chinese(count)
    return f"一{text}" if text.startswith("十") else text


def _western(count: int, form: str) -> str:
    if form in ("lowerRoman", "upperRoman") and 1 <= count <= _LARGEST_ROMAN:
        roman = _roman(count)
        return roman if form == "upperRoman" else roman.lower()
    if form in ("lowerLetter", "upperLetter") and count >= 1:
        # After z Word writes aa, bb, cc.
        letters = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 20)
        return letters if form == "lowerLetter" else letters.upper()
    return ""


def _roman(count: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        times, count = divmod(count, size)
        text += letters * times
    return text


def _figures(count: int, form: str, pattern: str) -> str:
    if form == "decimalZero":
        return f"{count:02d}"
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return str(count).translate(_FULL_WIDTH)
    if form == "numberInDash":
        return f"-{count}-"
    if form == "hex":
        return f"{count:X}"
    if form == "custom":
        first = pattern.partition(",")[0].strip()
        return str(count).zfill(len(first)) if first.isascii() and first.isdigit() and len(first) < 10 else str(count)
    return str(count)
