"""成果/能力: each line says what a field is (:mod:`bot.market.records.description`)."""

from __future__ import annotations

from bot.market.records.description import Answer, FieldType, Place, Search, record, told
from bot.market.records.shared import MarketRecord


@record
class Offer(MarketRecord):
    """成果/能力: ``description`` the problem it solves, ``benefit`` the gain over today's way."""

    id: str = told(
        "编号",
        FieldType.ID,
        aliases=("记录编号", "ID"),
        example="offer-001",
        required=True,
        places=Place.NOWHERE,
    )
    title: str = told(
        "名称",
        FieldType.LINE,
        aliases=("成果名称", "标题", "技术名称", "项目名称", "name", "能力名称", "题目"),
        question="成果或能力叫什么？",
        example="示例：电池低温自加热装置",
        required=True,
        places=Place.EVERYWHERE & ~Place.DETAILS,
        search=Search.SUBJECT,
        turn=1,
        lead=True,
    )
    fields: tuple[str, ...] = told(
        "领域",
        FieldType.LIST,
        default=(),
        aliases=("技术领域", "所属领域", "行业", "field"),
        question="属于哪个技术领域？",
        example="新能源",
        places=Place.EVERYWHERE & ~Place.LETTER,
        search=Search.TECHNOLOGY,
    )
    description: str = told(
        "解决的问题",
        FieldType.TEXT,
        default="",
        aliases=("描述", "成果简介", "成果介绍", "problem", "内容", "简介", "说明", "要解决的问题"),
        question="它解决什么问题？",
        example="示例：低温下电池快速升温，无需外部热源。",
        search=Search.SUBJECT,
        turn=2,
        lead=True,
    )
    benefit: str = told(
        "效益",
        FieldType.TEXT,
        default="",
        aliases=("比现有做法的好处", "优势", "经济效益", "先进性"),
        question="与现在的做法相比好在哪里？请给一个经济数字。",
        example="升温时间缩短60%，每台节约成本800元",
        search=Search.SUBJECT,
        turn=3,
        lead=True,
    )
    trl: int | None = told(
        "成熟度",
        FieldType.TRL,
        default=None,
        aliases=("技术成熟度", "成熟度等级", "trl等级"),
        question="技术到了哪一步（原理、样机、中试、应用），成熟度是几级？",
        example="6",
        turn=4,
        lead=True,
        answer=Answer.LEVEL,
    )
    trl_evidence: str = told(
        "成熟度依据",
        FieldType.TEXT,
        default="",
        aliases=("成熟度证明", "成熟度证据"),
        question="成熟度的依据是什么（样机、中试、应用）？",
        example="已在2家企业完成样机试用",
        search=Search.PROOF,
        turn=5,
    )
    ip_status: str = told(
        "知识产权状态",
        FieldType.LINE,
        default="",
        aliases=("知识产权", "专利情况", "ip", "知识产权情况"),
        question="知识产权是什么状态？",
        example="已授权发明专利，可许可",
        turn=7,
        lead=True,
    )
    cooperation: str = told(
        "寻求的合作",
        FieldType.LINE,
        default="",
        aliases=("合作方式", "合作意向", "合作形式"),
        question="希望怎样合作？（转让/许可/联合研发/技术服务/作价入股）",
        example="许可或联合研发",
        turn=6,
        lead=True,
    )
    missing: str = told(
        "还缺什么",
        FieldType.TEXT,
        default="",
        aliases=("缺口", "尚需条件"),
        question="还缺什么（资金、中试、场景、伙伴）？",
        example="中试场地",
    )
    price: str = told(
        "意向价格",
        FieldType.LINE,
        default="",
        aliases=("价格", "报价", "转让费"),
        question="意向价格大约多少？",
        example="80万元",
        turn=8,
        answer=Answer.MONEY,
    )
    available_from: str = told(
        "可交付时间",
        FieldType.LINE,
        default="",
        aliases=("交付时间", "可用时间"),
        question="什么时候可以交付？",
        example="2026年6月",
    )
    region: str = told(
        "地区",
        FieldType.LINE,
        default="",
        aliases=("所在地", "所在地区", "location"),
        question="您在哪个地区？",
        example="示例市",
        turn=9,
        answer=Answer.PLACE,
    )
