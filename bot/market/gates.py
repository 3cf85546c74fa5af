"""Conditions that a good topic cannot buy off: region, budget, deadline, ip, trl, exclusions.

A gate passes (true), fails (false) or cannot be told because one side did not state it (null). Every
verdict says in words what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.market.exclusions import excluded_in, excluded_terms, states
from bot.market.gate_terms import Place, lies_in, read_periods, read_places
from bot.market.records import Need, Offer, known_same_owner
from bot.text.figures import FigureKind, parse_figures
from bot.types import Gate, GateName


def check_gates(need: Need, offer: Offer, today: date) -> tuple[Gate, ...]:
    """All six gates of a pair, as of ``today``."""
    return (
        _region(need, offer),
        _budget(need, offer),
        _deadline(need, offer, today),
        _ip(need, offer),
        _trl(need, offer),
        _exclusions(need, offer),
    )


_ANY_REGION = re.compile(
    r"不(?:仅|只)?(?:限于?|局限于?)(?=[^，,]{2})(?!地区|地域|区域|国内外|境内外).*|不限(?:于)?|无(?:地区|地域)?(?:要求|限制)|"
    r"没有(?:特别|地区|地域)*(?:要求|限制)|不[作做](?:要求|限制)|国内外|境内外|海内外|(?:各地|任何地区|其他地区)(?=均可|都可以|皆可)"
)
_MAY = re.compile(r"均可以?|都可以?|皆可|即可|亦可|也可")
_PREFERRED = re.compile(r"优先|最好|尽量|倾向")
_REGION_WORDS = r"企业|单位|高校|院所|机构|团队|公司|地区|地域|区域|范围内|范围|以内|之内|内|注册|的"
_REGION_HEAD = re.compile(
    r"^(?:但|且|并|仅限于?|只限于?|限于|限|仅|只|须|必须|应|需|可|接受|面向|要求|在|位于|注册地?|揭榜方|承担方|合作方|地区|地域|区域|为|是|含|包括|包含)+"
)
_REGION_TAIL = re.compile(rf"(?:{_REGION_WORDS})+$")
_REFUSED = re.compile(
    r"^(?:但|且|并|而)*(?:不接受|不考虑|不含|不包括|不包含|不面向|不要|不在|不得[在是为]|不能[在是为]|谢绝|拒绝|排除|非|除去?了?)"
)
_BESIDES = re.compile(rf"(?:以外|之外|除外|(?<![境国海])外)(?:{_REGION_WORDS})*$")


@dataclass(slots=True)
class _WantedRegion:
    """What a need says of its partner's region."""

    anywhere: bool = False
    preferred: bool = False
    places: list[Place] = field(default_factory=list)
    refused: list[Place] = field(default_factory=list)


def _wanted_region(text: str) -> _WantedRegion:
    wanted = _WantedRegion()
    for clause in filter(None, re.split(r"[,，;；。()（）\n]+", re.sub(r"\s+", "", text))):
        if _PREFERRED.search(clause):
            wanted.preferred = True
            continue
        rest = _ANY_REGION.sub("", clause)
        anywhere = rest != clause
        rest = _MAY.sub("", rest)
        refuses = bool(_REFUSED.match(rest) or re.search(r"(?:以外|之外|除外)", rest))
        rest = _BESIDES.sub("", _REFUSED.sub("", rest)) if refuses else rest
        places = _named_places(rest)
        (wanted.refused if refuses else wanted.places).extend(places)
        wanted.anywhere |= anywhere and not places
    return wanted


def _named_places(text: str) -> list[Place]:
    text = _REGION_HEAD.sub("", text)
    named: list[Place] = []
    for place in read_places(text):
        # 国内, 境内 end like the words that may follow a name.
        bare = place.text if place.scope else _REGION_TAIL.sub("", _REGION_HEAD.sub("", place.text))
        bare = {"国": "国内", "境": "境内"}.get(bare, bare)
        named += read_places(bare) if bare else ()
    return named


