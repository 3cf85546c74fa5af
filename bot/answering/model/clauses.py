"""Clauses of a stated text, and which of them may be left out of what is shown of it.

Whoever asks for an omission may be wrong or hostile: a true text misleads when what limits it is left out. So a
clause does not go because nothing is found against it; it goes where something is found for it as well. Three
things go: what tells at the end of a sentence only what something is good for (促进产学研深度合作), a sentence that
only praises or introduces (人才是第一资源), and a source remark in brackets (（资料来源：…）). None of them goes that
holds a figure, a status or a word of the guarded list, on which something leans that stays, or without which what
stays has no subject.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.lexicon import recogniser, words
from bot.text.figures import parse_figures
from bot.text.status import read_status
from bot.types import Status

#: What stands where something is left out, so that the reader sees it (GB/T 15834—2011, 4.11).
OMISSION = "……"
#: Marks after which a clause ends; after the others a part of a sentence or the sentence ends as well.
_CLAUSE_ENDS = "，,"
_LEAD_INS = "：:"
_PART_ENDS = "；;" + _LEAD_INS
_SENTENCE_ENDS = "。！？!?\n"
_ENDS = _CLAUSE_ENDS + _PART_ENDS + _SENTENCE_ENDS
#: These also stand inside numbers, times and addresses: they end a clause only where no such thing goes on.
_ALSO_INSIDE = ",:;!?"
_BRACKETS = dict(zip("（(《〈“‘【[「『", "）)》〉”’】]」』", strict=True))
_CLOSING = frozenset(_BRACKETS.values())
#: How a remark in brackets begins that only tells where something was taken from. 来源 alone may be that of money.
_SOURCES = ("资料来源", "数据来源", "图片来源", "信息来源", "供稿", "撰稿", "通讯员", "摄影")
#: Columns of a row, and marks whose two halves look alike: what they hold together cannot be told from a clause.
_HELD_TOGETHER = ("|", "｜", "\t", "`", "<", '"')
_BOLD = "*"
#: What a piece does not end with when what followed it is left out; a full stop stays.
_LOOSE_ENDS = "，,、；; \u3000"

#: Words that may stand before what a clause tells first.
_ADVERBS = tuple(
    "进一步 更好地 有效 切实 有力 大力 持续 稳步 积极 全面 同步 共同 不断 充分 显著 主动 广泛 深入 常态化 联合 同时 "
    "此外 从而 进而 旨在 最大程度 最大限度 更好 并 也 还 共 全年 每年 继续 再".split()
)
#: What begins a phrase that has no subject and states nothing by itself.
_OPENERS = tuple(
    "通过 依托 围绕 结合 随着 借助 利用 凭借 本着 由于 根据 按照 作为 面向 对 向 在 以 于 从 由 因 当 与 给".split()
)
#: A clause that ends so leans on the next one.
_LEANING = ("的", "时", "后", "前", "下", "中", "上", "方面", "、", "期间")
#: Words of a list of duties, aims or parts: its members are what is told, however much they read like effects.
_LISTED = tuple("负责 职责 任务 目标 目的 内容 包括 要求 原则 用于 方向 工作重点 宗旨".split())
#: What a word that begins an effect is a part of when one of these follows: 形成的税费, 提升类项目.
_NOT_VERBS = ("的", "类", "型", "部分", "期", "组", "者", "率", "额")
#: What is lessened and what ends in something to be lessened belong together; 提高企业入驻门槛 is no good effect.
_EASING = ("缓解", "降低", "减轻", "打破")
_BURDENS = ("成本", "压力", "门槛", "负担", "壁垒", "瓶颈")
#: An item of a list by its first character, and by what follows that.
_NUMERALS = "一二三四五六七八九十0123456789①②③④⑤⑥⑦⑧⑨⑩第（("
_ITEM_MARKS = ("是", "、", "方面", "要", "）", ")", ".", "．")
#: Who is said to hold something dear, and with which words such a clause ends.
_REGARD = "高度重视"


@dataclass(frozen=True, slots=True)
class Clause:
    """``text[start:end]`` of a text, its mark and the white space after it included."""

    start: int
    end: int


def clauses_of(text: str) -> tuple[Clause, ...]:
    """The clauses of ``text`` in order, which together are the text.

    No clause ends inside brackets or quotation marks; a source remark in brackets is a clause of its own.

    >>> [text[each.start:each.end] for text in ["对甲给予支持（试行），促进合作。"] for each in clauses_of(text)]
    ['对甲给予支持（试行），', '促进合作。']
    """
    cuts = sorted({0, len(text), *_cuts(text)})
    return tuple(Clause(start, end) for start, end in zip(cuts, cuts[1:], strict=False))


def _cuts(text: str) -> Iterator[int]:
    open_at: list[int] = []
    bold = False
    for place, character in enumerate(text):
        if character == _BOLD and text[place - 1 : place] == _BOLD:
            bold = not bold
            if not bold and not open_at and text[place - 2] in _ENDS:
                yield _after(text, place + 1)
        elif character in _BRACKETS:
            open_at.append(place)
        elif character in _CLOSING and open_at:
            start = open_at.pop()
            if not bold and not open_at and text[start + 1 :].startswith(_SOURCES):
                yield start
                yield _after(text, place + 1)
        elif character in _ENDS and not bold and not open_at and not _goes_on(text, place):
            yield _after(text, place + 1)


def _after(text: str, place: int) -> int:
    """Where the marks and the white space at ``place`` end."""
    while place < len(text) and (text[place] in _ENDS or text[place].isspace()) and not _goes_on(text, place):
        place += 1
    return place


def _goes_on(text: str, place: int) -> bool:
    following = text[place + 1 : place + 2]
    return text[place] in _ALSO_INSIDE and following.isascii() and (following.isalnum() or following == "/")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A clause as it is judged: without outer white space and marks, and with what it ends besides itself.

    A clause leads in when a colon ends it, or a line and no mark, as it ends a heading.
    """

    place: int
    text: str
    ends_part: bool
    ends_sentence: bool
    leads_in: bool


