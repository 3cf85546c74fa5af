"""Bytes to text, without guessing wildly, and with a word for every byte that no encoding reads."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from bot.errors import DocumentError

_REMEDY = "用记事本另存为 UTF-8 编码，或确认它是文字文件"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What people call the encodings of this country.
_NAMES = {"utf-8": "UTF-8", "gb18030": "GB 18030", "big5": "Big5", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
#: A page that declares one of these uses characters of its superset.
_WIDER = {
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "gb-2312"), "gb18030"),
    **dict.fromkeys(("utf8", "utf_8", "utf-8-sig"), "utf-8"),
    **dict.fromkeys(("big5", "big-5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
    # What browsers do: a page whose declaration can be read byte by byte is in no encoding of two bytes.
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be", "unicode"), "utf-8"),
}
#: Text may hold a stray control character, not one in a hundred.
MAX_CONTROL_SHARE = 0.01
#: Random bytes read as gb18030 give rare characters; written Chinese keeps to the common set.
MIN_COMMON_SHARE = 0.8
#: Of the characters beyond ASCII so many may be broken, and a handful in a short file.
_BROKEN_SHARE = 0.01
_BROKEN_FEW = 3
#: So many places of broken bytes are named in a warning.
_NAMED_PLACES = 3
#: Enough characters to judge by; a file of 50 MB need not be walked twice.
_SAMPLE_CHARACTERS = 20_000
_ORDINARY_CONTROLS = frozenset("\t\n\r\f\v\x1a")
_BROKEN = "\ufffd"
_TAG = re.compile(r"<[^<>]{0,60}>")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and what staff should know about how it was read."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of ``data`` as :func:`decode_warned` reads it."""
    return decode_warned(data, declared).text


def decode_warned(data: bytes, declared: str | None = None) -> Decoded:
    """The text of ``data``: by its byte order mark, else UTF-8, else ``declared``, else GB 18030, each strictly.

    ``declared`` is the encoding a page names for itself; when the text is in another one, a warning says so.
    Where a few bytes are broken, each becomes one U+FFFD and a warning names its place. The detector comes last
    and its finding must still look like written text. Raises :class:`DocumentError` for bytes that are no text.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], name)
    wanted = _WIDER.get(declared.strip().lower(), declared.strip().lower()) if declared else ""
    names = list(dict.fromkeys(name for name in ("utf-8", wanted, "gb18030") if name))
    for name in names:
        text = _strictly(data, name)
        if text is not None and is_plausible(text, trusted=name == "utf-8"):
            return Decoded(text, _contradiction(text, declared, wanted, name))
        # A broken byte or two: before another encoding gets a chance to read everything else wrongly.
        if text is None and (mended := _mended(data, name)) is not None:
            return mended
    text, name = _detected(data)
    return Decoded(text, _contradiction(text, declared, wanted, name))


def is_plausible(text: str, *, trusted: bool) -> bool:
    """Whether ``text`` looks written by people; ``trusted`` skips the test for common characters."""
    sample = text[:_SAMPLE_CHARACTERS]
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


def _marked(data: bytes, name: str) -> Decoded:
    text = _strictly(data, name)
    if text is not None and is_plausible(text, trusted=True):
        return Decoded(text)
    mended = _mended(data, name)
    if mended is None:
        raise _no_text()
    return mended


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _mended(data: bytes, name: str) -> Decoded | None:
    """``data`` with every broken byte as one U+FFFD, where there are few of them."""
    try:
        text = data.decode(name, errors="replace")
    except LookupError:
        return None
    broken = text.count(_BROKEN)
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    allowed = max(_BROKEN_FEW, foreign * _BROKEN_SHARE)
    # What is left has to be Chinese: GB 18030 of a few characters reads as broken UTF-8 of another script.
    rest = text.replace(_BROKEN, "")
    if not broken or broken > allowed or broken * 2 > foreign or not is_plausible(rest, trusted=False):
        return None
    return Decoded(text, (_broken_warning(text, broken, name),))


def _broken_warning(text: str, broken: int, name: str) -> str:
    places: list[str] = []
    start = -1
    for _ in range(min(broken, _NAMED_PLACES)):
        start = text.index(_BROKEN, start + 1)
        before = "".join(_TAG.sub("", text[max(0, start - 60) : start]).split())[-6:]
        places.append(f"第{text.count(chr(10), 0, start) + 1}行“{before}”之后")
    more = "等处" if broken > len(places) else ""
    label = _NAMES.get(name, name)
    return f"有{broken}处字节按 {label} 读不出，写成了“{_BROKEN}”：{'、'.join(places)}{more}，请对照原文"


def _contradiction(text: str, declared: str | None, wanted: str, name: str) -> tuple[str, ...]:
    """A warning when a page says one encoding and is written in another."""
    if not declared or name == wanted or text.isascii():
        return ()
    return (f"网页自称编码是 {declared.strip()}，实际是 {_NAMES.get(name, name)}，已按实际编码读入",)


def _detected(data: bytes) -> tuple[str, str]:
    for name in ("utf-16-le", "utf-16-be"):
        # Two bytes a character leave the zeros of ASCII and line ends all on one side.
        zeros = data[: _SAMPLE_CHARACTERS * 2][int(name == "utf-16-le") :: 2].count(0)
        if zeros and len(data) % 2 == 0 and (text := _strictly(data, name)) and is_plausible(text, trusted=False):
            return text, name
    if b"\x00\x00" in data[:_SAMPLE_CHARACTERS]:
        raise _no_text()
    from charset_normalizer import from_bytes

    best = from_bytes(data[: _SAMPLE_CHARACTERS * 2], cp_isolation=["big5", "utf_16_le", "utf_16_be"]).best()
    detected = _strictly(data, best.encoding) if best is not None else None
    if best is None or detected is None or not is_plausible(detected, trusted=True):
        raise _no_text()
    return detected, best.encoding


def _no_text() -> DocumentError:
    return DocumentError("不是文字文件，或编码认不出", tried="UTF-8、GB 18030、自动识别", remedy=_REMEDY)
