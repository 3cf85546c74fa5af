"""What each clause of a document is about, as far as a name goes: by the clause itself, its paragraph, its headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.catalogue.proposal_checks import Stretch, clauses_in, covering, squeezed

#: Marks of sections from the widest to the narrowest; a mark closes every section as narrow as its own.
_MARKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"#(?!#)",
        r"##(?!#)",
        r"###(?!#)",
        r"#{4,6}",
        r"第[一二三四五六七八九十百\d]{1,4}[章节部分篇]",
        r"第[一二三四五六七八九十百\d]{1,4}条",
        r"[一二三四五六七八九十]{1,3}[、.．]",
        r"[（(][一二三四五六七八九十]{1,3}[)）]",
        r"\d{1,2}[、.．](?!\d)",
        r"[（(]\d{1,2}[)）]|[①-⑳]",
        r"[-*•·]\s",
    )
)
#: A marked line without a full stop and no longer than this is a heading.
_LONGEST_HEADING = 20
_ENDS_PARAGRAPH = "。！？!?；;：:"
#: What support programmes are called; such a name at the beginning of a clause is its subject.
_NAMED = re.compile(
    r"([\u4e00-\u9fffA-Za-z0-9“”《》·—-]{0,14}?)"
    r"(项目|专项|计划|工程|基金|贷款|贷|券|奖|补贴|平台|基地|公寓|大赛|保险|政策|直通车|研究所|研究院|实验室|公司|大学|中心|联盟)"
)
_LEAD_INS = tuple(
    (
        "对于 对 而 且 并 另外 另 同时 此外 其中 拟 计划 将 已 正在 园区 设立 推出 打造 建设 开展 实施 启动 支持 "
        "发放 新"
    ).split()
)
#: Begins a phrase that names no programme of its own: 每个项目, 该项目, 申报项目.
_GENERIC = tuple(
    "每 该 本 单 此 各 申报 支持 资助 立项 获 入选 同一 上述 前述 所有 全部 其 个 推荐 参评 参赛 符合 经".split()
)
_VERBS = tuple("给予 提供 按 享受 可 应 须 不 用于 由 负责 通过 登录 向 为 最高".split())
#: A name told beside these is what the clause compares with or leaves out, not what it is about.
_COMPARED_BEFORE = tuple("除 不含 不包括 与 比 参照 不适用 不适用于 不属于 区别于 未获 不享受".split())
_COMPARED_AFTER = ("除外", "以外", "之外", "不适用", "不享受", "不同", "不在此列")
_JOINING = frozenset("、和与及或“”《》")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph; ``rank`` is that of its mark (None without one), ``heading`` whether what follows is its own."""

    start: int
    end: int
    rank: int | None
    heading: bool