def may_leave_out(text: str, clauses: Sequence[Clause], wanted: Collection[int]) -> frozenset[int]:
    """The positions of those ``wanted`` clauses of ``text`` that may really be left out; one clause always stays."""
    if not _whole(text) or any(mark in text for mark in _HELD_TOGETHER):
        return frozenset()
    pieces = [_piece(text, place, clause) for place, clause in enumerate(clauses)]
    if any(text.count(_BOLD, clause.start, clause.end) % 4 for clause in clauses):
        return frozenset()
    asked = frozenset(wanted)
    gone: set[int] = set()
    # From the end, so that what leans on a clause is known when the clause is judged.
    for sentence in reversed(_runs(pieces, sentences=True)):
        later = [piece for piece in pieces[sentence[-1].place + 1 :] if piece.place not in gone]
        if any(word in piece.text for piece in later for word in _POINTING_FAR):
            break
        if any(map(_points_back, _runs(later, sentences=True)[0] if later else ())):
            continue
        lead = pieces[sentence[0].place - 1] if sentence[0].place else None
        if _goes_whole(sentence, asked) and _stands_alone(later) and not (lead and lead.leads_in):
            gone.update(piece.place for piece in sentence)
        else:
            listed = any(_lists(piece) for piece in pieces if piece.leads_in or piece in sentence)
            gone.update(_of_sentence(sentence, asked, listed=listed))
    # A sign of omission before a word may hide its status: what is shown must be read as the text is.
    same = read_status(rendered(text, clauses, gone)) is read_status(text)
    return frozenset(gone) if len(gone) < len(pieces) and same else frozenset()


def rendered(text: str, clauses: Sequence[Clause], left_out: Collection[int]) -> str:
    """What is shown of ``text``: its own stretches, and ``OMISSION`` wherever something was left out."""
    staying = [place for place in range(len(clauses)) if place not in left_out]
    if not staying or len(staying) == len(clauses):
        return text
    shown = []
    for place, clause in enumerate(clauses):
        piece = text[clause.start : clause.end]
        if place not in left_out:
            before_gap = place + 1 in left_out and place + 1 < len(clauses)
            shown.append(piece.rstrip(_LOOSE_ENDS) if before_gap else piece)
        elif place == 0 or place - 1 not in left_out:
            shown.append(OMISSION)
    return "".join(shown)


def _whole(text: str) -> bool:
    """Whether every bracket and quotation mark of ``text`` has its other half."""
    awaited: list[str] = []
    for character in text:
        if character in _BRACKETS:
            awaited.append(_BRACKETS[character])
        elif character in _CLOSING and (not awaited or awaited.pop() != character):
            return False
    return not awaited


def _piece(text: str, place: int, clause: Clause) -> _Piece:
    whole = text[clause.start : clause.end]
    bare = whole.rstrip(_ENDS + _LOOSE_ENDS + _BOLD + "\r")
    marks = {mark for mark in whole[len(bare) :] if mark in _ENDS}
    ends_sentence = clause.end == len(text) or not marks.isdisjoint(_SENTENCE_ENDS)
    leads_in = marks == {"\n"} or not marks.isdisjoint(_LEAD_INS)
    return _Piece(place, bare.strip(), ends_sentence or not marks.isdisjoint(_PART_ENDS), ends_sentence, leads_in)


def _runs(pieces: Iterable[_Piece], *, sentences: bool) -> list[list[_Piece]]:
    """The pieces by sentences or by the parts that semicolons and colons end."""
    runs: list[list[_Piece]] = [[]]
    for piece in pieces:
        runs[-1].append(piece)
        if piece.ends_sentence if sentences else piece.ends_part:
            runs.append([])
    return [run for run in runs if run]


