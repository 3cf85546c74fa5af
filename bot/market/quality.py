"""The quality gate: four criteria of 0–5 points, each explained, before anything is published.

Ten points or more publish; fewer hold, and so does a single 0. The rules look at what is stated, how
concretely and in which words; whether it is true they cannot tell, that stays with the manager.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.market.fields import public_words
from bot.market.records import Confidentiality, Need, Offer
from bot.market.redaction import CONTACT_KINDS, Finding, scan
from bot.text.figures import FigureKind, parse_figures

#: After the profile gate of European technology brokering (see the module's docstring).
PUBLISH_AT = 10
MAX_POINTS = 5
_MEASURES = frozenset({FigureKind.PERCENT, FigureKind.COUNT, FigureKind.NUMBER, FigureKind.DURATION})
#: Below these many characters a statement can hardly name a problem, or explain it.
_SHORT_TITLE, _SHORT_TEXT, _FULL_TEXT = 6, 30, 100
#: As often as this no sentence is said for a reason.
_MOST_SAID = 5


class Criterion(StrEnum):
    """What is judged."""

    CLARITY = "clarity"
    MEASURABLE = "measurable"
    COOPERATION = "cooperation"
    WORDING = "wording"

    @property
    def label(self) -> str:
        """The criterion as people read it."""
        return _LABELS[self]


_LABELS = {
    Criterion.CLARITY: "问题或先进性清楚",
    Criterion.MEASURABLE: "可以衡量",
    Criterion.COOPERATION: "合作与资金清楚",
    Criterion.WORDING: "表述与保密",
}


class Verdict(StrEnum):
    """Whether a record may be published as it is."""

    PUBLISH = "publish"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """``points`` 0–5; ``found`` is what was credited, ``improve`` what would raise the score."""

    criterion: Criterion
    points: int
    found: tuple[str, ...]
    improve: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QualityReport:
    """``total`` is 0–20."""

    verdict: Verdict
    total: int
    scores: tuple[CriterionScore, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def improve(self) -> tuple[str, ...]:
        """All advice, the weakest criterion first."""
        ordered = sorted(self.scores, key=lambda score: score.points)
        return tuple(advice for score in ordered for advice in score.improve)


def public_text(record: Need | Offer) -> str:
    """All that was told for others to read, one statement a line (the owner is not part of it)."""
    return "\n".join(public_words(record))


def forbidden_findings(record: Need | Offer, names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What may not stand in the public text: everything private when confidential, else contacts.

    ``names`` are the owner's name and other names to keep out of a confidential record.
    """
    if record.confidentiality is Confidentiality.CONFIDENTIAL:
        # A web address too: a firm's own site tells who it is.
        return scan(public_text(record), names)
    return tuple(finding for finding in scan(public_text(record)) if finding.kind in CONTACT_KINDS)


def assess(record: Need | Offer, names: Iterable[str] = ()) -> QualityReport:
    """Judge ``record`` as it stands; never raises for its content."""
    findings = forbidden_findings(record, names)
    scores = (
        _clarity(record),
        _measurable(record),
        _cooperation(record),
        _wording(record, findings),
    )
    total = sum(score.points for score in scores)
    passed = total >= PUBLISH_AT and all(score.points > 0 for score in scores)
    return QualityReport(Verdict.PUBLISH if passed else Verdict.HOLD, total, scores, findings)


class _Tally:
    """Points with their reasons."""

    def __init__(self, criterion: Criterion) -> None:
        self._criterion = criterion
        self._points = 0
        self._found: list[str] = []
        self._improve: list[str] = []

    def check(self, passed: bool, points: int, found: str, improve: str) -> None:
        if passed:
            self._points += points
            self._found.append(found)
        else:
            self._improve.append(improve)

    def score(self) -> CriterionScore:
        points = max(0, min(MAX_POINTS, self._points))
        return CriterionScore(self._criterion, points, tuple(self._found), tuple(self._improve))


_PROBLEM = re.compile(
    r"问题|难题|瓶颈|困难|不足|缺陷|缺乏|无法|不能|难以|依赖进口|卡脖子|痛点|过高|过低|过长|过短|较差|偏低|偏高|不稳定|污染|损耗|故障|风险|成本高|效率低"
)
_ADVANCE = re.compile(r"提高|提升|降低|减少|缩短|节约|节省|替代|优于|相比|比现有|较传统|突破|解决|改善|增加|延长|避免")
_CLAUSE_END = re.compile(r"[。！？!?；;，,\n]")
_VAGUE = re.compile(
    r"^(?:各类|相关|有关|一些|新|求|找|寻求|需要)?(?:技术|合作|项目|产品|设备|专家|人才|需求|成果|方案)+$"
)


def _clarity(record: Need | Offer) -> CriterionScore:
    tally = _Tally(Criterion.CLARITY)
    title, text = record.title.strip(), record.description.strip()
    specific = len(title) >= _SHORT_TITLE and not _VAGUE.match(title)
    tally.check(specific, 1, "名称具体", "名称写出对象和技术，例如“什么材料/设备的什么技术”")
    length = _told_length(text)
    tally.check(length >= _SHORT_TEXT, 1, "有说明", f"用至少 {_SHORT_TEXT} 个字说明问题")
    tally.check(length >= _FULL_TEXT, 1, "说明充分", f"把背景、对象、卡点写到 {_FULL_TEXT} 字以上")
    if isinstance(record, Need):
        tally.check(bool(_PROBLEM.search(text)), 1, "写出了卡在哪里", "写明现在的做法卡在哪里、为什么不行")
        stated = bool(record.current_state.strip()) or "现有" in text or "目前" in text
        tally.check(stated, 1, "写出了现状", "补充现状：已有什么基础、试过什么办法")
    else:
        advance = record.benefit + text
        tally.check(bool(_ADVANCE.search(advance)), 1, "写出了先进性", "写明与现在的做法相比好在哪里")
        tally.check(bool(record.benefit.strip()), 1, "有效益说明", "补充效益：给使用方带来什么")
    return tally.score()


