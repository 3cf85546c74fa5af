"""The fields of needs, offers and organisations as data: labels, column names, limits, questions.

Import, template, forms, drafting and introductions all read these; a field is described once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.types import RecordKind

#: Longest text of one field, in characters: a page of A4 holds about 1,500; ten pages are no summary.
MAX_TEXT = 20_000
MAX_LINE = 300


class FieldType(StrEnum):
    """How a cell or form value is read."""

    ID = "id"
    LINE = "line"
    TEXT = "text"
    LIST = "list"
    TRL = "trl"
    DATE = "date"
    YES_NO = "yes_no"
    CONFIDENTIALITY = "confidentiality"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: ``question`` is asked when it is missing, ``example`` stands in the template."""

    name: str
    label: str
    type: FieldType
    aliases: tuple[str, ...] = ()
    question: str = ""
    example: str = ""
    required: bool = False

    @property
    def max_length(self) -> int:
        """Longest value in characters."""
        return MAX_TEXT if self.type in (FieldType.TEXT, FieldType.LIST) else MAX_LINE


_T = FieldType


def _id(example: str) -> FieldSpec:
    return FieldSpec("id", "编号", _T.ID, ("记录编号", "ID"), "", example, True)


_SHARED_END = (
    FieldSpec(
        "exclusions",
        "排除条件",
        _T.TEXT,
        ("排除", "不接受", "不考虑"),
        "有没有不接受的对象或做法？",
        "不考虑中介机构",
    ),
    FieldSpec(
        "confidentiality",
        "保密级别",
        _T.CONFIDENTIALITY,
        ("保密", "密级", "是否保密"),
        "单位名称可以公开吗？（公开/保密）",
        "公开",
    ),
    FieldSpec(
        "owner_id",
        "所属单位",
        _T.OWNER,
        ("owner", "单位", "单位名称", "机构", "organisation", "organization"),
        "您所在的单位是？",
        "示例单位",
    ),
    FieldSpec("as_of", "截至日期", _T.DATE, ("资料日期", "登记日期", "date", "日期"), "", "2025-01-15"),
    FieldSpec("historic", "历史记录", _T.YES_NO, ("是否历史", "已失效"), "", "否"),
    FieldSpec("sample", "示例", _T.YES_NO, ("是否示例",), "", "是"),
    FieldSpec("source", "来源", _T.LINE, ("出处", "来源网址", "url"), "", ""),
)

NEED_FIELDS: tuple[FieldSpec, ...] = (
    _id("need-001"),
    FieldSpec(
        "title",
        "名称",
        _T.LINE,
        ("需求名称", "标题", "榜单名称", "题目", "name", "需求标题"),
        "请用一句话说说要找什么技术或伙伴。",
        "示例：低温环境下锂电池快速充电技术",
        True,
    ),
    FieldSpec(
        "fields",
        "领域",
        _T.LIST,
        ("技术领域", "所属领域", "行业", "field"),
        "属于哪个技术领域？",
        "新能源；新材料",
    ),
    FieldSpec(
        "description",
        "要解决的问题",
        _T.TEXT,
        ("描述", "需求描述", "问题", "problem", "内容", "需求内容", "详细描述", "说明"),
        "要解决的问题是什么？现在卡在哪里？",
        "示例：零下20℃时充电时间过长，影响冬季使用。",
    ),
    FieldSpec(
        "indicators",
        "指标",
        _T.TEXT,
        ("技术指标", "考核指标", "预期指标", "indicator", "预期目标"),
        "希望达到什么可以测量的指标？",
        "零下20℃、30分钟充至80%",
    ),
    FieldSpec(
        "current_state",
        "现状",
        _T.TEXT,
        ("现有基础", "工作基础", "现有工作基础", "现状与基础"),
        "目前做到了什么程度，用的是什么办法？",
        "现用加热膜方案，需90分钟",
    ),
    FieldSpec(
        "budget",
        "预算",
        _T.LINE,
        ("预算金额", "资金预算", "拟投入资金", "投入"),
        "预算大约多少？",
        "不超过100万元",
    ),
    FieldSpec("funder", "出资方", _T.LINE, ("资金来源", "出资单位", "出资"), "由谁出资？", "企业自筹"),
    FieldSpec(
        "deadline",
        "期限",
        _T.LINE,
        ("截止时间", "完成期限", "截止日期", "完成时间", "时限"),
        "希望什么时候完成？",
        "2027年12月31日前",
    ),
    FieldSpec(
        "cooperation",
        "合作方式",
        _T.LINE,
        ("合作形式", "合作模式", "cooperation_mode"),
        "希望怎样合作？（委托开发/联合研发/技术转让/许可/技术服务）",
        "联合研发",
    ),
    FieldSpec(
        "ip_ownership",
        "产权归属",
        _T.LINE,
        ("知识产权归属", "知识产权", "ip"),
        "形成的知识产权希望归谁？",
        "双方共有",
    ),
    FieldSpec(
        "solver_conditions",
        "揭榜条件",
        _T.TEXT,
        ("揭榜要求", "对揭榜方要求", "承接条件", "conditions"),
        "对合作方有什么条件？",
        "有同类工程应用案例",
    ),
    FieldSpec(
        "solver_region",
        "揭榜方地区要求",
        _T.LINE,
        ("地区要求", "地域要求"),
        "对合作方所在地区有要求吗？",
        "不限",
    ),
    FieldSpec(
        "trl_required",
        "成熟度要求",
        _T.TRL,
        ("trl要求", "技术成熟度要求", "trl_min"),
        "希望技术至少到几级成熟度（1–9）？",
        "5",
    ),
    FieldSpec(
        "region",
        "地区",
        _T.LINE,
        ("所在地", "所在地区", "需求方地区", "location"),
        "您在哪个地区？",
        "示例市",
    ),
    *_SHARED_END,
)