def _of_sentence(sentence: Sequence[_Piece], asked: Collection[int], *, listed: bool) -> Iterator[int]:
    """The clauses that may go of a sentence that stays: what ends its parts, and source remarks."""
    yield from (piece.place for piece in sentence if piece.place in asked and _names_source(piece))
    pointing = max((piece.place for piece in sentence if _points_back(piece)), default=-1)
    for part in _runs(sentence, sentences=False):
        if listed or part[-1].place < pointing:
            continue
        clauses = [piece for piece in part if not _names_source(piece)]
        effects = _effects(clauses)
        stated = clauses[: len(clauses) - len(effects)]
        if any(map(_states, stated)) and not _leans(stated[-1]):
            yield from (piece.place for piece in takewhile(lambda piece: piece.place in asked, reversed(effects)))


def _effects(part: Sequence[_Piece]) -> list[_Piece]:
    """The effects that end a part of a sentence."""
    return list(takewhile(lambda piece: not piece.leads_in and _tells_effect(piece.text), reversed(part)))[::-1]


def _lists(piece: _Piece) -> bool:
    return any(word in piece.text for word in _LISTED)


def _goes_whole(sentence: Sequence[_Piece], asked: Collection[int]) -> bool:
    """Whether a sentence only praises or introduces, and all of it is asked for."""
    return all(piece.place in asked and not piece.leads_in and _praises(piece.text) for piece in sentence)


def _praises(clause: str) -> bool:
    if guarded(clause):
        return False
    regard = _REGARD in clause and (clause.endswith("工作") or _ends_in("clause_effect_ends", clause))
    return regard or _ends_in("clause_praise", clause)


def _tells_effect(clause: str) -> bool:
    """Whether a clause has no subject and tells what is hoped for: by how it begins and by how it ends."""
    if guarded(clause):
        return False
    told = _without_adverbs(clause)
    if told.startswith(("为", "让")):
        return _ends_in("clause_praise", told)
    verb = recogniser("clause_effects").match(told)
    if verb is None or told[verb.end() :].startswith(_NOT_VERBS) or not _ends_in("clause_effect_ends", told):
        return False
    return (verb.group() in _EASING) is told.endswith(_BURDENS)


def _names_source(piece: _Piece) -> bool:
    inside = piece.text[1:-1]
    # The colon is that of the remark itself.
    return piece.text[:1] in _BRACKETS and inside.startswith(_SOURCES) and not guarded(inside.replace("：", ""))


def guarded(clause: str) -> bool:
    """Whether ``clause`` holds what a reader must not miss."""
    if not clause or clause[0] in _NUMERALS or any(mark in clause for mark in (*_LEAD_INS, "《", _BOLD)):
        return True
    if parse_figures(clause) or read_status(clause) is not Status.UNKNOWN:
        return True
    return recogniser("clause_guards").search(_plain(clause)) is not None


def _plain(clause: str) -> str:
    """A clause without the words that only contain a guarded sign: 不断, 经理人."""
    return recogniser("clause_plain").sub("＿", clause)


def _without_adverbs(clause: str) -> str:
    while clause.startswith(_ADVERBS):
        clause = clause[max(len(word) for word in _ADVERBS if clause.startswith(word)) :]
    return clause


def _ends_in(name: str, clause: str) -> bool:
    return clause.endswith(words(name))


def _leans(clause: _Piece) -> bool:
    """Whether a clause cannot end what is shown of a sentence."""
    told = _without_adverbs(clause.text)
    return clause.leads_in or told.startswith(_OPENERS) or told.endswith(_LEANING)


def _states(clause: _Piece) -> bool:
    """Whether a clause states a deed, not only how, why or for whom one is done."""
    told = _without_adverbs(clause.text)
    deed = recogniser("clause_deeds").search(told)
    # 为提供便利 tells why; 为企业提供便利 is a deed.
    return deed is not None and not _leans(clause) and not (told.startswith("为") and deed.start() < 3)


#: What points to something that was spoken of in this sentence or the one before, or joins what follows to it.
_POINTING = tuple("其 该 此 这 那 它 分别 两者 后者 前者 双方 因此 因而 所以 否则 但 然而 不过 反之 故 于是".split())
#: What may point to anything that was said.
_POINTING_FAR = (
    "上述",
    "前述",
    "前款",
    "前项",
    "以上条件",
    "以上材料",
    "以上措施",
    "以上情形",
    "以上人员",
    "前文",
    "上文",
)
_NOT_POINTING = ("其他", "尤其", "极其", "此外", "其余")


def _points_back(piece: _Piece) -> bool:
    plain = piece.text
    for word in _NOT_POINTING:
        plain = plain.replace(word, "＿")
    return any(word in plain for word in (*_POINTING, *_POINTING_FAR))


def _stands_alone(later: Sequence[_Piece]) -> bool:
    """Whether what follows an omitted sentence is an item of a list or names its own subject."""
    if not later:
        return True
    first = later[0].text.lstrip(_BOLD)
    if first[:1] in tuple(_NUMERALS):
        return first[1:].startswith(_ITEM_MARKS) or first[0] in "（(第①②③④⑤⑥⑦⑧⑨⑩"
    told = _without_adverbs(first)
    deed = recogniser("clause_deeds").search(told)
    subject = told[: deed.start()] if deed else ""
    return len(subject) >= 2 and not subject.startswith((*_OPENERS, "为"))
