"""Word's fields: which text is an instruction, which a result, and what those without a result show."""

from __future__ import annotations

from dataclasses import dataclass

from bot.documents.blocks import Reason
from bot.documents.formats.word.names import Element, attribute, child, descendants, number, switch, value
from bot.documents.formats.word.scripts import lowered, raised
from bot.documents.formats.word.symbols import symbol

_PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_CIRCLED = dict(zip((str(each) for each in range(1, 21)), "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", strict=True))
_CIRCLES = frozenset("○〇◯Ｏ")


@dataclass(slots=True)
class _Open:
    """A field that has begun and not ended."""

    begin: Element
    instruction: str = ""
    in_result: bool = False
    shown: bool = False

    @property
    def name(self) -> str:
        words = self.instruction.split(maxsplit=1)
        return words[0].upper() if words else ""


class Fields:
    """Follows the field characters of one story (the body, a note, a header) in reading order."""

    def __init__(self, root: Element) -> None:
        self._paired = _paired(root)
        self._open: list[_Open] = []

    def character(self, element: Element) -> str:
        """Take note of ``w:fldChar``; at a field's end, what it shows without a result."""
        if element not in self._paired:
            return ""
        sort = attribute(element, "w:fldCharType")
        if sort == "begin":
            self._open.append(_Open(element))
        elif sort == "separate" and self._open:
            self._open[-1].in_result = True
        elif sort == "end" and self._open:
            ended = self._open.pop()
            return "" if ended.shown else shown_by(ended.instruction, ended.begin)
        return ""

    def instruction(self, text: str) -> None:
        """Take note of text of an instruction."""
        if self._open and not self._open[-1].in_result:
            self._open[-1].instruction += text

    def reason(self) -> Reason | None:
        """Why text at this place is not part of the document; None where it is."""
        for each in self._open:
            if not each.in_result:
                return Reason.HIDDEN
            if each.name in _PAGE_FIELDS or (each.name == "PAGEREF" and self.in_contents):
                return Reason.PAGE_NUMBER
        return None

    def text_shown(self) -> None:
        """Take note that a result has text."""
        for each in self._open:
            each.shown = True

    @property
    def in_contents(self) -> bool:
        """Whether this place lies in a table of contents."""
        return any(each.name == "TOC" for each in self._open)


def simple_reason(instruction: str) -> Reason | None:
    """Why the result of a ``w:fldSimple`` is not part of the document; None where it is."""
    words = instruction.split(maxsplit=1)
    return Reason.PAGE_NUMBER if words and words[0].upper() in _PAGE_FIELDS else None


def shown_by(instruction: str, begin: Element) -> str:
    """What a field without a result shows: a box to tick, a chosen entry, a symbol, a formula of old Word."""
    name, _, rest = instruction.strip().partition(" ")
    if instruction.strip().upper().startswith(("EQ ", "EQ\\")):
        return equation_text(instruction.strip()[2:])
    data = child(begin, "w:ffData")
    if name.upper() == "FORMCHECKBOX":
        box = child(data, "w:checkBox")
        checked = switch(box, "w:checked")
        return "☑" if (switch(box, "w:default") if checked is None else checked) else "☐"
    if name.upper() == "FORMDROPDOWN":
        return _chosen(child(data, "w:ddList"))
    return _symbol_field(rest.split()) if name.upper() == "SYMBOL" else ""


def equation_text(instruction: str) -> str:
    r"""An ``EQ`` field in one line.

    >>> equation_text(r"\f(1,2)"), equation_text(r"\o\ac(○,3)"), equation_text(r"\r(,x)"), equation_text(r"x\s\up5(2)")
    ('1/2', '③', '√(x)', 'x²')
    """
    # Formatting switches (\* jc2 \* "Font:宋体" \* hps10) come before the first command.
    return _Equation(instruction).text().strip()


class _Equation:
    r"""A reader of ``\command options(argument,argument)``; the depth of nesting is bounded."""

    _DEEPEST = 20

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def text(self, depth: int = 0, ends: str = "") -> str:
        parts: list[str] = []
        while self._at < len(self._text) and self._text[self._at] not in ends:
            if self._text[self._at] != "\\" or depth > self._DEEPEST:
                parts.append(self._text[self._at])
                self._at += 1
                continue
            self._at += 1
            parts.append(self._command(depth))
        return "".join(parts)

    def _command(self, depth: int) -> str:
        if self._text[self._at : self._at + 1] in ("\\", ",", "(", ")", ";"):
            self._at += 1
            return self._text[self._at - 1]
        if self._text[self._at : self._at + 1] == "*":
            self._skip_switch()
            return ""
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in "(":
            self._at += 1
        words = self._text[start : self._at].lower().replace("\\", " ").split()
        self._at += 1
        arguments = [self.text(depth + 1, ",;)")]
        while self._at < len(self._text) and self._text[self._at] in ",;":
            self._at += 1
            arguments.append(self.text(depth + 1, ",;)"))
        self._at += 1
        return _equation_command(words, [each.strip() for each in arguments])

    def _skip_switch(self) -> None:
        self._at += 1
        rest = self._text[self._at :].lstrip()
        if rest.startswith('"'):
            length = rest.find('"', 1) + 1 or len(rest)
        else:
            length = len(rest.split("\\", 1)[0].split(" ", 1)[0])
        self._at = len(self._text) - len(rest) + length


def _equation_command(words: list[str], arguments: list[str]) -> str:
    command = words[0] if words else ""
    if command == "f":
        return "/".join(arguments)
    if command == "r":
        return f"{raised(arguments[0])}√({arguments[-1]})"
    if command == "s":
        down = any(each.startswith("do") for each in words)
        return lowered(arguments[0]) if down else raised(arguments[0])
    if command == "o":
        # Overstruck: a circled number, or a reading above its character.
        if arguments[0] in _CIRCLES:
            return _CIRCLED.get(arguments[-1], f"({arguments[-1]})")
        return arguments[-1]
    if command == "b":
        return f"({arguments[0]})"
    return "，".join(each for each in arguments if each)


def _chosen(entries: Element | None) -> str:
    if entries is None:
        return ""
    texts = [attribute(each, "w:val") for each in descendants(entries, "w:listEntry")]
    chosen = number(value(entries, "w:result") or value(entries, "w:default"), 0)
    return texts[chosen] if 0 <= chosen < len(texts) else ""


def _symbol_field(words: list[str]) -> str:
    if not words:
        return ""
    hexadecimal = words[0].lower().startswith("0x")
    digits = words[0][2:] if hexadecimal else words[0]
    if len(digits) > 6 or not all(each in "0123456789abcdefABCDEF" for each in digits) or not digits:
        return ""
    try:
        code = int(digits, 16 if hexadecimal else 10)
    except ValueError:
        return ""
    lower = [each.lower() for each in words]
    font = " ".join(words[lower.index("\\f") + 1 :]).strip('"') if "\\f" in lower else ""
    return symbol(code, font.partition('"')[0].partition(" \\")[0]) or ""


def _paired(root: Element) -> set[Element]:
    """The characters of fields that are whole; those of a field that never ends would swallow the document."""
    paired: set[Element] = set()
    open_fields: list[list[Element]] = []
    for element in descendants(root, "w:fldChar"):
        sort = attribute(element, "w:fldCharType")
        if sort == "begin":
            open_fields.append([element])
        elif open_fields and sort in ("separate", "end"):
            open_fields[-1].append(element)
            if sort == "end":
                paired.update(open_fields.pop())
    return paired