def _told_length(text: str) -> int:
    """Length of ``text`` with every clause counted once: saying it again explains nothing more."""
    return min(len(text), sum(len(clause) + 1 for clause in dict.fromkeys(_clauses(text))))


def _is_repeated(text: str) -> bool:
    """Whether one sentence or clause of more than a few characters is said again and again."""
    return any(times >= _MOST_SAID and len(clause) > 3 for clause, times in Counter(_clauses(text)).items())


def _clauses(text: str) -> list[str]:
    pieces = (re.sub(r"\s+", " ", piece).strip() for piece in _CLAUSE_END.split(text))
    return [piece for piece in pieces if piece]


def _measures(text: str) -> int:
    return len({figure.key for figure in parse_figures(text) if figure.kind in _MEASURES | {FigureKind.MONEY}})


def _measurable(record: Need | Offer) -> CriterionScore:
    tally = _Tally(Criterion.MEASURABLE)
    if isinstance(record, Need):
        tally.check(bool(record.indicators.strip()), 1, "有指标", "写明希望达到的指标")
        count = _measures(record.indicators) + _measures(record.description)
        tally.check(count >= 1, 2, "指标有数字", "至少给一个带单位的数字（效率、温度、成本、寿命……）")
        tally.check(count >= 2, 1, "不止一个可测指标", "再给一个可测的数字，最好写出现在的数值作对比")
        tally.check(bool(record.deadline.strip()), 1, "有期限", "写明希望完成的时间")
        return tally.score()
    economic = [f for f in parse_figures(record.benefit) if f.kind in (FigureKind.MONEY, FigureKind.PERCENT)]
    count = _measures(record.benefit) + _measures(record.description)
    tally.check(count >= 1, 1, "效果有数字", "至少给一个带单位的数字")
    tally.check(bool(economic), 2, "有经济数字", "给一个经济数字：省多少钱、提高百分之几")
    tally.check(record.trl is not None, 1, "有成熟度", "写明技术成熟度（1–9 级）")
    tally.check(bool(record.trl_evidence.strip()), 1, "成熟度有依据", "写明成熟度的依据（样机、中试、应用案例）")
    return tally.score()


def _cooperation(record: Need | Offer) -> CriterionScore:
    tally = _Tally(Criterion.COOPERATION)
    tally.check(
        bool(record.cooperation.strip()),
        2,
        "合作方式明确",
        "写明合作方式（委托开发、联合研发、转让、许可……）",
    )
    tally.check(bool(record.region.strip()), 1, "有地区", "写明所在地区")
    if isinstance(record, Need):
        tally.check(bool(record.budget.strip()), 1, "有预算", "写明预算范围，暂不确定可写“面议”并给出上限")
        money_or_ip = bool(record.funder.strip() or record.ip_ownership.strip())
        tally.check(money_or_ip, 1, "出资或产权有约定", "写明由谁出资、成果归谁")
    else:
        tally.check(bool(record.ip_status.strip()), 1, "产权状态明确", "写明知识产权状态与可否转让、许可")
        asked = bool(record.price.strip() or record.missing.strip())
        tally.check(asked, 1, "写出了条件", "写明意向价格，或还缺什么（资金、场景、中试）")
    return tally.score()


_HYPE = re.compile(
    r"国际领先|世界领先|国际先进|国内领先|填补(?:国内|国际)?空白|世界第一|全国第一|首创|独一无二|颠覆性|完美|绝对"
)
_PLACEHOLDER = re.compile(
    r"^测试$|测试(?:文字|数据|内容|一下|用的?|测试)|\btest\b|xxx|某某某|待补充|待定待定|asdf|lorem|无无无|示例文字",
    re.IGNORECASE | re.MULTILINE,
)
_REPEATED = re.compile(r"(.)\1{5,}")


def _wording(record: Need | Offer, findings: tuple[Finding, ...]) -> CriterionScore:
    tally = _Tally(Criterion.WORDING)
    text = public_text(record)
    if findings:
        kinds = "、".join(dict.fromkeys(finding.kind.label for finding in findings))
        place = "保密记录的公开文字里" if record.confidentiality is Confidentiality.CONFIDENTIAL else "公开文字里"
        tally.check(False, 0, "", f"{place}有{kinds}，请删去；联系方式只填在“联系方式”一栏")
        return tally.score()
    tally.check(True, 2, "没有不宜公开的联系方式或号码", "")
    clean = not _PLACEHOLDER.search(text) and not _REPEATED.search(text) and not _is_repeated(text)
    tally.check(clean, 1, "没有占位或重复文字", "删去占位文字和重复的字句")
    tally.check(not _HYPE.search(text), 1, "没有空泛的自我评价", "把“国际领先”一类的话换成可核对的数字")
    sentences = "。" in record.description or "；" in record.description or "，" in record.description
    tally.check(sentences, 1, "语句完整", "用完整的句子说明，不只罗列关键词")
    return tally.score()
