"""The contacts that a document prints, with their purposes and their places in the clean text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.documents.markers import CONTACT_LABEL, find_marker, is_contact_line
from bot.documents.structure import TextLine
from bot.types.documents import ContactBlock

#: Values end at the next label or at one of these.
_STOPS = "，,；;。）)"
_SEPARATORS = " :：\u3000"
_FIELD_CHARACTERS = 80
_LINE_CHARACTERS = 160
#: What a number is for, in the words before its label: 政策咨询, 申报受理, a department's name.
_PURPOSE = re.compile(r"[（(]?(?P<purpose>[\u4e00-\u9fff（）()、\s]{2,24}?)[:：]?\s?$")
#: A purpose with its colon and no label of a contact: 政策咨询：李某，0533-6600011.
_BARE_PURPOSE = re.compile(
    r"(?P<purpose>[\u4e00-\u9fff（）()、]{0,16}(?:咨询|受理|支持|服务|申报|报名|投诉|监督|举报|热线|办理|保障|联系))(?:方式)?\s?[:：]\s?(?P<rest>.*)"
)
_PHONE = re.compile(
    r"(?<![\d.])(?:1[3-9]\d{9}|(?:[（(]?0\d{2,3}[）)]?[-—\s]?)?[2-9]\d{6,7}(?:[-—转]\d{1,6})?|[48]00[-\s]?\d{3,4}[-\s]?\d{3,4}"
    r"|(?:0\d{2,3}-)?1\d{4})(?!\d)"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(?=[\s，,、：:（(]|$)|[\u4e00-\u9fff]某{1,2}")
_SECTION_WORDS = re.compile(r"(?:联系|咨询)(?:方式|人|电话)?$")


def find_contact_block(lines: Sequence[TextLine]) -> ContactBlock | None:
    """The last run of contact lines that gives a name or a number; ``None`` where there is none."""
    end = len(lines)
    while end > 0:
        if not is_contact_line(lines[end - 1].text):
            end -= 1
            continue
        start = end - 1
        while start > 0 and is_contact_line(lines[start - 1].text):
            start -= 1
        block = _block(lines[start:end])
        if block is not None:
            return block
        end = start
    return None


@dataclass(slots=True)
class _Contact:
    """A contact that is being read."""

    start: int
    end: int
    purpose: str | None = None
    fields: dict[str, str] = field(default_factory=dict)

    def closed(self) -> Iterator[ContactBlock]:
        """The contact, if it gives a name or a number."""
        if "name" in self.fields or "phone" in self.fields:
            known = {name: value for name, value in self.fields.items() if name != "other"}
            yield ContactBlock(self.start, self.end, purpose=self.purpose, **known)


def find_contacts(lines: Sequence[TextLine]) -> tuple[ContactBlock, ...]:
    """Every contact of the document in reading order, each with the purpose its line gives it.

    A new contact begins with a purpose, with a second name or number, and after text of another kind.
    """
    found: list[ContactBlock] = []
    open_contact: _Contact | None = None
    for line in lines:
        purpose, values = _read_line(line.text)
        if not purpose and not values:
            found.extend(open_contact.closed() if open_contact else ())
            open_contact = None
            continue
        fresh = purpose is not None or open_contact is None or any(name in open_contact.fields for name, _ in values)
        if fresh or open_contact is None:
            found.extend(open_contact.closed() if open_contact else ())
            open_contact = _Contact(line.start, line.end, purpose)
        for name, value in values:
            open_contact.fields.setdefault(name, value)
        open_contact.end = line.end
    found.extend(open_contact.closed() if open_contact else ())
    return tuple(found)


def _read_line(text: str) -> tuple[str | None, list[tuple[str, str]]]:
    """The purpose that a line names, and its labelled values; neither for a line of running text."""
    if len(text) > _LINE_CHARACTERS or not (":" in text or "：" in text):
        return None, []
    marker = find_marker(text)
    words = text[marker.end :].strip() if marker else text
    values = _fields(words)
    first = CONTACT_LABEL.search(words)
    if values and first:
        said = words[: first.start()].strip("（( ")
        if is_contact_line(words) or not said:
            return _purpose_in_label(first), values
        match = _PURPOSE.fullmatch(said)
        if match is None:
            return None, []
        return match["purpose"].strip(" 的") + (_purpose_in_label(first) or ""), values
    return _bare_purpose(words)


def _purpose_in_label(label: re.Match[str]) -> str | None:
    """咨询电话 and 受理电话 tell a purpose of their own; 联系电话 does not."""
    words = "".join(label.group().split())
    for purpose in ("咨询", "受理"):
        if words.startswith(purpose):
            return purpose
    return None


def _bare_purpose(words: str) -> tuple[str | None, list[tuple[str, str]]]:
    """政策咨询：李某，0533-6600011, or a purpose that heads the contact lines below it."""
    match = _BARE_PURPOSE.fullmatch(words)
    if match is None:
        return None, []
    phones = [each.group() for each in _PHONE.finditer(match["rest"])]
    if not phones:
        heads = not match["rest"] and _SECTION_WORDS.search(match["purpose"]) is None
        return (match["purpose"], []) if heads else (None, [])
    values = [("phone", "、".join(phones))]
    name = _NAME.match(match["rest"].strip())
    if name and match["rest"].find(phones[0]) > name.end() - 1:
        values.append(("name", name.group()))
    return match["purpose"], values


def _block(lines: Sequence[TextLine]) -> ContactBlock | None:
    fields: dict[str, str] = {}
    for line in lines:
        for name, value in _fields(line.text):
            fields.setdefault(name, value)
    if "name" not in fields and "phone" not in fields:
        return None
    return ContactBlock(
        start=lines[0].start,
        end=lines[-1].end,
        name=fields.get("name"),
        phone=fields.get("phone"),
        address=fields.get("address"),
        postcode=fields.get("postcode"),
    )


def _fields(text: str) -> list[tuple[str, str]]:
    """``(field, value)`` for each label of ``text`` that a colon follows."""
    labels = [match for match in CONTACT_LABEL.finditer(text) if text[match.end() :].lstrip()[:1] in ("：", ":")]
    found: list[tuple[str, str]] = []
    for index, match in enumerate(labels):
        stop = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        value = text[match.end() : stop].strip(_SEPARATORS + "（(")
        for mark in _STOPS if match.lastgroup != "phone" else "。）":
            value = value.split(mark)[0]
        value = value.strip(_SEPARATORS)
        if value and len(value) <= _FIELD_CHARACTERS and match.lastgroup:
            found.append((match.lastgroup, value))
    return found
