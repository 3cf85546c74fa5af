"""What a wish told in plain words says: a need or an offer, and which words belong to which field.

Rules read the text clause by clause; whatever they give back stands in the teller's own words.
"""

from __future__ import annotations

import re

from bot.text.figures import FigureKind, parse_figures
from bot.types import RecordKind

_MAX_TITLE = 40
_SHORTEST_TITLE = 3

_WANT = r"(?:想|需要|需|希望|寻求|寻找|征集|求购|急需|急求|求|打算|计划|正在找|要找|找|缺)"
_SOUGHT = (
    r"(?:技术|合作|伙伴|团队|专家|院所|高校|研究所|解决|方案|供应商|成果|单位|厂家|工艺|设备|攻关|研发|开发|改进|替代)"
)
_WHO = r"(?:企业|院所|高校|团队|单位|机构|公司|研究所|专家|伙伴|厂家)"
_NEED = re.compile(
    rf"{_WANT}[^。？！?!\n]{{0,60}}{_SOUGHT}|发布需求|发榜|登记需求|有(?:个|一个|一项)?(?:技术)?(?:需求|难题)"
    rf"|(?:有没有|有无|哪家|哪些|谁)[^。！!\n]{{0,30}}{_WHO}?[^。！!\n]{{0,20}}(?:合作|对接|能做|会做|能解决|可以做)"
)
_MADE = r"(?:(?<!没)有|研发了|开发了|研制了|做出了|掌握|拥有)"
_HAVE = rf"(?:我们?|我司|本(?:公司|团队|单位|所|校)|团队|课题组|实验室|手上|手里|现)?[^。？！?!\n]{{0,20}}{_MADE}"
_OFFER = re.compile(
    rf"{_HAVE}[^。？！?!\n]{{0,60}}"
    r"(?:转让|许可|推广|转化|落地|产业化|应用场景|(?:找|寻找|寻求)[^。？?\n]{0,12}(?:企业|合作|伙伴|投资|客户|场景)|对接)"
    r"|发布成果|登记成果"
)
_VAGUE_OFFER = re.compile(r"(?:没有|有没有|有哪些|有无|需求|难题|想找|想请)")
#: Wishes for money or permits are questions of policy, not of partners.
_NOT_A_WISH = re.compile(r"补贴|补助|贷款|贴息|申报|政策|公寓|落户|签证|奖励|怎么申请|如何申请")


def recognise(text: str) -> RecordKind | None:
    """Whether ``text`` tells a need or an offer, or (``None``) neither.

    >>> recognise("我们想找能做低温快充的技术团队").value
    'needs'
    """
    if _NOT_A_WISH.search(text):
        return None
    if _OFFER.search(text) and not _VAGUE_OFFER.search(text.split("，")[0]):
        return RecordKind.OFFER
    return RecordKind.NEED if _NEED.search(text) else None


def sought_by(text: str) -> RecordKind | None:
    """What a wish looks for: offers for a need, needs for an offer; ``None`` when it tells neither."""
    kind = recognise(text)
    if kind is None:
        return None
    return RecordKind.NEED if kind is RecordKind.OFFER else RecordKind.OFFER


_CLAUSES = re.compile(r"[，。；！？,;!?\n]+")
_QUESTION_WORD = re.compile(
    r"什么|多少|哪|怎么|怎样|如何|谁|几|是不是|有没有|有无|能不能|可不可以|是否|吗|呢|咋|何时|了没|没有$"
)
#: Question clauses that go with a wish: whether somebody can do it.
_ASKS_FOR_SOMEBODY = re.compile(
    r"(?:有没有|有无|有)[^，]{0,8}(?:合适|推荐|人|团队|企业|单位|院所|高校)|(?:找|和|跟)谁|谁(?:能|可以|会)|哪(?:家|些)[^，]{0,8}(?:能|可以|会|合适)"
    r"|(?:能不能|能否|可以|可不可以|能)(?:帮|介绍|推荐|对接|牵线)|推荐(?:一下)?吗"
)


