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
#: A marked line without a full stop and no longer than this is a heading; set apart by a blank line, a longer one.
_LONGEST_HEADING, _LONGEST_SET_APART = 20, 40
_ENDS_PARAGRAPH = "。！？!?；;：:"
#: What support programmes and organisations are called; such a name at the beginning of a clause is its subject.
_PROGRAMMES = "项目|专项|计划|工程|基金|贷款|贷|券|奖|补贴|平台|基地|公寓|大赛|保险|政策|直通车"
_ORGANISATIONS = "研究所|研究院|实验室|公司|大学|学院|中心|联盟|银行|集团|园区"
_NAMED = {
    organisation: re.compile(rf"([\u4e00-\u9fffA-Za-z0-9“”《》·—-]{{0,14}}?)({nouns})")
    for organisation, nouns in ((False, _PROGRAMMES), (True, _ORGANISATIONS))
}
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
#: What a programme does begins so, not what it is called.
_DEEDS = tuple(
    (
        "来自 联动 鼓励 推动 依托 组织 帮助 围绕 响应 面向 针对 借助 结合 引导 培育 优化 完善 加快 与 和 打造 "
        "聚焦 推进 "
        "参与 拓展 主推 增强 吸引"
    ).split()
)
#: Begins a sentence that turns to something else: 此外, 二是.
_TURNS = tuple("此外 另外 同时 再次 其次 最后 线上 线下 另一方面".split())
_COUNTED_OFF = re.compile(r"[一二三四五六七八九十]是|第[一二三四五六七八九]，|其[一二三四五]")
#: Begins a clause that gives examples of what the one before tells.
_EXAMPLES = ("如", "例如", "比如", "包括")
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


@dataclass(frozen=True, slots=True)
class _Reading:
    """The names that are looked for, and the other names of the same kind in the document."""

    known: tuple[str, ...]
    strangers: tuple[str, ...]
    organisation: bool

    def verdict(self, clause: str) -> bool | None:
        """True where a clause names its subject among ``known``, False where another, None where none."""
        plain = clause
        for stranger in sorted(self.strangers, key=len, reverse=True):
            if any(name in stranger for name in self.known):
                plain = plain.replace(stranger, "〓")
        named = [name for name in self.known if name in plain]
        if named:
            return not any(_compared(plain, name) for name in named)
        subject = subject_at(clause, organisation=self.organisation)
        if any(stranger in clause for stranger in self.strangers):
            return False
        return False if subject and not any(subject in name for name in self.known) else None


