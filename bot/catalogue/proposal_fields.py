"""One proposed field against its document: the words it may say, or the reason why it is left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.catalogue.models import Quoted
from bot.catalogue.proposal_checks import (
    AIMS,
    Stretch,
    covering,
    is_plan,
    places_of,
    squeezed,
    widened,
)
from bot.catalogue.proposal_subjects import Subjects
from bot.text.figures import FigureKind, parse_figures
from bot.text.status import read_status
from bot.types import Document, Status

MIN_QUOTE_CHARACTERS = 4
#: What a field of this name tells: kinds of figures, or words that stand for one.
_TELLS: dict[str, tuple[frozenset[FigureKind], tuple[str, ...]]] = {
    "amount": (frozenset({FigureKind.MONEY, FigureKind.PERCENT}), ("全额", "免费", "免租", "免收")),
    "rate": (frozenset({FigureKind.PERCENT}), ("利率", "贴息", "LPR", "基点", "全额")),
    "term": (frozenset({FigureKind.DURATION, FigureKind.DATE}), ("长期", "常年", "有效期")),
    "deadline": (
        frozenset({FigureKind.DATE, FigureKind.DURATION}),
        ("常年", "随时", "长期", "年底", "月底", "季度", "即日起"),
    ),
}
#: Fields of organisations; the others are those of programmes.
_ORGANISATIONS_FIELDS = frozenset({"profile", "fields", "region"})
#: Money that an applicant has or pays is no amount of support.
_APPLICANTS_MONEY = tuple(
    (
        "注册资本 注册资金 营业收入 销售 产值 总投资 投资额 纳税 年收入 融资额 研发费用 研发投入 净资产 总资产 "
        "罚款 保证金"
    ).split()
)
_DENIALS = ("不", "除", "非", "无", "未", "禁", "排除", "停止", "暂停", "取消")
#: Takes an effect back that a status word tells: 尚未推出, 暂停办理.
_NOT_IN_EFFECT = ("未", "没有", "不再", "暂停", "暂缓", "停止", "取消", "终止", "撤销", "待", "修订中", "正在修订")
#: A status word that only describes something else: 由新设立的中心办理.
_DESCRIBING = re.compile(r"(?:设立|推出|印发|举办|启用|上线|运营|建成)的")
_OFFICE = re.compile(r"[\u4e00-\u9fff](?:处|科|局|委|办|室|中心|所|院|公司|协会|部)(?![\u4e00-\u9fff]{0,2}路)")
_PIECE_MARKS = re.compile(r"[。；;、\n|]")


@dataclass(frozen=True, slots=True)
class Untraced:
    """Why a field is left out."""

    reason: str


class FieldChecker:
    """Checks fields of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.subjects = Subjects(document.text, document.metadata.title)

    def traced(
        self, key: str, value: str, quote: str, names: Collection[str], others: Collection[str]
    ) -> Quoted | Untraced:
        """The words of the document that a field points at, wide enough to say what the document says."""
        text = self.document.text
        if len(squeezed(quote)) < MIN_QUOTE_CHARACTERS:
            return Untraced(f"引文“{quote}”太短，核对不了")
        reason = f"原文中找不到引文“{quote}”"
        for place in places_of(text, quote, marks=True):
            reason = f"引文“{place.of(text)}”没有这样说"
            for narrow in self._values(place, value or quote):
                refused = self._refused(key, narrow, names, others)
                if refused is None:
                    return self._quoted(place, narrow)
                reason = refused
        return Untraced(reason)

    def status(self, told: str, quote: str, names: Collection[str], others: Collection[str]) -> Quoted | Untraced:
        """The status that the quoted words tell of one of ``names``, with these words; ``told`` must agree.

        Where they disagree, a status that warns is kept as it is read, any other is unknown.
        """
        text = self.document.text
        if len(squeezed(quote)) < MIN_QUOTE_CHARACTERS:
            return Untraced("没有找到表明状态的原文，记为状态未写明")
        reason = "没有找到表明状态的原文，记为状态未写明"
        for place in places_of(text, quote, marks=True):
            wide = widened(text, self.subjects.clauses, place, whole=True, planned=True)
            words = wide.of(text)
            about = self.subjects.is_about(place, names, others) and self.subjects.names_in_clause(place, names)
            read = _read_status(words) if about else Status.UNKNOWN
            if not about:
                reason = f"“{words}”说的不是它的状态，记为状态未写明"
            elif read is Status.UNKNOWN:
                reason = f"“{words}”读不出状态，记为状态未写明"
            elif read.value == told or is_plan(words) or read is Status.SUPERSEDED:
                return Quoted(value=read.value, quote=words)
            else:
                reason = f"原文“{words}”读作 {read.value}，与所说的 {told} 不一致，记为状态未写明"
        return Untraced(reason)

    def stands(self, words: str) -> bool:
        """Whether ``words`` stand in the document."""
        return len(squeezed(words)) >= 2 and next(places_of(self.document.text, words, marks=True), None) is not None

    def is_alias(self, alias: str, name: str) -> bool:
        """Whether the document calls ``name`` by ``alias``: a part of it, or told beside it as its short name."""
        short, full = squeezed(alias), squeezed(name)
        if not self.stands(alias):
            return False
        if short in full:
            return True
        beside = re.compile(
            rf"{re.escape(full)}[”》]?[（(，,]?(?:以下)?(?:简称|又称|也称|即)[:：]?[“《]?{re.escape(short)}"
        )
        return beside.search(squeezed(self.document.text)) is not None

    def heads(self, label: str, quote: str) -> bool:
        """Whether the paragraph of ``quote`` holds ``label``."""
        found = next(places_of(self.document.text, quote), None)
        return found is not None and bool(label) and squeezed(label) in squeezed(self.subjects.paragraph(found))

    def _values(self, place: Stretch, value: str) -> Iterator[Stretch]:
        for found in places_of(self.document.text[place.start : place.end], value):
            yield Stretch(found.start + place.start, found.end + place.start)

    def _refused(self, key: str, narrow: Stretch, names: Collection[str], others: Collection[str]) -> str | None:
        text = self.document.text
        clause = self._clause(narrow)
        words, told = narrow.of(text), clause.of(text)
        if any(
            each.start + clause.start < narrow.start < each.end + clause.start
            for each in parse_figures(text[clause.start : clause.end])
        ):
            return f"“{told}”里没有“{words}”这个数"
        if not self.subjects.is_about(narrow, names, others, organisation=key in _ORGANISATIONS_FIELDS):
            return f"“{told}”说的不是它"
        kinds, stand_ins = _TELLS.get(key, (frozenset(), ()))
        if kinds and not any(each.kind in kinds for each in parse_figures(words)):
            if not any(word in words for word in stand_ins):
                return f"“{words}”说的不是这一栏的事"
        beside = text[clause.start : narrow.end].rpartition("、")[2] if "、" not in words else told
        if key == "amount" and any(word in beside for word in _APPLICANTS_MONEY):
            return f"“{told}”说的不是支持的金额"
        return None

    def _clause(self, stretch: Stretch) -> Stretch:
        touched = covering(self.subjects.clauses, stretch)
        if not touched:
            return stretch
        return Stretch(self.subjects.clauses[touched[0]].start, self.subjects.clauses[touched[-1]].end)

    def _quoted(self, place: Stretch, narrow: Stretch) -> Quoted:
        text, clauses = self.document.text, self.subjects.clauses
        value = widened(text, clauses, narrow, planned=True)
        quote = widened(text, clauses, place, planned=True)
        whole = Stretch(min(value.start, quote.start), max(value.end, quote.end))
        return Quoted(value=value.of(text).strip(), quote=whole.of(text).strip())

    # --- contacts ----------------------------------------------------------------------------------

    def contact_piece(self, quote: str, number: str) -> tuple[str, str] | Untraced:
        """The quoted words, and the piece of them that belongs to ``number`` (a phone, or an address) alone."""
        text = self.document.text
        if len(squeezed(quote)) < MIN_QUOTE_CHARACTERS:
            return Untraced("引文太短，核对不了，整条未采用")
        place = next(places_of(text, quote, marks=True), None)
        if place is None:
            return Untraced("原文中找不到这段引文，整条未采用")
        words = place.of(text)
        found = next((each for each in places_of(words, number, marks=True) if _whole_number(words, each)), None)
        if found is None:
            return Untraced(f"引文中没有“{number}”，整条未采用")
        phones = [each for each in parse_figures(words) if each.kind is FigureKind.PHONE]
        start = max(
            (each.end for each in phones if each.end <= found.start and _speaks(words[each.end : found.start])),
            default=0,
        )
        between = _PIECE_MARKS.search(words, start, found.start) if start else None
        start = between.end() if between else start
        after = _PIECE_MARKS.search(words, found.end)
        end = after.start() if after else len(words)
        if any(found.end < each.start < end for each in phones):
            end = found.end
        return words, words[start:end]

    def body_of(self, body: str, piece: str, number: str) -> bool:
        """Whether ``body`` is the office behind ``number``: the last one named before it."""
        found = next(places_of(piece, body), None)
        until = next(places_of(piece, number, marks=True), None)
        if found is None or until is None or found.end > until.start:
            return False
        return _OFFICE.search(piece, found.end, until.start) is None

    def purpose_of(self, purpose: str, piece: str) -> bool:
        """Whether ``piece``, or the title, says ``purpose`` and does not deny it."""
        if squeezed(purpose) in squeezed(self.document.metadata.title):
            return len(squeezed(purpose)) >= 2
        clauses = [each for each in re.split(r"[，,。；;]", piece) if squeezed(purpose) in squeezed(each)]
        return bool(clauses) and len(squeezed(purpose)) >= 2 and not denied(purpose, clauses)


def denied(word: str, clauses: Sequence[str]) -> bool:
    """Whether a clause that holds ``word`` says no beside it."""
    return any(
        any(denial in squeezed(each).replace(squeezed(word), "") for denial in _DENIALS)
        for each in clauses
        if squeezed(word) in squeezed(each)
    )


def in_piece(value: str, piece: str) -> bool:
    """Whether a whole ``value`` stands in ``piece``: no part of a longer number."""
    return len(squeezed(value)) >= 2 and any(_whole_number(piece, each) for each in places_of(piece, value))


def _speaks(words: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in words)


def _whole_number(words: str, place: Stretch) -> bool:
    before, after = words[: place.start][-1:], words[place.end :][:1]
    first, last = words[place.start : place.end][:1], words[place.start : place.end][-1:]
    return not (first.isdigit() and before.isdigit()) and not (last.isdigit() and after.isdigit())


def _read_status(words: str) -> Status:
    read = read_status(_DESCRIBING.sub("", words))
    if read in (Status.IN_FORCE, Status.COMPLETED) and any(word in words for word in (*AIMS, *_NOT_IN_EFFECT)):
        return Status.UNKNOWN
    return read
