"""From a wish told in conversation to a draft record: what was said, what is missing, nothing saved.

A draft is a frozen value that the page keeps between turns. Rules read the told text clause by clause;
whatever they put into a field stands in the user's own words. Saving is :meth:`Market.submit`, after the
user has seen the draft and said yes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.market.fields import field_spec
from bot.market.records import PrivateContact, RecordKind
from bot.market.redaction import FindingKind, redact, scan
from bot.market.taxonomy import load_taxonomy
from bot.text.figures import FigureKind, parse_figures
from bot.text.relative_time import resolve_relative_time

#: Asked in this order, one at a time: what the quality gate weighs most comes first.
_ASKED: Mapping[RecordKind, tuple[str, ...]] = {
    RecordKind.NEED: (
        "title",
        "description",
        "indicators",
        "cooperation",
        "budget",
        "deadline",
        "ip_ownership",
        "region",
        "owner_id",
    ),
    RecordKind.OFFER: (
        "title",
        "description",
        "benefit",
        "trl",
        "trl_evidence",
        "cooperation",
        "ip_status",
        "price",
        "region",
        "owner_id",
    ),
}
_MAX_TITLE = 40
_SHORTEST_TITLE, _SHORTEST_DESCRIPTION = 3, 30
_SKIP = re.compile(
    r"^(?:跳过|略|没有|无|不知道|不清楚|不确定|暂无|暂时没有|先不填|不填|以后再说|下一个|skip)[。！!了吧]*$"
)

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


@dataclass(frozen=True, slots=True)
class DraftValue:
    """One field with the user's words for it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A record in the making. ``owner`` and ``contact`` are kept apart from the public fields."""

    kind: RecordKind
    values: tuple[DraftValue, ...] = ()
    skipped: tuple[str, ...] = ()
    owner: str = ""
    contact: PrivateContact | None = None
    today: date | None = None

    def value(self, name: str) -> str:
        """What is known of a field; empty when nothing is."""
        if name == "owner_id":
            return self.owner
        return next((value.text for value in self.values if value.name == name), "")

    def as_form(self) -> dict[str, str]:
        """The values as :meth:`Market.submit` takes them."""
        return {value.name: value.text for value in self.values}


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """What to ask next."""

    name: str
    label: str
    text: str


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


def start_draft(text: str, kind: RecordKind | None = None, *, today: date | None = None) -> Draft | None:
    """A draft of what ``text`` tells; ``None`` when it tells no wish and no ``kind`` is given.

    ``today`` resolves 明年 and its kin; without it they stay as told.
    """
    kind = kind or recognise(text)
    if kind is None or kind is RecordKind.ORGANISATION:
        return None
    return _told(Draft(kind, today=today), text, whole=True)


def next_question(draft: Draft) -> DraftQuestion | None:
    """The next missing field, or ``None`` when everything was told or skipped."""
    for name in _ASKED[draft.kind]:
        if not draft.value(name) and name not in draft.skipped:
            spec = field_spec(draft.kind, name)
            return DraftQuestion(name, spec.label, spec.question)
    return None


def take_answer(draft: Draft, text: str) -> Draft:
    """The draft after an answer to :func:`next_question`; “跳过” leaves the field open.

    What the answer tells of other missing fields is taken along. A title cannot be skipped.
    """
    question = next_question(draft)
    if question is None:
        return draft
    answer = text.strip()
    if not answer or _SKIP.match(answer):
        if field_spec(draft.kind, question.name).required:
            return draft
        return replace(draft, skipped=(*draft.skipped, question.name))
    if question.name == "owner_id":
        return replace(draft, owner=answer[:100])
    told = _told(draft, answer, whole=False)
    public, contact = _apart(answer, told.contact)
    return replace(_with(told, {question.name: _fitting(question.name, public)}, over=True), contact=contact)


