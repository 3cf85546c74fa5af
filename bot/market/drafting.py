"""From a wish told in conversation to a draft record: what was said, what is missing, nothing saved.

A draft is a frozen value that the page keeps between turns; what stands in it are the user's own words
(:mod:`bot.market.wishes`). Saving is :meth:`Market.submit`, after the user has seen the draft and said yes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.market.fields import CONTACT_FIELDS, FIELDS, FieldSpec, field_spec
from bot.market.names import SURNAME, TITLES
from bot.market.redaction import CONTACT_KINDS, Finding, FindingKind, redact, scan
from bot.market.taxonomy import load_taxonomy
from bot.market.wishes import extracted, owner_in, recognise, title_of
from bot.text.figures import FigureKind, parse_figures
from bot.text.places import places_in
from bot.text.relative_time import resolve_relative_time
from bot.types import DraftLine, DraftQuestion, DraftState, DraftValue, PrivateContact, RecordDraft, RecordKind

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
_SHORTEST_DESCRIPTION = 30
_SKIP = re.compile(
    r"^(?:我们?|这个?|目前|现在|还|暂时|真的?|也|都|先|嗯|，)*"
    r"(?:跳过|略过?|没有|无|不知道|不清楚|不太清楚|不确定|不晓得|不好说|暂无|不填|以后再说|下一[个题]|skip|pass"
    r"|没(?:有)?(?:想好|想过|定下来|定|确定|考虑过?|考虑好|谱)|未定|待定|说不[好准清]|说不上来|再说|再看看?)"
    r"(?:呢|哎|诶|唉|啊|呀|了|吧|哦|哈|[。！!…~～])*$",
    re.IGNORECASE,
)
#: What an answer to these fields looks like; any other is asked for once more.
_MONEY_LIKE = re.compile(
    r"\d|[一二三四五六七八九十百千两几]+来?[万亿千百块]|面议|面谈|协商|商量|[再详可]谈|商议|不限|自筹|免费|视|看(?:情况|方案|效果)|有限"
)
_TIME_LIKE = re.compile(
    r"[今明后本]年|年[底初内前中]|半年|月|季度|周|天|[春夏秋冬]|尽快|越快|尽早|长期|不限|不急|马上|立即|近期|随时|\d{4}"
)
_REGION_LIKE = re.compile(r"[省市区县州镇乡旗]|不限|全国|都行|都可以|本地|当地|国内|海外|境外|长三角|珠三角")
_SHORT_NAME = re.compile(r"^[\u4e00-\u9fff]{2,6}$")
_VERBAL = re.compile(r"[是有做想要能会改找说没不谢好吗呢吧给看用]|预算|今年|明年|年底|合作|联合")
_ORGANISATION_LIKE = re.compile(
    r"公司|集团|大学|学院|研究|设计院|[所厂社店局校院]$|中心|医院|实验室|工作室|企业|银行|协会|联盟|个人|个体|基地|学校"
)
_LEVEL = re.compile(
    r"([1-9一二三四五六七八九])(?:\s*[-~～到至—、]\s*[1-9一二三四五六七八九])?\s*级"
    r"|(?:trl|成熟度|就绪度)[^0-9]{0,6}([1-9])(?!\d)|^[^\d]{0,4}([1-9])[^\d年月个台家项万]{0,4}$",
    re.IGNORECASE,
)
_DIGITS = {han: str(number) for number, han in enumerate("一二三四五六七八九", 1)}
#: Said when an answer does not look like one; without figures, for an answer's figures are all from documents.
HINTS: Mapping[str, str] = {
    "budget": "没看出金额，说个大概就行，也可以说“面议”。",
    "price": "没看出金额，说个大概就行，也可以说“面议”。",
    "deadline": "没看出时间，可以说“明年底”“半年内”这样的大概时间。",
    "region": "没看出地区，请说省、市或区县的名字，也可以说“不限”。",
    "owner_id": "没看出单位，请说单位的名称。",
    "trl": "没看出级别，请说一个数字，不确定可以跳过。",
}
_OWNER_LEAD = re.compile(
    r"^(?:我们?的?|我司|本)?(?:所在)?(?:单位|公司名称|机构)?(?:的?(?:名称|全称))?(?:是|叫|为|在|：|:)+"
)

#: A name that people are called by; words that only begin like one are left out.
_PERSON_NAME = (
    r"(?!高[级新校端手温压速频分精强效清低能性纯空度铁产]|金[属融]|石[油化墨英]|马达|白[酒胶色]|方[案法便向]|江苏|常[务温压用]|康复"
    rf"|黄[金铜]|毛[坯刺]|温度|雷达|龙头|武汉|万能|陆地|任[务何]|程[序度]|林业|何时|易燃|丁[腈苯]|顾[问客]|谢谢){SURNAME}"
)
_NAME_GIVEN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:联系人|联络人|对接人|负责人|姓名)[\s:：是为叫]*({_PERSON_NAME}[\u4e00-\u9fff]{{1,2}})(?:先生|女士)?(?![\u4e00-\u9fff])",
        rf"(?:联系人|联络人|对接人|负责人|姓名)[\s:：是为叫]*({_PERSON_NAME}[\u4e00-\u9fff]{{0,2}}?(?:{TITLES}|工|总))",
        rf"(?:^|[，。；,;\s]|请|可以?|直接|就|有事|都)(?:找|联系)({_PERSON_NAME}[\u4e00-\u9fff]{{0,2}}?(?:{TITLES}|工|总)(?![\u4e00-\u9fff])"
        rf"|{_PERSON_NAME}[\u4e00-\u9fff]{{1,2}}?(?=就行|就好|即可|联系|[，,\s]*(?:电话|手机|微信|1[3-9]\d{{9}})))",
        rf"(?:^|[，。；,;\s])我(?:叫|姓名是)({_PERSON_NAME}[\u4e00-\u9fff]{{1,2}})(?![\u4e00-\u9fff])",
        rf"(?:^|[\s，,；;、])({_PERSON_NAME}[\u4e00-\u9fff]{{1,2}}(?:先生|女士)?)[\s，,:：]*(?=(?:电话|手机|联系)?(?:电话|号码?)?[\s:：是]*1[3-9]\d{{9}})",
    )
)
#: What is left of a clause that only told a way to reach somebody.
_LEFT_OUT = re.compile(
    r"[，,；;、]?\s*(?:我的|我们的|我|联系)?(?:人)?(?:电话|手机号?|座机|热线|邮箱|电子邮件|e-?mail|微信|wechat|vx|qq|钉钉|联系方式)?"
    r"(?:号码?|同号)?[\s:：是为]*〔(?:电话|邮箱|账号)略〕",
    re.IGNORECASE,
)
_NAME_OUT = re.compile(
    r"[，,；;、]?\s*(?:联系人|联络人|对接人|负责人|姓名|我叫|我姓名是|(?:请|可以?|直接|就|有事|都)*(?:找|联系))?[\s:：是为叫]*〔人名略〕"
    r"(?:先生|女士)?(?:就行|就好|即可|联系)?"
)
_ID_CARD_LENGTH = 18


def start_draft(text: str, kind: RecordKind | None = None, *, today: date | None = None) -> RecordDraft | None:
    """A draft of what ``text`` tells; ``None`` when it tells no wish and no ``kind`` is given.

    ``today`` resolves 明年 and its kin; without it they stay as told.
    """
    kind = kind or recognise(text)
    if kind is None or kind is RecordKind.ORGANISATION:
        return None
    return _told(RecordDraft(kind, today=today), text, whole=True)


def next_question(draft: RecordDraft) -> DraftQuestion | None:
    """The next missing field, or ``None`` when everything was told or skipped."""
    for name in _ASKED[draft.kind]:
        if not draft.value(name) and name not in draft.skipped:
            spec = field_spec(draft.kind, name)
            return DraftQuestion(name, spec.label, spec.question)
    return None


def take_answer(draft: RecordDraft, text: str) -> RecordDraft:
    """The draft after an answer to :func:`next_question`; “跳过” leaves the field open.

    What the answer tells of other missing fields is taken along. A title cannot be skipped. An answer that
    does not look like one leaves its field open once, marked in ``asked_again``.
    """
    question = next_question(draft)
    if question is None:
        return draft
    name, answer = question.name, text.strip()
    if not answer or _SKIP.match(answer):
        return draft if field_spec(draft.kind, name).required else _skipped(draft, name)
    public, contact = _apart(answer, draft.contact)
    told = _told(replace(draft, contact=contact), public, whole=False)
    if not public:
        return told
    value = _fitting(name, public)
    if not value or not _plausible(name, value):
        if draft.asked_again != name:
            return replace(told, asked_again=name)
        if not value:
            return _skipped(told, name)
    taken = replace(told, owner=value[:100]) if name == "owner_id" else _with(told, {name: value}, over=True)
    return replace(taken, last=name, asked_again="")


def _skipped(draft: RecordDraft, name: str) -> RecordDraft:
    return replace(draft, skipped=(*draft.skipped, name), last=name, asked_again="")


def step_back(draft: RecordDraft) -> RecordDraft:
    """The draft without the answer given last, which is then asked for again; unchanged when there is none."""
    asked = _ASKED[draft.kind]
    question = next_question(draft)
    before = asked[: asked.index(question.name)] if question is not None else asked
    name = draft.last or next((each for each in reversed(before) if draft.value(each) or each in draft.skipped), "")
    if not name:
        return draft
    return replace(
        draft,
        values=tuple(value for value in draft.values if value.name != name),
        skipped=tuple(each for each in draft.skipped if each != name),
        owner="" if name == "owner_id" else draft.owner,
        last="",
        asked_again="",
    )


def set_value(draft: RecordDraft, name: str, text: str) -> RecordDraft:
    """The draft with a field corrected by hand; raises KeyError for an unknown field."""
    spec = field_spec(draft.kind, name)
    public, contact = _apart(text.strip(), draft.contact)
    value = _fitting(name, public)
    draft = replace(draft, contact=contact)
    if not value:
        return draft
    draft = replace(draft, last=name, skipped=tuple(each for each in draft.skipped if each != name))
    if spec.name == "owner_id":
        return replace(draft, owner=value)
    return _with(draft, {name: value}, over=True)


_CORRECTION = re.compile(
    r"^(?:不对|错了|说错了|那个|，|,|\s)*(?:请|麻烦|我想|我要|帮我)*(?:把|将)?(?:我们?的|需求的?|成果的?)?(?P<label>[^，。,\s]{0,10}?)"
    r"(?:要|应该?|得|请)?(?:改为|改成|更正为|更改为|修改为|换成|应为|应该是)[\s：:，,]*(?P<value>.+)$",
    re.DOTALL,
)
_NOT_SPOKEN = frozenset({"id", "as_of", "historic", "sample", "source", "confidentiality"})


def corrected(draft: RecordDraft, text: str) -> RecordDraft | None:
    """The draft after “预算改为…”, which names a field; ``None`` when ``text`` corrects none.

    Without a name it is the field answered last.
    """
    match = _CORRECTION.match(text.strip())
    if match is None:
        return None
    label, value = match["label"].casefold(), match["value"].strip()
    for spec in CONTACT_FIELDS:
        if label in _names_of(spec):
            name = spec.name.removeprefix("contact_")
            return replace(draft, contact=replace(draft.contact, **{name: value}))
    named = (spec.name for spec in FIELDS[draft.kind] if label in _names_of(spec) and spec.name not in _NOT_SPOKEN)
    field = next(named, draft.last if not label else "")
    return set_value(draft, field, value) if field else None


def _names_of(spec: FieldSpec) -> tuple[str, ...]:
    return tuple(each.casefold() for each in (spec.label, *spec.aliases))


def _plausible(name: str, value: str) -> bool:
    """Whether ``value`` looks like an answer to the field; any text does for most."""
    kinds = {figure.kind for figure in parse_figures(value)}
    timed = bool(kinds & {FigureKind.DATE, FigureKind.DURATION})
    if name in ("budget", "price"):
        return bool(_MONEY_LIKE.search(value)) and (not timed or FigureKind.MONEY in kinds or "万" in value)
    if name == "deadline":
        return timed or bool(_TIME_LIKE.search(value))
    if name == "region":
        short = bool(_SHORT_NAME.match(value)) and not _VERBAL.search(value)
        return short or bool(places_in(value) or (_REGION_LIKE.search(value) and not kinds))
    if name == "owner_id":
        return bool(_ORGANISATION_LIKE.search(value)) or not (kinds or _VERBAL.search(value))
    return True


def draft_state(draft: RecordDraft) -> DraftState:
    """``draft`` with its lines as people read them, what is missing, and the next question."""
    asked = _ASKED[draft.kind]
    others = [value.name for value in draft.values if value.name not in asked]
    lines = tuple(
        DraftLine(name, field_spec(draft.kind, name).label, draft.value(name))
        for name in dict.fromkeys((*asked, *others))
        if draft.value(name)
    )
    return DraftState(draft, lines, tuple(missing_labels(draft)), next_question(draft))


def preview(draft: RecordDraft) -> str:
    """The draft as a user sees it before anything is saved, missing fields named."""
    state = draft_state(draft)
    lines = [f"{draft.kind.label}草稿（尚未保存）"]
    lines += [f"{line.label}：{line.text}" for line in state.lines]
    lines += [f"{label}：（未填）" for label in state.missing]
    if not draft.contact.empty:
        lines.append("联系方式：已记下，不公开")
    return "\n".join(lines)


def _told(draft: RecordDraft, text: str, *, whole: bool) -> RecordDraft:
    public, contact = _apart(text, draft.contact)
    found = extracted(draft.kind, public)
    owner = draft.owner or owner_in(public)
    if whole:
        found["title"] = title_of(draft.kind, public)
        # A bare wish is a title; the problem is still to be told.
        found["description"] = public.strip() if len(public) >= _SHORTEST_DESCRIPTION else ""
        found["fields"] = "；".join(load_taxonomy().best(found["title"], public))
    if draft.today is not None and "deadline" in found:
        years = resolve_relative_time(found["deadline"], draft.today.isoformat())
        found["deadline"] += "".join(f"（{each.year}年）" for each in years)
    kept = {name: value for name, value in found.items() if value}
    return _with(replace(draft, owner=owner, contact=contact), kept, over=False)


def _with(draft: RecordDraft, found: Mapping[str, str], *, over: bool) -> RecordDraft:
    known = {value.name: value.text for value in draft.values}
    merged = {**known, **found} if over else {**found, **known}
    return replace(draft, values=tuple(DraftValue(name, text) for name, text in merged.items() if text))


def _apart(text: str, contact: PrivateContact) -> tuple[str, PrivateContact]:
    """The public part of a text, and the contact it held: how to reach somebody is never public text."""
    reach = [finding for finding in scan(text) if finding.kind in CONTACT_KINDS]
    names = [
        Finding(FindingKind.PERSON, *match.span(1), match.group(1))
        for pattern in _NAME_GIVEN
        for match in pattern.finditer(text)
    ]
    taken: list[Finding] = []
    for finding in (*reach, *names):
        if all(finding.end <= other.start or finding.start >= other.end for other in taken):
            taken.append(finding)
            contact = _noted(contact, finding)
    if not taken:
        return text, contact
    return _NAME_OUT.sub("", _LEFT_OUT.sub("", redact(text, taken))).strip("，,；;、 "), contact


def _noted(contact: PrivateContact, finding: Finding) -> PrivateContact:
    if finding.kind is FindingKind.ACCOUNT:
        # The number of an identity card is nothing to reach anybody by.
        return contact if len(finding.text) >= _ID_CARD_LENGTH else replace(contact, note=f"账号：{finding.text}")
    name = {FindingKind.PHONE: "phone", FindingKind.EMAIL: "email"}.get(finding.kind, "name")
    return replace(contact, **{name: finding.text})


def _fitting(name: str, text: str) -> str:
    """An answer as its field takes it: a level is one digit, a unit its name; empty when it holds none."""
    if name in ("trl", "trl_required"):
        match = _LEVEL.search(text)
        level = next(filter(None, match.groups()), "") if match else ""
        return _DIGITS.get(level, level)
    if name == "owner_id":
        return owner_in(text) or _OWNER_LEAD.sub("", text.strip()).strip("。，, ")
    return text.strip()


def missing_labels(draft: RecordDraft) -> Sequence[str]:
    """The labels of fields that are asked for and still open, skipped ones included."""
    return [field_spec(draft.kind, name).label for name in _ASKED[draft.kind] if not draft.value(name)]
