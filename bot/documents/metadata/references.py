"""What a document says of others: which it repeals, replaces, amends, prolongs, rests on or carries out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.documents.dates import DAY, iso_date
from bot.documents.markers import GENRE, find_marker
from bot.documents.metadata.clauses import OWN, Sentence, sentences
from bot.documents.metadata.number import NUMBER, cited_number, normalise_number
from bot.documents.metadata.source import Source, bare
from bot.types.documents import Reference, ReferenceKind

_TITLE_CHARACTERS = 160
_LIST_LINES = 60
_IN_BRACKETS = re.compile(r"\s?[（(]([^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*)[）)]")
#: What may stand between two documents that are named in one breath.
_LINK = re.compile(r"[\s、，,]*(?:和|及|与|以及|或者?|等)?[\s、，,]*原?\s?")
_NEAR = r"[^。；《》]{0,40}?"
_UNREAL = re.compile(r"[不未尚已如若被]|根据|依据|按照")
_SUPPOSED = re.compile(r"(?:如果?|若|倘若|一旦)\s?原?$")
_PART = re.compile(r"[^，]{0,4}第[^，。]{1,12}[条款章项节]")
_CLASH = re.compile("不一致|不相符|不符|抵触|冲突")
_REPEALED = (
    r"(?:同时|予以|一并|即行|自行|自动|相应|同步|宣布)?(?:废止|失效)"
    r"|(?:同时)?(?:停止|不再|终止)(?:执行|施行|实施|使用|适用)"
)
#: Verbs that follow the documents they speak of.
_AFTER: tuple[tuple[ReferenceKind, re.Pattern[str]], ...] = (
    (
        ReferenceKind.EXTENDS,
        re.compile(rf"(?:有效期|继续(?:有效|执行|施行)|延长){_NEAR}(?:至|到)\s?(?P<until>{DAY})"),
    ),
    (ReferenceKind.REPEALS, re.compile(_REPEALED)),
    (ReferenceKind.REPLACES, re.compile(rf"由{OWN}(?:所)?(?:代替|替代|取代)|以{OWN}(?:的?规定)?为准")),
    (
        ReferenceKind.AMENDS,
        re.compile(r"作(?:出)?(?:如下|以下|相应)修[改订]|修[改订]如下|进行(?:了)?修[改订]|修[改订]为|予以修[改订]"),
    ),
)
#: Verbs that stand before them.
_BEFORE: tuple[tuple[ReferenceKind, re.Pattern[str]], ...] = (
    (ReferenceKind.REPEALS, re.compile(r"(?<!已)废止(?:了)?\s?(?:原)?$")),
    (ReferenceKind.REPLACES, re.compile(r"(?:代替|替代|取代)\s?(?:原)?$")),
    (ReferenceKind.AMENDS, re.compile(r"(?:关于|决定|现|对|拟)[^。；，《》]{0,8}修[改订]\s?$")),
    (ReferenceKind.BASED_ON, re.compile(r"(?:根据|依据|按照|依照|遵照)[^。；，：:《》]{0,24}$")),
    (
        ReferenceKind.IMPLEMENTS,
        re.compile(r"(?:^|[，、]|条\s*)为[^。；《》]{0,30}?(?:贯彻|落实|实施|执行|推进)[^。；《》]{0,16}$"),
    ),
)
#: A document rests on what its opening names, not on every provision that it applies further down.
_PREAMBLE = re.compile(r"制定|制订|现[将就予]|结合|特[此制作]|决定|(?:通知|公告|通告|答复|函复)如下|修订|印发")
_NAMES = re.compile("[《号]|[A-Z]/T|[—–-](?:19|20)")
_LISTED = re.compile(rf"(?:{_REPEALED}|废止).{{0,40}}[:：]$")
_OPENING_KINDS = (ReferenceKind.BASED_ON, ReferenceKind.IMPLEMENTS)
_ENDING_KINDS = (ReferenceKind.REPEALS, ReferenceKind.REPLACES)


@dataclass(frozen=True, slots=True)
class Cited:
    """A document that a sentence names; ``start:end`` are within the sentence."""

    title: str | None
    number: str | None
    start: int
    end: int


def cited_documents(text: str) -> tuple[Cited, ...]:
    """The documents that ``text`` names by a title in 《》 or by number, in order.

    >>> [(each.title, each.number) for each in cited_documents("《甲办法》（云科规〔2022〕6号）同时废止")]
    [('甲办法', '云科规〔2022〕6号')]
    """
    found: list[Cited] = []
    position = 0
    while position < len(text):
        opening = text.find("《", position)
        number = NUMBER.search(text, position, opening if opening >= 0 else len(text))
        if number:
            words = cited_number(number.group())
            found.append(Cited(None, normalise_number(words), number.end() - len(words), number.end()))
            position = number.end()
            continue
        if opening < 0:
            break
        title = _titled(text, opening)
        position = title.end if title else opening + 1
        if title:
            found.append(title)
    return tuple(found)


def find_references(source: Source, own_numbers: Sequence[str], own_titles: Sequence[str]) -> tuple[Reference, ...]:
    """What the document states of others, in reading order, each relation once."""
    found: dict[tuple[ReferenceKind, str, str], Reference] = {}
    titles = {bare(title) for title in own_titles}
    for reference in _all(source):
        itself = reference.number in own_numbers or (
            reference.number is None and reference.kind not in _ENDING_KINDS and bare(reference.title or "") in titles
        )
        if not itself:
            found.setdefault((reference.kind, bare(reference.title or ""), reference.number or ""), reference)
    return tuple(found.values())


def _all(source: Source) -> Iterator[Reference]:
    for line in source.lines:
        if not _NAMES.search(line.text):
            continue
        for sentence in sentences(line):
            yield from _stated(sentence)
    for index, line in enumerate(source.lines):
        if _LISTED.search(line.text):
            yield from _listed(source, index)


def _stated(sentence: Sentence) -> Iterator[Reference]:
    text = sentence.text
    cited = cited_documents(text)
    opening = _PREAMBLE.search(_without(text, cited)) is not None
    taken: set[int] = set()
    for first, document in enumerate(cited):
        left = text[cited[first - 1].end if first else 0 : document.start]
        for kind, verb in _BEFORE:
            if verb.search(left):
                run = _run(text, cited, first)
                taken.update(range(first, run))
                if opening or kind not in _OPENING_KINDS:
                    yield from (_reference(kind, sentence, each) for each in cited[first:run])
                break
    for last in range(len(cited) - 1, -1, -1):
        if last not in taken:
            yield from _followed(sentence, cited, last, taken)


def _followed(sentence: Sentence, cited: tuple[Cited, ...], last: int, taken: set[int]) -> Iterator[Reference]:
    """The relations of the documents up to ``last`` to which a verb after them gives one."""
    text = sentence.text
    stop = cited[last + 1].start if last + 1 < len(cited) else len(text)
    right = text[cited[last].end : stop]
    for kind, verb in _AFTER:
        match = re.match(rf"(?P<gap>{_NEAR})(?:{verb.pattern})", right)
        if match is None or _UNREAL.search(_without_clash(match["gap"])):
            continue
        if kind is ReferenceKind.REPEALS and _PART.match(match["gap"]):
            kind = ReferenceKind.AMENDS
        if kind is ReferenceKind.REPLACES and _CLASH.search(match.group()):
            kind = ReferenceKind.PREVAILS
        until = match.groupdict().get("until")
        first = last
        while first > 0 and first - 1 not in taken and _links(text, cited[first - 1], cited[first]):
            first -= 1
        if _SUPPOSED.search(text[max(0, cited[first].start - 8) : cited[first].start]):
            return
        for number in range(first, last + 1):
            taken.add(number)
            made = _reference(kind, sentence, cited[number])
            yield replace(made, until=iso_date(until)) if until else made
        return


def _without(text: str, cited: Sequence[Cited]) -> str:
    """``text`` without the documents that it names, whose titles have verbs of their own."""
    starts, ends = [each.start for each in cited], [each.end for each in cited]
    return "".join(text[end:start] for end, start in zip([0, *ends], [*starts, len(text)], strict=True))


def _without_clash(gap: str) -> str:
    """The words before a verb without 与本办法不一致的, whose 不 denies nothing."""
    return _CLASH.sub("", gap)


def _listed(source: Source, index: int) -> Iterator[Reference]:
    """The items below 决定废止下列文件："""
    for line in source.lines[index + 1 : index + 1 + _LIST_LINES]:
        marker = find_marker(line.text)
        cited = cited_documents(line.text)
        if not cited or cited[0].start > (marker.end if marker else 0) + 2:
            return
        yield _reference(ReferenceKind.REPEALS, Sentence(line, 0, line.text), cited[0])


def _run(text: str, cited: tuple[Cited, ...], first: int) -> int:
    """Index after the last document that is named in one breath with ``cited[first]``."""
    end = first + 1
    while end < len(cited) and "，" not in text[cited[end - 1].end : cited[end].start]:
        if not _links(text, cited[end - 1], cited[end]):
            break
        end += 1
    return end


def _links(text: str, left: Cited, right: Cited) -> bool:
    return _LINK.fullmatch(text[left.end : right.start]) is not None


def _titled(text: str, opening: int) -> Cited | None:
    """The title in balanced 《》 at ``opening``, with the number in brackets after it."""
    depth = 0
    for index in range(opening, min(len(text), opening + _TITLE_CHARACTERS)):
        depth += {"《": 1, "》": -1}.get(text[index], 0)
        if depth == 0:
            title = text[opening + 1 : index].strip()
            if not title or re.fullmatch(GENRE, title):
                # 《通知》 alone is short for one named before.
                return None
            bracket = _IN_BRACKETS.match(text, index + 1)
            number = NUMBER.search(bracket.group(1)) if bracket else None
            end = bracket.end() if bracket and number else index + 1
            return Cited(title, normalise_number(number.group()) if number else None, opening, end)
    return None


def _reference(kind: ReferenceKind, sentence: Sentence, cited: Cited) -> Reference:
    start = sentence.line.start + sentence.start
    return Reference(kind, cited.title, cited.number, start + cited.start, start + cited.end)