class Subjects:
    """The clauses of one document, and which of them are about a name."""

    def __init__(self, text: str, title: str) -> None:
        self.text = text
        self._title = squeezed(title)
        self._paragraphs = tuple(_paragraphs(text))
        self.clauses = clauses_in(text, paragraphs=frozenset(each.end for each in self._paragraphs))
        self._told = tuple(squeezed(each.of(text)) for each in self.clauses)
        self._named = frozenset(filter(None, map(subject_at, self._told)))

    def paragraph(self, stretch: Stretch) -> str:
        """The words of the paragraph in which ``stretch`` begins."""
        found = (each for each in self._paragraphs if each.start <= stretch.start < max(each.end, each.start + 1))
        return next((self.text[each.start : each.end] for each in found), "")

    def is_about(self, stretch: Stretch, names: Collection[str], others: Collection[str]) -> bool:
        """Whether every clause that ``stretch`` touches is about one of ``names`` and no other name comes between."""
        known = tuple(filter(None, map(squeezed, names)))
        strangers = self._strangers(known, others)
        about = self._about(known, strangers)
        touched = covering(self.clauses, stretch)
        if not touched or not all(place in about for place in touched):
            return False
        before = squeezed(self.text[self.clauses[touched[0]].start : stretch.start])
        mine = max((before.rfind(name) + len(name) for name in known if name in before), default=-1)
        for stranger in strangers:
            place = before.rfind(stranger)
            if place >= mine >= 0 and not set(before[mine:place]) <= _JOINING:
                return False
        return True

    def names_in_clause(self, stretch: Stretch, names: Collection[str]) -> bool:
        """Whether a clause that ``stretch`` touches holds one of ``names`` itself."""
        return any(squeezed(name) in self._told[place] for place in covering(self.clauses, stretch) for name in names)

    def _strangers(self, known: Sequence[str], others: Collection[str]) -> tuple[str, ...]:
        every = {*map(squeezed, others), *self._named}
        return tuple(
            each
            for each in every
            if each and not any(each in name or (name in each and each in self._named) for name in known)
        )

    def _about(self, known: Sequence[str], strangers: Sequence[str]) -> frozenset[int]:
        titled = any(name in self._title for name in known)
        open_sections: list[tuple[int, bool, bool]] = []
        about: set[int] = set()
        place = 0
        for paragraph in self._paragraphs:
            if paragraph.rank is None:
                state = next((mine for _, heading, mine in reversed(open_sections) if heading), titled)
            else:
                while open_sections and open_sections[-1][0] >= paragraph.rank:
                    open_sections.pop()
                state = open_sections[-1][2] if open_sections else titled
            lead: bool | None = None
            while place < len(self.clauses) and self.clauses[place].start < max(paragraph.end, paragraph.start + 1):
                verdict = _verdict(self._told[place], known, strangers)
                state = state if verdict is None else verdict
                about |= {place} if state else set()
                ends = place + 1 == len(self.clauses) or self.clauses[place + 1].sentence > self.clauses[place].sentence
                lead = state if lead is None and ends else lead
                place += 1
            if paragraph.rank is not None:
                open_sections.append((paragraph.rank, paragraph.heading, state if lead is None else lead))
        return frozenset(about)


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    lines: list[tuple[int, str]] = []
    start = 0
    for line in text.split("\n"):
        lines.append((start, line))
        start += len(line) + 1
    begun: int | None = None
    for number, (start, line) in enumerate(lines):
        begun = start if begun is None else begun
        following = lines[number + 1][1].strip() if number + 1 < len(lines) else ""
        own = line.strip()
        heading = _is_heading(own, text[begun:start])
        ends = not following or heading or own[-1:] in _ENDS_PARAGRAPH or _rank(following) is not None
        if ends or own.startswith("|") or following.startswith("|"):
            whole = text[begun : start + len(line)].strip()
            yield _Paragraph(begun, start + len(line), _rank(whole), heading)
            begun = None


def _is_heading(line: str, before: str) -> bool:
    if before.strip() or _rank(line) is None:
        return False
    return (
        line.startswith("#")
        or line.endswith(("：", ":"))
        or (len(line) <= _LONGEST_HEADING and not any(mark in line for mark in "。；，！？"))
    )


def _rank(line: str) -> int | None:
    return next((rank for rank, mark in enumerate(_MARKS) if mark.match(line)), None)


def subject_at(clause: str) -> str:
    """The programme or organisation that a clause begins with; empty when it begins with none.

    >>> subject_at("一、对成果转化项目给予支持"), subject_at("每个项目最高50万元")
    ('成果转化项目', '')
    """
    for mark in _MARKS:
        clause = mark.sub("", clause, count=1) if mark.match(clause) else clause
    while lead := next((word for word in _LEAD_INS if clause.startswith(word)), ""):
        clause = clause.removeprefix(lead)
    found = _NAMED.match(clause)
    if found is None:
        return ""
    head = found.group(1)
    generic = len(head) < 2 or head.startswith(_GENERIC) or any(verb in head for verb in _VERBS)
    return "" if generic else found.group()


def _verdict(clause: str, known: Sequence[str], strangers: Sequence[str]) -> bool | None:
    """True where a clause names its subject among ``known``, False where another, None where none."""
    plain = clause
    for stranger in sorted(strangers, key=len, reverse=True):
        if any(name in stranger for name in known):
            plain = plain.replace(stranger, "〓")
    named = [name for name in known if name in plain]
    if named:
        return not any(_compared(plain, name) for name in named)
    subject = subject_at(clause)
    if any(stranger in clause for stranger in strangers) or (subject and not any(subject in name for name in known)):
        return False
    return None


def _compared(clause: str, name: str) -> bool:
    before, _, after = clause.partition(name)
    return before.endswith(_COMPARED_BEFORE) or after.startswith(_COMPARED_AFTER)