def _region(need: Need, offer: Offer) -> Gate:
    name, stated = GateName.REGION, offer.region.strip()
    if not need.solver_region.strip():
        return Gate(name, None, "需求方没有写明对合作方地区的要求")
    wanted = _wanted_region(need.solver_region)
    told = f"需求方要求“{need.solver_region.strip()}”"
    if wanted.anywhere and not wanted.places and not wanted.refused:
        return Gate(name, True, f"需求方对地区不限（{need.solver_region.strip()}）")
    if not stated:
        return Gate(name, None, f"{told}，成果方没有写明地区")
    if wanted.preferred and not wanted.places and not wanted.refused:
        return Gate(name, True, f"“{need.solver_region.strip()}”只是优先条件，成果方在“{stated}”")
    passed = _region_fits(wanted, read_places(re.sub(r"[()（）\s]+", "", stated)))
    if passed is None:
        return Gate(name, None, f"{told}，从“{stated}”看不出是否符合")
    return Gate(name, passed, f"成果方在“{stated}”，{'符合' if passed else '不符合'}：{told}")


def _region_fits(wanted: _WantedRegion, stated: tuple[Place, ...]) -> bool | None:
    inside = [lies_in(place, region) for region in wanted.places for place in stated]
    outside = [[lies_in(place, region) for region in wanted.refused] for place in stated]
    if outside and all(True in verdicts for verdicts in outside):
        return False
    if any(verdict is not False for verdicts in outside for verdict in verdicts):
        return None
    if True in inside or not wanted.places:
        return True if wanted.places or wanted.refused else None
    # 不限 next to a place leaves open which of the two counts.
    return None if None in inside or wanted.anywhere else False


_FOREIGN_MONEY = re.compile(r"[$€£]|USD|EUR|GBP|JPY|HKD|美元|美金|欧元|英镑|港元|港币|日元", re.I)
_RANGE = re.compile(r"[-–—~～至到]")
_DIGIT = r"[\d一二三四五六七八九十百千两]"
#: What may follow 万 or 亿 for it to be money without 元: 50万台, 30万次 are none.
_MONEY_END = (
    r"(?=$|[\s,，。;；、:：()（）/／\-–—~～至到+每/]|左右|以内|以下|以上|以外|之内|之间|上下|起|"
    r"不等|人民币|封顶|整|为|一[台套件年])"
)


def _money(text: str) -> list[Decimal]:
    """Amounts in 元; a range without a unit on its lower end (50-80万元) counts by both ends."""
    if not text or _FOREIGN_MONEY.search(text):
        return []
    text = re.sub(r"(?<=\d)\s*[wW](?![a-zA-Z])", "万", text)
    text = re.sub(r"(?<=[万亿])块钱?|(?<=\d)块钱?", "元", text)
    text = re.sub(rf"({_DIGIT})\s*[余多几]?\s*(万|亿)[余多]?{_MONEY_END}", r"\1\2元", text)
    text = re.sub(r"(\d+(?:\.\d+)?)\s*[-–—~～至到]\s*(\d+(?:\.\d+)?)\s*(万|亿)?元", r"\1\3元至\2\3元", text)
    return [
        figure.value
        for figure in parse_figures(text)
        if figure.kind is FigureKind.MONEY and figure.unit == "元" and isinstance(figure.value, Decimal)
    ]