def is_told(text: str) -> bool:
    """Whether ``text`` tells a wish of one's own, rather than asking about one or about a policy.

    >>> is_told("寻求替代进口的密封件技术，有没有合适的团队？"), is_told("有技术难题，在哪里发榜？")
    (True, False)
    """
    if recognise(text) is None:
        return False
    clauses = [clause for clause in _CLAUSES.split(text) if clause.strip()]
    asking = [clause for clause in clauses if _QUESTION_WORD.search(clause)]
    if any(not _ASKS_FOR_SOMEBODY.search(clause) for clause in asking):
        return False
    return any(recognise(clause) is not None for clause in clauses if clause not in asking) or (
        bool(clauses) and not asking
    )


_BUDGET = re.compile(r"预算|投入|出资|经费|拿出|愿意出|资金")
_PRICE = re.compile(r"转让费|价格|报价|售价|许可费|作价")
_RELATIVE = re.compile(r"(?:今|本|明|后)年|年底|年内|月底|季度")
_DEADLINE = re.compile(r"前|之内|以内|内|完成|期限|年底|年内|交付|解决")
_MEASURE = re.compile(
    r"希望|要求|做到|充到|达到|达|提高|提升|降低|减少|缩短|不低于|不高于|不超过|小于|大于|以上|以下|以内|控制在|至少|充至|寿命|精度|效率"
)
_COOPERATION = re.compile(
    r"委托(?:开发|研发)|联合(?:研发|攻关|开发)|合作(?:开发|研发)|共同(?:开发|研发)|技术(?:转让|许可|服务|咨询|入股)"
    r"|作价入股|专利(?:转让|许可)|独占许可|普通许可|转让|许可|共建"
)
_OWNERSHIP = re.compile(r"(?:知识产权|产权|专利权?|成果)[^，。；]{0,10}(?:归|共有|共享|属于)")
_STATUS = re.compile(r"(?:已授权|授权|申请|实质审查|软件著作权|发明专利|实用新型|技术秘密)")
_STATE = re.compile(r"^(?:目前|现有|现在|现用|我们现在|当前|已有)")
_TRL = re.compile(r"(?:trl|成熟度|就绪度)[^0-9]{0,6}([1-9])", re.IGNORECASE)
_EVIDENCE = re.compile(r"样机|中试|小试|试用|量产|投产|示范|应用案例|已在|已应用")
_REGION = re.compile(r"(?:在|位于|地处|我们是)([\u4e00-\u9fff]{2,8}?(?:省|市|区|县))")
_OWNER = re.compile(
    r"(?:我们是|我是|这里是|我司是)([\u4e00-\u9fff（）()A-Za-z0-9]{2,30}?(?:公司|集团|大学|学院|研究院|研究所|研究中心|厂|医院))"
)
_TERM_KINDS = (FigureKind.DATE, FigureKind.DURATION)
_MEASURED_KINDS = (FigureKind.PERCENT, FigureKind.COUNT, FigureKind.NUMBER, FigureKind.DURATION)


def extracted(kind: RecordKind, text: str) -> dict[str, str]:
    """The clauses of ``text`` by the field they tell of."""
    clauses = [clause.strip() for clause in _CLAUSES.split(text) if clause.strip()]
    found: dict[str, list[str]] = {}
    for clause in clauses:
        name = _field_of(kind, clause)
        if name is not None:
            found.setdefault(name, []).append(clause)
    joined = {name: "，".join(parts) for name, parts in found.items()}
    cooperation = dict.fromkeys(_COOPERATION.findall(text))
    joined["cooperation"] = "、".join(cooperation)
    region = _REGION.search(text)
    joined["region"] = region.group(1) if region else ""
    trl = _TRL.search(text)
    if trl:
        joined["trl" if kind is RecordKind.OFFER else "trl_required"] = trl.group(1)
    return joined