class Subjects:
    """The clauses of one document, and which of them are about a name."""

    def __init__(self, text: str, title: str) -> None:
        self.text = text
        self._title = squeezed(title)
        self._paragraphs = tuple(_paragraphs(text))
        self.clauses = clauses_in(text, paragraphs=frozenset(each.end for each in self._paragraphs))
        self._told = tuple(squeezed(each.of(text)) for each in self.clauses)
        self._known: dict[_Reading, frozenset[int]] = {}
        self._named = {
            organisation: frozenset(filter(None, (subject_at(each, organisation=organisation) for each in self._told)))
            for organisation in (False, True)
        }

    def paragraph(self, stretch: Stretch) -> str:
        """The words of the paragraph in which ``stretch`` begins."""
        found = (each for each in self._paragraphs if each.start <= stretch.start < max(each.end, each.start + 1))
        return next((self.text[each.start : each.end] for each in found), "")

    def is_about(
        self, stretch: Stretch, names: Collection[str], others: Collection[str], *, organisation: bool = False
    ) -> bool:
        """Whether what ``stretch`` touches is about one of ``names`` and no other name comes between.

        A clause that names nothing may lead in to one of the same sentence that ``stretch`` touches as well.
        """
        known = tuple(filter(None, map(squeezed, names)))
        reading = _Reading(known, self._strangers(known, others, organisation), organisation)
        strangers = reading.strangers
        touched = covering(self.clauses, stretch)
        verdicts = [reading.verdict(self._told[place]) for place in touched]
        about = self._about(reading)
        led_in = (place in about or True in verdicts[at:] for at, place in enumerate(touched))
        if not touched or False in verdicts or not all(led_in):
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

    def _strangers(self, known: Sequence[str], others: Collection[str], organisation: bool) -> tuple[str, ...]:
        named = self._named[organisation]
        every = {*map(squeezed, others), *named}
        return tuple(
            each
            for each in every
            if each and not any(each in name or (name in each and each in named) for name in known)
        )

    def _about(self, reading: _Reading) -> frozenset[int]:
        """The places of the clauses about what is looked for."""
        if reading not in self._known:
            self._known[reading] = frozenset(self._walked(reading))
        return self._known[reading]

    def _walked(self, reading: _Reading) -> set[int]:
        titled = any(name in self._title for name in reading.known)
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
            inherited = state
            lead: bool | None = None
            while place < len(self.clauses) and self.clauses[place].start < max(paragraph.end, paragraph.start + 1):
                told = self._told[place]
                begins = not place or self.clauses[place - 1].sentence < self.clauses[place].sentence
                if begins and lead is not None:
                    # A name told in the middle of a paragraph is the subject of its own sentence only.
                    state = inherited if told.startswith(_TURNS) or _COUNTED_OFF.match(told) else lead
                verdict = reading.verdict(told)
                state = state if verdict is None else verdict
                about |= {place} if state else set()
                if verdict and told.startswith(_EXAMPLES):
                    about |= self._led_in(place, reading)
                ends = place + 1 == len(self.clauses) or self.clauses[place + 1].sentence > self.clauses[place].sentence
                lead = state if lead is None and ends else lead
                place += 1
            if paragraph.rank is not None:
                open_sections.append((paragraph.rank, paragraph.heading, state if lead is None else lead))
        return about

    def _led_in(self, place: int, reading: _Reading) -> set[int]:
        """The clause before an example, where it names nothing else."""
        if not place or self.clauses[place - 1].sentence != self.clauses[place].sentence:
            return set()
        return {place - 1} if reading.verdict(self._told[place - 1]) is None else set()


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    lines: list[tuple[int, str]] = []
    start = 0
    for line in text.split("\n"):
        lines.append((start, line))
        start += len(line) + 1
    begun: int | None = None
    for number, (start, line) in enumerate(lines):
        begun = start if begun is None else begun
        following = next((later.strip() for _, later in lines[number + 1 :] if later.strip()), "")
        own = line.strip()
        blank = number + 1 < len(lines) and not lines[number + 1][1].strip()
        heading = _is_heading(own, text[begun:start], blank)
        # A page may end within a sentence: a blank line alone ends nothing.
        last = text[begun : start + len(line)].rstrip()[-1:] in _ENDS_PARAGRAPH
        ends = not following or heading or last or _rank(following) is not None
        if ends or own.startswith("|") or following.startswith("|"):
            whole = text[begun : start + len(line)].strip()
            yield _Paragraph(begun, start + len(line), _rank(whole), heading)
            begun = None


def _is_heading(line: str, before: str, blank: bool) -> bool:
    """Whether a marked line is a heading; ``blank`` says that a blank line follows."""
    if before.strip() or _rank(line) is None:
        return False
    longest = _LONGEST_SET_APART if blank else _LONGEST_HEADING
    short = len(line) <= longest and not any(mark in line for mark in "。；！？")
    return line.startswith("#") or line.endswith(("：", ":")) or short


def _rank(line: str) -> int | None:
    return next((rank for rank, mark in enumerate(_MARKS) if mark.match(line)), None)


def subject_at(clause: str, *, organisation: bool = False) -> str:
    """The programme (or ``organisation``) that a clause begins with; empty when it begins with none.

    >>> subject_at("一、对成果转化项目给予支持"), subject_at("每个项目最高50万元")
    ('成果转化项目', '')
    """
    for mark in _MARKS:
        clause = mark.sub("", clause, count=1) if mark.match(clause) else clause
    while lead := next((word for word in _LEAD_INS if clause.startswith(word)), ""):
        clause = clause.removeprefix(lead)
    found = _NAMED[organisation].match(clause)
    if found is None:
        return ""
    head = found.group(1)
    generic = len(head) < 2 or head.startswith((*_GENERIC, *_DEEDS)) or any(verb in head for verb in _VERBS)
    return "" if generic else found.group()


def _compared(clause: str, name: str) -> bool:
    before, _, after = clause.partition(name)
    return before.endswith(_COMPARED_BEFORE) or after.startswith(_COMPARED_AFTER)