_LOWER_END = re.compile(
    r"以上|不低于|不少于|不小于|至少|最低|(?<!不)大于|(?<!不)超过|(?<!不)高于|下限|起(?!草)|[≥>＞+]"
)
_UPPER_END = re.compile(r"不超过|不高于|不大于|不多于|以内|之内|以下|最高|最多|至多|上限|封顶|(?<!不)低于|[≤<＜]")
_ROUGH = re.compile(r"左右|上下|约|大概|大约|近|余|多万")
_TALKED_OVER = re.compile(r"面议|面谈|协商|商议|议价|另议|可谈|追加|可调")
_RATE = re.compile(
    r"(?:[/／每单]|按|一(?!次性))\s*(台|套|件|个|只|支|年|月|季度?|天|日|吨|公斤|千克|克|米|平方米|平米|㎡|亩|次|批|项|人|家|点|升|度|户|kg|t)"
)
_SHARE = re.compile(r"单价|年费|月费|年付|提成|分成|比例|[%％]|[/／每]\s*(?=[\u4e00-\u9fffA-Za-z])")


def _budget(need: Need, offer: Offer) -> Gate:
    name = GateName.BUDGET
    budget, price = _money(need.budget), _money(offer.price)
    if not budget:
        stated = f"需求方预算写的是“{need.budget}”，没有金额" if need.budget.strip() else "需求方没有写明预算"
        return Gate(name, None, stated)
    if not price:
        stated = f"成果方价格写的是“{offer.price}”，没有金额" if offer.price.strip() else "成果方没有写明意向价格"
        return Gate(name, None, f"预算“{need.budget}”；{stated}")
    both = f"意向价格“{offer.price}”，预算“{need.budget}”"
    if not _same_rate(need.budget, offer.price):
        return Gate(name, None, f"{both}：有按单位、按年或按比例计的价，不能直接与总额相比")
    fits = _affordable(need.budget, budget, offer.price, price)
    if fits is None:
        return Gate(name, None, f"{both}：有开口、约数、可商量或分项的金额，要当面确认")
    verdict = "在预算内" if fits else "超出预算"
    return Gate(name, fits, f"意向价格“{offer.price}”{verdict}（“{need.budget}”）")


def _same_rate(budget: str, price: str) -> bool:
    """Whether both are totals, or both are counted by the same one unit."""
    units = [set(_RATE.findall(text)) for text in (budget, price)]
    if any(_SHARE.search(_RATE.sub("", text)) for text in (budget, price)):
        return False
    return units[0] == units[1] and len(units[0]) <= 1


def _affordable(budget_text: str, budget: list[Decimal], price_text: str, price: list[Decimal]) -> bool | None:
    low, limit = min(price), max(budget)
    upper = [bool(_UPPER_END.search(text)) for text in (budget_text, price_text)]
    lower = [bool(_LOWER_END.search(text)) for text in (budget_text, price_text)]
    if low > limit:
        open_end = (lower[0] and not upper[0]) or (upper[1] and not lower[1] and len(price) == 1)
        talk = _TALKED_OVER.search(budget_text + price_text)
        rough = _ROUGH.search(budget_text + price_text) and low <= limit * Decimal("1.2")
        return None if open_end or talk or rough else False
    # 首期30万元，总价120万元: which of several amounts counts is not told, unless they are one range.
    if max(price) > limit and not _RANGE.search(price_text):
        return None
    if low > min(budget) and not _RANGE.search(budget_text) and not (upper[0] and lower[0]):
        return None
    return None if lower[1] and not upper[1] and limit < max(price) * 2 and not lower[0] else True


def _deadline(need: Need, offer: Offer, today: date) -> Gate:
    name = GateName.DEADLINE
    wanted = read_periods(need.deadline)
    if not wanted:
        stated = f"需求方期限写的是“{need.deadline}”，没有日期" if need.deadline.strip() else "需求方没有写明期限"
        return Gate(name, None, stated)
    last, safe = max(period.last for period in wanted), min(period.safe for period in wanted)
    if last < today:
        return Gate(name, False, f"需求的期限“{need.deadline}”已过（今天是 {today.isoformat()}）")
    ready = read_periods(offer.available_from)
    if not ready:
        return Gate(name, None, f"期限“{need.deadline}”未过；成果方没有写明可交付时间")
    told = f"可交付时间“{offer.available_from}”"
    if all(period.last <= safe for period in ready):
        return Gate(name, True, f"{told}赶得上期限“{need.deadline}”")
    if all(period.first > last for period in ready):
        return Gate(name, False, f"{told}赶不上期限“{need.deadline}”")
    return Gate(name, None, f"{told}与期限“{need.deadline}”靠得太近或写得太粗，看不出是否赶得上")