OFFER_FIELDS: tuple[FieldSpec, ...] = (
    _id("offer-001"),
    FieldSpec(
        "title",
        "名称",
        _T.LINE,
        ("成果名称", "标题", "技术名称", "项目名称", "name", "能力名称", "题目"),
        "成果或能力叫什么？",
        "示例：电池低温自加热装置",
        True,
    ),
    FieldSpec(
        "fields",
        "领域",
        _T.LIST,
        ("技术领域", "所属领域", "行业", "field"),
        "属于哪个技术领域？",
        "新能源",
    ),
    FieldSpec(
        "description",
        "解决的问题",
        _T.TEXT,
        ("描述", "成果简介", "成果介绍", "problem", "内容", "简介", "说明", "要解决的问题"),
        "它解决什么问题？",
        "示例：低温下电池快速升温，无需外部热源。",
    ),
    FieldSpec(
        "benefit",
        "效益",
        _T.TEXT,
        ("比现有做法的好处", "优势", "经济效益", "先进性"),
        "与现在的做法相比好在哪里？请给一个经济数字。",
        "升温时间缩短60%，每台节约成本800元",
    ),
    FieldSpec(
        "trl",
        "成熟度",
        _T.TRL,
        ("技术成熟度", "成熟度等级", "trl等级"),
        "技术到了哪一步（原理、样机、中试、应用），成熟度是几级？",
        "6",
    ),
    FieldSpec(
        "trl_evidence",
        "成熟度依据",
        _T.TEXT,
        ("成熟度证明", "成熟度证据"),
        "成熟度的依据是什么（样机、中试、应用）？",
        "已在2家企业完成样机试用",
    ),
    FieldSpec(
        "ip_status",
        "知识产权状态",
        _T.LINE,
        ("知识产权", "专利情况", "ip", "知识产权情况"),
        "知识产权是什么状态？",
        "已授权发明专利，可许可",
    ),
    FieldSpec(
        "cooperation",
        "寻求的合作",
        _T.LINE,
        ("合作方式", "合作意向", "合作形式"),
        "希望怎样合作？（转让/许可/联合研发/技术服务/作价入股）",
        "许可或联合研发",
    ),
    FieldSpec(
        "missing",
        "还缺什么",
        _T.TEXT,
        ("缺口", "尚需条件"),
        "还缺什么（资金、中试、场景、伙伴）？",
        "中试场地",
    ),
    FieldSpec("price", "意向价格", _T.LINE, ("价格", "报价", "转让费"), "意向价格大约多少？", "80万元"),
    FieldSpec(
        "available_from",
        "可交付时间",
        _T.LINE,
        ("交付时间", "可用时间"),
        "什么时候可以交付？",
        "2026年6月",
    ),
    FieldSpec("region", "地区", _T.LINE, ("所在地", "所在地区", "location"), "您在哪个地区？", "示例市"),
    *_SHARED_END,
)

ORGANISATION_FIELDS: tuple[FieldSpec, ...] = (
    _id("org-001"),
    FieldSpec(
        "title",
        "名称",
        _T.LINE,
        ("name", "单位名称", "机构名称", "企业名称"),
        "单位名称是？",
        "示例单位",
        True,
    ),
    FieldSpec("kind", "类型", _T.LINE, ("机构类型", "单位类型", "性质"), "是企业、高校还是院所？", "企业"),
    FieldSpec("region", "地区", _T.LINE, ("所在地", "所在地区", "location"), "在哪个地区？", "示例市"),
    FieldSpec("fields", "领域", _T.LIST, ("技术领域", "所属领域", "行业", "field"), "从事哪些领域？", "新能源"),
    FieldSpec(
        "description",
        "简介",
        _T.TEXT,
        ("profile", "机构简介", "描述", "介绍", "公开简介"),
        "请用几句话介绍。",
        "从事电池材料研发。",
    ),
    FieldSpec("source", "来源", _T.LINE, ("profile_source", "出处", "来源网址", "url"), "", ""),
    FieldSpec("as_of", "截至日期", _T.DATE, ("资料日期", "date", "日期"), "", "2025-01-15"),
    FieldSpec("sample", "示例", _T.YES_NO, ("是否示例",), "", "是"),
)

#: Columns of a file, and entries of a form, that go to the private contact and nowhere else.
CONTACT_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec("contact_name", "联系人", _T.LINE, ("联系人姓名",), "怎么称呼您？（不公开）"),
    FieldSpec("contact_phone", "联系电话", _T.LINE, ("电话", "手机", "phone"), "联系电话（不公开）"),
    FieldSpec("contact_email", "邮箱", _T.LINE, ("电子邮箱", "email", "e-mail"), "电子邮箱（不公开）"),
)

FIELDS: dict[RecordKind, tuple[FieldSpec, ...]] = {
    RecordKind.NEED: NEED_FIELDS,
    RecordKind.OFFER: OFFER_FIELDS,
    RecordKind.ORGANISATION: ORGANISATION_FIELDS,
}


def field_spec(kind: RecordKind, name: str) -> FieldSpec:
    """The spec of ``name``; raises KeyError when the kind has no such field."""
    for spec in FIELDS[kind]:
        if spec.name == name:
            return spec
    raise KeyError(name)