def _field_of(kind: RecordKind, clause: str) -> str | None:
    kinds = {figure.kind for figure in parse_figures(clause)}
    need = kind is RecordKind.NEED
    if FigureKind.MONEY in kinds:
        if need:
            return "budget" if _BUDGET.search(clause) else None
        return "price" if _PRICE.search(clause) else "benefit"
    if _OWNERSHIP.search(clause):
        return "ip_ownership" if need else "ip_status"
    dated = kinds & set(_TERM_KINDS) or _RELATIVE.search(clause)
    if need and dated and _DEADLINE.search(clause) and not _MEASURE.search(clause):
        return "deadline"
    if kinds & set(_MEASURED_KINDS) and _MEASURE.search(clause):
        return "indicators" if need else "benefit"
    if need:
        return "current_state" if _STATE.search(clause) else None
    if _STATUS.search(clause):
        return "ip_status"
    return "trl_evidence" if _EVIDENCE.search(clause) else None


def owner_in(text: str) -> str:
    """The organisation that the teller says to be; empty when none is named."""
    match = _OWNER.search(text)
    return match.group(1) if match else ""


_LEAD = re.compile(
    r"^(?:您好|你好|请问|我想问一下|麻烦|帮(?:我|我们)|能不能|可以)+[，,]?"
    r"|^(?:我们?|我司|本公司|我公司|公司|企业|团队)?(?:现在|目前|最近|正在|很|急)*"
    rf"{_WANT}(?:找|寻找|寻求|一个|一家|一项|一种|能够?|可以|会)*(?:做|解决|提供|研发|开发)?"
    r"|^(?:有没有|有无|哪家|哪些|谁)(?:企业|单位|公司|高校|院所)?(?:能够?|可以|会)*(?:做|解决|提供)?"
)
_VAGUE_TITLE = re.compile(r"^(?:要|做|技术|合作|项目|产品|专家|人才|需求|成果|方案|伙伴|发布|登记|个|一|有|新|好的?)+$")
_HAVING = re.compile(rf"^[^，。]{{0,20}}?{_MADE}(?:一项|一种|一个|了|一套|了一种)*")
#: What an owner wants to happen to an offer is no part of its name.
_PURPOSE = re.compile(
    r"(?:，)?(?:想要?|要|可以?|希望|准备|打算|寻求|正在)?(?:找[^，。]{0,12}|对外|独家|普通)?(?:转让|许可|推广|转化|落地|产业化|出售|对接|合作)(?:出去|使用)?$"
)
_TAIL = re.compile(
    r"(?:的)?(?:合作)?(?:伙伴|团队|专家|单位|院所|高校|厂家|供应商|企业|公司|研究所)(?:能|可以|来)*(?:合作)?$|(?:吗|呢|啊|吧|谢谢)+$|的$"
)


def title_of(kind: RecordKind, text: str) -> str:
    """The clause that says what is sought or offered, without its verb and address."""
    pattern = _NEED if kind is RecordKind.NEED else re.compile(_MADE)
    clauses = [clause.strip() for clause in _CLAUSES.split(text) if clause.strip()]
    chosen = next((clause for clause in clauses if pattern.search(clause)), None)
    if chosen is None:
        chosen = next((clause for clause in clauses if not _OWNER.search(clause)), "")
    lead = _LEAD if kind is RecordKind.NEED else _HAVING
    stripped = chosen
    for _ in range(3):
        stripped = _TAIL.sub("", lead.sub("", stripped)).strip()
        if kind is RecordKind.OFFER:
            stripped = _PURPOSE.sub("", stripped)
    stripped = re.sub(r"的(技术|方案|工艺|设备|装置|材料)$", r"\1", stripped)
    vague = len(stripped) < _SHORTEST_TITLE or _VAGUE_TITLE.match(stripped)
    return "" if vague else stripped[:_MAX_TITLE]