_DISPUTE = r"(?:纠纷|争议|诉讼|质押|失效|终止|驳回|无效宣告)"
_DISPUTED = re.compile(_DISPUTE)
_ABOUT = r"(?:任何|有|涉及|存在|发生|出现|过|被|权属|产权|知识产权|专利|专利权|法律|的|现有)*"
#: What denies a dispute or says that it is over.
_NO_DISPUTE = re.compile(
    rf"(?:无|没有|不存在|未|不涉及|不涉|从未|没|非){_ABOUT}{_DISPUTE}(?:[、或和及与]{_ABOUT}{_DISPUTE})*|"
    rf"无效宣告(?:请求|申请)?[^，,；;。]{{0,4}}驳回|可(?:办理)?质押|"
    rf"{_DISPUTE}(?:问题|手续|登记|状态)*(?:均|都|现|现均)?已经?(?:全部|依法|被)*"
    r"(?:解除|了结|解决|撤销|撤回|撤诉|注销|化解|和解|消除|终结|结案|结清|处理完)|"
    rf"已经?(?:全部|依法)*(?:解除|了结|解决|撤销|撤回|注销|化解|消除)(?:了|全部|所有)*{_ABOUT}{_DISPUTE}"
)
#: A dispute of the past, or one that may come: asked about, not counted.
_UNSURE_DISPUTE = re.compile(r"曾|历史上|此前|如有|若有|如果|如发生|可能|潜在|拟|负责|承担")
_DENIED = r"(?:不|非|无需|无须|未|并非|不必)(?:要求|强求|需要?|必须?|一定|接受|考虑|用|会|能|得|可以|是|采用|作|要)*"
_OWNED = r"(?:归(?:需求方|甲方|我方|本公司|企业|出资方|委托方)|需求方(?:所有|独有)|甲方所有|买断|独占)"
_OWNED_BY_NEED = re.compile(_OWNED)
_SHARED = re.compile(r"共有|共享|双方|协商|约定|面议")
_NOT_WANTED = re.compile(
    rf"{_DENIED}(?:知识产权|产权|专利|成果|必须|全部|与)*(?:{_OWNED}|共有|共享|双方共有|协商)[^，,；;。]*"
)
_KEPT = re.compile(
    r"(?:不(?!仅|但|光|限|只)|禁止|无法|谢绝|拒绝)[^，,；;。、\s]{0,4}(?:转让|出让)|(?<!不)(?:仅|只)[^，,；;。、\s转]{0,4}许可"
)
_HANDED_OVER = re.compile(r"(?<!已)(?:转让|出让)(?!给|受限|须|需|要|后)|委托开发")
_EXCLUSIVE = re.compile(r"(?<!非)独占")


def _ip(need: Need, offer: Offer) -> Gate:
    name = GateName.IP
    wanted, status = need.ip_ownership.strip(), f"{offer.ip_status} {offer.cooperation}".strip()
    if _DISPUTED.search(_NO_DISPUTE.sub("", offer.ip_status)):
        unsure = _UNSURE_DISPUTE.search(offer.ip_status)
        return Gate(name, None if unsure else False, f"成果方的产权状态是“{offer.ip_status}”")
    if not wanted:
        return Gate(name, None, "需求方没有写明产权归属的要求")
    if not offer.ip_status.strip():
        return Gate(name, None, f"需求方希望“{wanted}”，成果方没有写明知识产权状态")
    asked = _NOT_WANTED.sub("", wanted)
    if _SHARED.search(asked):
        return Gate(name, True, f"需求方对产权的要求是“{wanted}”，可与“{offer.ip_status}”商定")
    passed = _hands_over(asked, status) if _OWNED_BY_NEED.search(asked) else None
    if passed is None:
        return Gate(name, None, f"需求方希望“{wanted}”，成果方“{offer.ip_status}”，要当面确认")
    return Gate(name, passed, f"需求方希望“{wanted}”，成果方“{status}”")


