"""Bytes to text, without guessing wildly."""

from __future__ import annotations

import codecs
import unicodedata

from bot.errors import DocumentError

_REMEDY = "用记事本另存为 UTF-8 编码，或确认它是文字文件"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Text may hold a stray control character, not one in a hundred.
MAX_CONTROL_SHARE = 0.01
#: Random bytes read as gb18030 give rare characters; written Chinese keeps to the common set.
MIN_COMMON_SHARE = 0.8
#: Enough characters to judge by; a file of 50 MB need not be walked twice.
_SAMPLE_CHARACTERS = 20_000
_ORDINARY_CONTROLS = frozenset("\t\n\r\f\v\x1a")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of ``data``: byte order mark, then UTF-8, then ``declared``, then GB 18030, each strictly.

    ``declared`` is the encoding a page names for itself. The detector comes last and its finding must
    still look like written text. Raises :class:`DocumentError` for bytes that are no text.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            text = _strictly(data.removeprefix(mark) if name == "utf-8" else data, name)
            return _checked(text)
    candidates = ["utf-8"]
    if declared:
        candidates.append(_widened(declared))
    candidates.append("gb18030")
    for name in dict.fromkeys(candidates):
        text = _strictly(data, name)
        if text is not None and is_plausible(text, trusted=name == "utf-8"):
            return text
    return _checked(_detected(data))


def is_plausible(text: str, *, trusted: bool) -> bool:
    """Whether ``text`` looks written by people; ``trusted`` skips the test for common characters."""
    sample = text[:_SAMPLE_CHARACTERS]
    if "\x00" in sample:
        return False
    controls = sum(
        1
        for character in sample
        if unicodedata.category(character) in ("Cc", "Cn", "Co") and character not in _ORDINARY_CONTROLS
    )
    if controls > len(sample) * MAX_CONTROL_SHARE:
        return False
    foreign = [character for character in sample if ord(character) > 0x7F and not character.isspace()]
    return trusted or not foreign or _common(foreign) >= len(foreign) * MIN_COMMON_SHARE


def _common(characters: list[str]) -> int:
    """How many of ``characters`` are in the set of 6,763 everyday characters and their punctuation."""
    return len("".join(characters).encode("gb2312", errors="ignore").decode("gb2312", errors="ignore"))


def _widened(name: str) -> str:
    """A page that declares gb2312 or gbk uses characters of its superset."""
    name = name.strip().lower()
    return "gb18030" if name in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else name


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _detected(data: bytes) -> str | None:
    if b"\x00\x00" in data[:_SAMPLE_CHARACTERS]:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data[: _SAMPLE_CHARACTERS * 2], cp_isolation=["big5", "utf_16_le", "utf_16_be"]).best()
    if best is None:
        return None
    return _strictly(data, best.encoding)


def _checked(text: str | None) -> str:
    if text is None or not is_plausible(text, trusted=True):
        raise DocumentError("不是文字文件，或编码认不出", tried="UTF-8、GB 18030、自动识别", remedy=_REMEDY)
    return text