def set_value(draft: Draft, name: str, text: str) -> Draft:
    """The draft with a field corrected by hand; raises KeyError for an unknown field."""
    spec = field_spec(draft.kind, name)
    if spec.name == "owner_id":
        return replace(draft, owner=text.strip())
    return _with(draft, {name: text.strip()}, over=True)


def preview(draft: Draft) -> str:
    """The draft as a user sees it before anything is saved, missing fields named."""
    lines = [f"{draft.kind.label}草稿（尚未保存）"]
    for name in ("title", "fields", *_ASKED[draft.kind][1:]):
        spec = field_spec(draft.kind, name)
        lines.append(f"{spec.label}：{draft.value(name) or '（未填）'}")
    for value in draft.values:
        if value.name not in ("title", "fields", *_ASKED[draft.kind]):
            lines.append(f"{field_spec(draft.kind, value.name).label}：{value.text}")
    if draft.contact is not None:
        lines.append("联系方式：已记下，不公开")
    return "\n".join(lines)


def _told(draft: Draft, text: str, *, whole: bool) -> Draft:
    public, contact = _apart(text, draft.contact)
    found = _extracted(draft.kind, public)
    owner = draft.owner or _owner(public)
    if whole:
        found["title"] = _title(draft.kind, public)
        # A bare wish is a title; the problem is still to be told.
        found["description"] = public.strip() if len(public) >= _SHORTEST_DESCRIPTION else ""
        found["fields"] = "；".join(load_taxonomy().best(found["title"], public))
    if draft.today is not None and "deadline" in found:
        years = resolve_relative_time(found["deadline"], draft.today.isoformat())
        found["deadline"] += "".join(f"（{each.year}年）" for each in years)
    kept = {name: value for name, value in found.items() if value}
    return _with(replace(draft, owner=owner, contact=contact), kept, over=False)


def _with(draft: Draft, found: Mapping[str, str], *, over: bool) -> Draft:
    known = {value.name: value.text for value in draft.values}
    merged = {**known, **found} if over else {**found, **known}
    return replace(draft, values=tuple(DraftValue(name, text) for name, text in merged.items() if text))


def _apart(text: str, contact: PrivateContact | None) -> tuple[str, PrivateContact | None]:
    """The public part of a text, and the contact it held: a phone number is never public text."""
    reach = [finding for finding in scan(text) if finding.kind in (FindingKind.PHONE, FindingKind.EMAIL)]
    if not reach:
        return text, contact
    contact = contact or PrivateContact(organisation_id="")
    for finding in reach:
        name = "phone" if finding.kind is FindingKind.PHONE else "email"
        contact = replace(contact, **{name: finding.text})
    return redact(text, reach), contact


_CLAUSES = re.compile(r"[，。；！？,;!?\n]+")
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


def _extracted(kind: RecordKind, text: str) -> dict[str, str]:
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


def _owner(text: str) -> str:
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
_TAIL = re.compile(
    r"(?:的)?(?:合作)?(?:伙伴|团队|专家|单位|院所|高校|厂家|供应商|企业|公司|研究所)(?:能|可以|来)*(?:合作)?$|(?:吗|呢|啊|吧|谢谢)+$|的$"
)


def _title(kind: RecordKind, text: str) -> str:
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
    stripped = re.sub(r"的(技术|方案|工艺|设备|装置|材料)$", r"\1", stripped)
    vague = len(stripped) < _SHORTEST_TITLE or _VAGUE_TITLE.match(stripped)
    return "" if vague else stripped[:_MAX_TITLE]


def _fitting(name: str, text: str) -> str:
    """An answer as its field takes it: a level is one digit."""
    if name == "trl":
        digits = re.findall(r"[1-9]", text)
        return digits[0] if digits else ""
    return text.strip()


def missing_labels(draft: Draft) -> Sequence[str]:
    """The labels of fields that are asked for and still open, skipped ones included."""
    return [field_spec(draft.kind, name).label for name in _ASKED[draft.kind] if not draft.value(name)]
