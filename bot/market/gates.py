"""Conditions that a good topic cannot buy off: region, budget, deadline, ip, trl, exclusions.

A gate passes (true), fails (false) or cannot be told because one side did not state it (null). Every
verdict says in words what it rests on.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from bot.market.records import Need, Offer, same_owner
from bot.text.figures import FigureKind, ParsedFigure, parse_figures
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


_ANY_REGION = re.compile(r"不限|全国|无要求|没有要求|均可|都可以|国内外")
_REGION_HEAD = re.compile(r"^(?:仅限|只限|限于|限|须在|必须在|应在|需在|在|位于|注册在)+")
_REGION_TAIL = re.compile(r"(?:省|市|区|县|自治区|特别行政区|地区|范围内|以内|内|境内|企业|单位|优先)+$")


def _region(need: Need, offer: Offer) -> Gate:
    name = GateName.REGION
    wanted = need.solver_region.strip()
    if not wanted:
        return Gate(name, None, "需求方没有写明对合作方地区的要求")
    if _ANY_REGION.search(wanted):
        return Gate(name, True, f"需求方对地区不限（{wanted}）")
    if not offer.region.strip():
        return Gate(name, None, f"需求方要求“{wanted}”，成果方没有写明地区")
    if "优先" in wanted:
        return Gate(name, True, f"“{wanted}”只是优先条件，成果方在“{offer.region}”")
    places = [_REGION_TAIL.sub("", _REGION_HEAD.sub("", place)) for place in re.split(r"[、,，;；/或和及\s]+", wanted)]
    if any(place and place in offer.region for place in places):
        return Gate(name, True, f"成果方在“{offer.region}”，符合“{wanted}”")
    # A district may lie in the place asked for: only names of the same level can contradict.
    if _same_level(wanted, offer.region):
        return Gate(name, False, f"需求方要求“{wanted}”，成果方在“{offer.region}”")
    return Gate(name, None, f"需求方要求“{wanted}”，从“{offer.region}”看不出是否符合")


def _same_level(wanted: str, stated: str) -> bool:
    for level in ("省", "市", "区", "县"):
        if wanted.rstrip("内以范围").endswith(level):
            return level in stated
    return False


def _money(text: str) -> list[Decimal]:
    """Amounts in 元; a range without a unit on its lower end (50-80万元) counts by both ends."""
    if not text:
        return []
    text = re.sub(r"(\d+(?:\.\d+)?)\s*[-–—~～至到]\s*(\d+(?:\.\d+)?)\s*(万|亿)?元", r"\1\3元至\2\3元", text)
    return [
        figure.value
        for figure in parse_figures(text)
        if figure.kind is FigureKind.MONEY and figure.unit == "元" and isinstance(figure.value, Decimal)
    ]


def _budget(need: Need, offer: Offer) -> Gate:
    name = GateName.BUDGET
    budget, price = _money(need.budget), _money(offer.price)
    if not budget:
        stated = f"需求方预算写的是“{need.budget}”，没有金额" if need.budget.strip() else "需求方没有写明预算"
        return Gate(name, None, stated)
    if not price:
        stated = f"成果方价格写的是“{offer.price}”，没有金额" if offer.price.strip() else "成果方没有写明意向价格"
        return Gate(name, None, f"预算“{need.budget}”；{stated}")
    fits = min(price) <= max(budget)
    verdict = "在预算内" if fits else "超出预算"
    return Gate(name, fits, f"意向价格“{offer.price}”{verdict}（“{need.budget}”）")


def _last_day(figure: ParsedFigure) -> date | None:
    """The last day of an ISO date of any precision; ``None`` without a year."""
    parts = str(figure.value).split("-")
    if not parts[0]:
        return None
    year, month = int(parts[0]), int(parts[1]) if len(parts) > 1 else 12
    if len(parts) == 3:
        day = int(parts[2])
    else:
        day = 31 if month in (1, 3, 5, 7, 8, 10, 12) else 30 if month != 2 else 28
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _dates(text: str) -> list[date]:
    if not text:
        return []
    found = (_last_day(figure) for figure in parse_figures(text) if figure.kind is FigureKind.DATE)
    return [day for day in found if day is not None]


def _deadline(need: Need, offer: Offer, today: date) -> Gate:
    name = GateName.DEADLINE
    wanted = _dates(need.deadline)
    if not wanted:
        stated = f"需求方期限写的是“{need.deadline}”，没有日期" if need.deadline.strip() else "需求方没有写明期限"
        return Gate(name, None, stated)
    last = max(wanted)
    if last < today:
        return Gate(name, False, f"需求的期限“{need.deadline}”已过（今天是 {today.isoformat()}）")
    ready = _dates(offer.available_from)
    if not ready:
        return Gate(name, None, f"期限“{need.deadline}”未过；成果方没有写明可交付时间")
    fits = min(ready) <= last
    verdict = "赶得上" if fits else "赶不上"
    return Gate(name, fits, f"可交付时间“{offer.available_from}”{verdict}期限“{need.deadline}”")


_DISPUTED = re.compile(r"纠纷|争议|诉讼|质押|失效|终止|驳回|无效宣告")
_NO_DISPUTE = re.compile(r"(?:无|没有|不存在|未)(?:任何)?(?:权属|产权|知识产权)?(?:纠纷|争议|诉讼|质押)")
_OWNED_BY_NEED = re.compile(r"归(?:需求方|甲方|我方|本公司|企业|出资方|委托方)|需求方(?:所有|独有)|甲方所有|买断|独占")
_SHARED = re.compile(r"共有|共享|双方|协商|约定|面议")
_NOT_TRANSFERABLE = re.compile(r"不转让|不可转让|仅许可|只许可|仅限许可|不出让|普通许可")
_TRANSFERABLE = re.compile(r"可转让|转让|可许可|许可|独占|作价|入股|共有|委托开发|授权|开放")


def _ip(need: Need, offer: Offer) -> Gate:
    name = GateName.IP
    wanted, status = need.ip_ownership.strip(), f"{offer.ip_status} {offer.cooperation}".strip()
    undisputed = _NO_DISPUTE.sub("", offer.ip_status)
    if _DISPUTED.search(undisputed):
        return Gate(name, False, f"成果方的产权状态是“{offer.ip_status}”")
    if not wanted:
        return Gate(name, None, "需求方没有写明产权归属的要求")
    if not offer.ip_status.strip():
        return Gate(name, None, f"需求方希望“{wanted}”，成果方没有写明知识产权状态")
    if _SHARED.search(wanted):
        return Gate(name, True, f"需求方对产权的要求是“{wanted}”，可与“{offer.ip_status}”商定")
    if _OWNED_BY_NEED.search(wanted):
        if _NOT_TRANSFERABLE.search(status):
            return Gate(name, False, f"需求方希望“{wanted}”，成果方“{status}”")
        if _TRANSFERABLE.search(status):
            return Gate(name, True, f"需求方希望“{wanted}”，成果方“{status}”")
    return Gate(name, None, f"需求方希望“{wanted}”，成果方“{offer.ip_status}”，要当面确认")


def _trl(need: Need, offer: Offer) -> Gate:
    name = GateName.TRL
    if need.trl_required is None:
        return Gate(name, None, "需求方没有写明成熟度要求")
    if offer.trl is None:
        return Gate(name, None, f"需求方要求至少 {need.trl_required} 级，成果方没有写明成熟度")
    passed = offer.trl >= need.trl_required
    verdict = "达到" if passed else "低于"
    return Gate(name, passed, f"成果成熟度 {offer.trl} 级，{verdict}要求的 {need.trl_required} 级")


_EXCLUDING = re.compile(
    r"不接受|不考虑|不含|不包括|不包含|不采用|不使用|不得(?:采用|使用|为)?|排除|拒绝|谢绝|除外|不要|不向|不与|转让|许可|提供|合作"
)
_GENERIC_EXCLUSION = frozenset({"企业", "单位", "公司", "技术", "产品", "方案", "方式", "机构", "个人", "无", "没有"})


def _excluded_terms(text: str) -> list[str]:
    pieces = re.split(r"[、,，;；。\n/或和及]+", _EXCLUDING.sub("、", text))
    terms = (
        re.sub(r"^(?:的|任何|由|以|采用)|(?:的|等|类|方案|技术|单位|企业)+$", "", piece.strip()) for piece in pieces
    )
    return [term for term in terms if len(term) >= 2 and term not in _GENERIC_EXCLUSION]


def _exclusions(need: Need, offer: Offer) -> Gate:
    name = GateName.EXCLUSIONS
    if same_owner(need.owner_id, offer.owner_id):
        return Gate(name, False, "需求方与成果方是同一单位，需求方不得自己揭榜")
    if not need.exclusions.strip() and not offer.exclusions.strip():
        return Gate(name, None, "双方都没有写明排除条件")
    sides = (
        (
            need.exclusions,
            "需求方",
            f"{offer.title}\n{offer.description}\n{offer.cooperation}\n{offer.ip_status}",
        ),
        (offer.exclusions, "成果方", f"{need.title}\n{need.description}\n{need.cooperation}"),
    )
    for exclusions, side, text in sides:
        for term in _excluded_terms(exclusions):
            if term in text:
                return Gate(name, False, f"{side}排除“{term}”（“{exclusions}”），对方写有“{term}”")
    told = "；".join(filter(None, (need.exclusions.strip(), offer.exclusions.strip())))
    return Gate(name, True, f"对方的文字里没有出现所排除的内容（“{told}”）")
