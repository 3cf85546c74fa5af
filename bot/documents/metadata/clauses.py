"""Sentences of a line, and whether a clause speaks of the document itself or of something in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.documents.dates import DAY
from bot.documents.markers import GENRE
from bot.documents.structure import TextLine

_S = r"\s{0,2}"
#: 本办法, 本实施细则, 本文件: how a document calls itself. The first genre decides: 本办法规定 is no 规定.
OWN = rf"(?>本(?:(?!的)[\u4e00-\u9fff]){{0,8}}?(?:{GENRE}|政策|文件))(?!规定|所称|中)"
_EVENT = rf"(?:发布|印发|公布|颁布|颁发|下发|签发|发文|通过|批准){_S}(?:之日|当日|之后)"
#: 自2025年3月1日起施行, 自印发之日起30日后实施.
EFFECT = re.compile(
    rf"(?:自|从|于){_S}(?:(?P<day>{DAY})|(?P<event>{_EVENT})){_S}(?:起|开始)?{_S}(?:满|的|第)?{_S}"
    rf"(?:(?P<days>\d{{1,3}}|[一二三四五六七八九十]{{1,3}}){_S}(?:个?自然)?[日天]{_S}(?:后|起|之后|以后)?)?"
    rf"{_S}(?:起|，)?{_S}(?:正式|开始)?{_S}(?:施行|实施|执行|生效|试行)"
)
_SENTENCE = re.compile(r"[^。；！？]+[。；！？]?")
_COMMAS = "，,（("
#: Nothing said of a document takes more; text without stops is no sentence.
_SENTENCE_CHARACTERS = 1000
_SPEAKS_OF_ITSELF = re.compile(rf"{OWN}[^，。；的]{{0,6}}$")
_MADE_PUBLIC = re.compile(rf"现予(?:以)?(?:公布|发布)|印发|公布如下|^{OWN}(?!的[^解有])|{OWN}由")
_OPENS_WITH_ITSELF = re.compile(rf"{OWN}(?:由|自|从|经)")
_NUMBERING = re.compile(r"^(?:第[^\s条]{1,6}条|[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．]?)?\s*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a line, which ``start`` counts in."""

    line: TextLine
    start: int
    text: str

    @property
    def before(self) -> str:
        """What the same line says just before this sentence."""
        return self.line.text[max(0, self.start - _SENTENCE_CHARACTERS) : self.start]


def sentences(line: TextLine) -> Iterator[Sentence]:
    """The sentences of ``line``, in order; brackets and quotes are not looked into."""
    for match in _SENTENCE.finditer(line.text):
        if len(match.group()) <= _SENTENCE_CHARACTERS:
            yield Sentence(line, match.start(), match.group())


def own_effects(sentence: Sentence) -> Iterator[re.Match[str]]:
    """Where the sentence tells from when the document itself is in force; offsets are within the sentence."""
    for match in EFFECT.finditer(sentence.text):
        subject, earlier = _subject(sentence.text, match.start())
        if _SPEAKS_OF_ITSELF.search(subject) or (
            not _NUMBERING.sub("", subject, count=1)
            and (not earlier or _MADE_PUBLIC.search(_NUMBERING.sub("", earlier, count=1)))
        ):
            yield match


def is_own(sentence: Sentence, position: int) -> bool:
    """Whether what stands at ``position`` is said of the document itself.

    本办法有效期5年 and 本办法自…起施行，有效期5年 are; 证书有效期三年 is said of a certificate.
    """
    if any(effect.start() <= position < effect.end() for effect in own_effects(sentence)):
        return True
    subject, earlier = _subject(sentence.text, position)
    if re.search(rf"(?:{OWN})(?:的)?(?:自[^，。；]{{1,30}}起)?$", subject):
        return True
    named = _NUMBERING.sub("", subject, count=1)
    if named in ("政策", "文件", "规范性文件", "上述政策", "以上政策"):
        return True
    if named:
        return False
    if _OPENS_WITH_ITSELF.match(_NUMBERING.sub("", earlier, count=1)):
        return True
    said = _SENTENCE.findall(sentence.before + earlier)
    return any(next(own_effects(Sentence(sentence.line, 0, each)), None) for each in said)


def _subject(text: str, position: int) -> tuple[str, str]:
    """The clause of ``text`` up to ``position``, and what stands before that clause."""
    start = max(text.rfind(comma, 0, position) for comma in _COMMAS) + 1
    return text[start:position], text[:start]