def _hands_over(asked: str, status: str) -> bool | None:
    """Whether the offer gives what it owns out of its hands; a licence to many does not."""
    kept = _KEPT.search(status)
    offered = _HANDED_OVER.search(_KEPT.sub("", status))
    if "独占" in asked:
        offered = offered or _EXCLUSIVE.search(_KEPT.sub("", status))
    if kept:
        return None if offered else False
    return True if offered else None


def _trl(need: Need, offer: Offer) -> Gate:
    name = GateName.TRL
    if need.trl_required is None:
        return Gate(name, None, "需求方没有写明成熟度要求")
    if offer.trl is None:
        return Gate(name, None, f"需求方要求至少 {need.trl_required} 级，成果方没有写明成熟度")
    passed = offer.trl >= need.trl_required
    verdict = "达到" if passed else "低于"
    return Gate(name, passed, f"成果成熟度 {offer.trl} 级，{verdict}要求的 {need.trl_required} 级")


def _exclusions(need: Need, offer: Offer) -> Gate:
    name = GateName.EXCLUSIONS
    if known_same_owner(need, offer):
        return Gate(name, False, "需求方与成果方是同一单位，需求方不得自己揭榜")
    sides = (
        *_excluding(need.exclusions, "需求方", _shown_of(offer)),
        *_told_excluding(need, _shown_of(offer)),
        *_excluding(offer.exclusions, "成果方", f"{need.title}\n{need.description}\n{need.cooperation}"),
    )
    if not sides:
        return Gate(name, None, "双方都没有写明排除条件")
    failed = next((side for side in sides if side.stated), None)
    if failed is not None:
        told = f"{failed.side}排除“{failed.term}”（“{failed.source}”），对方写有“{failed.term}”"
        return Gate(name, False, told)
    unclear = next((side for side in sides if side.stated is None), None)
    if unclear is not None and unclear.term:
        return Gate(name, None, f"{unclear.side}排除“{unclear.term}”，对方提到它，但看不出是否采用")
    if unclear is not None:
        return Gate(name, None, f"{unclear.side}的排除条件“{unclear.source}”要当面确认")
    told = "；".join(dict.fromkeys(side.source for side in sides))
    return Gate(name, True, f"对方的文字里没有出现所排除的内容（“{told}”）")


@dataclass(frozen=True, slots=True)
class _Exclusion:
    """One thing that a side excludes; ``stated`` tells whether the other has it. Without a term, none was read."""

    side: str
    term: str
    source: str
    stated: bool | None


def _shown_of(offer: Offer) -> str:
    return f"{offer.title}\n{offer.description}\n{offer.benefit}\n{offer.cooperation}\n{offer.ip_status}"


def _excluding(exclusions: str, side: str, other: str) -> Iterator[_Exclusion]:
    terms, understood = excluded_terms(exclusions)
    source = exclusions.strip()
    for term in terms:
        yield _Exclusion(side, term, source, states(other, term))
    if not understood:
        yield _Exclusion(side, "", source, None)
    elif source and not terms:
        yield _Exclusion(side, "", source, False)


def _told_excluding(need: Need, other: str) -> Iterator[_Exclusion]:
    """What a need excludes in its running text (不要机器人); how an offer describes itself excludes nothing."""
    for text in (need.title, need.description, need.indicators, need.solver_conditions):
        for each in excluded_in(text):
            yield _Exclusion("需求方", each.term, each.clause, states(other, each.term))
