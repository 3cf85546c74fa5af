"""需求/榜单: each line says what a field is (:mod:`bot.market.records.description`)."""

from __future__ import annotations

from bot.market.records.description import Answer, FieldType, Place, Search, record, told
from bot.market.records.shared import MarketRecord


@record
class Need(MarketRecord):
    """需求/榜单: ``title`` 名称, ``description`` 要解决的问题; money and time as they were told."""

    id: str = told(
        "编号",
        FieldType.ID,
        aliases=("记录编号", "ID"),
        example="need-001",
        required=True,
        places=Place.NOWHERE,
    )
    title: str = told(
        "名称",
        FieldType.LINE,
        aliases=("需求名称", "标题", "榜单名称", "题目", "name", "需求标题"),
        question="请用一句话说说要找什么技术或伙伴。",
        example="示例：低温环境下锂电池快速充电技术",
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
        example="新能源；新材料",
        places=Place.EVERYWHERE & ~Place.LETTER,
        search=Search.TECHNOLOGY,
    )
    description: str = told(
        "要解决的问题",
        FieldType.TEXT,
        default="",
        aliases=("描述", "需求描述", "问题", "problem", "内容", "需求内容", "详细描述", "说明"),
        question="要解决的问题是什么？现在卡在哪里？",
        example="示例：零下20℃时充电时间过长，影响冬季使用。",
        search=Search.SUBJECT,
        turn=2,
        lead=True,
    )
    indicators: str = told(
        "指标",
        FieldType.TEXT,
        default="",
        aliases=("技术指标", "考核指标", "预期指标", "indicator", "预期目标"),
        question="希望达到什么可以测量的指标？",
        example="零下20℃、30分钟充至80%",
        search=Search.SUBJECT,
        turn=3,
        lead=True,
    )
    current_state: str = told(
        "现状",
        FieldType.TEXT,
        default="",
        aliases=("现有基础", "工作基础", "现有工作基础", "现状与基础"),
        question="目前做到了什么程度，用的是什么办法？",
        example="现用加热膜方案，需90分钟",
        search=Search.SUBJECT,
    )
    budget: str = told(
        "预算",
        FieldType.LINE,
        default="",
        aliases=("预算金额", "资金预算", "拟投入资金", "投入"),
        question="预算大约多少？",
        example="不超过100万元",
        turn=5,
        lead=True,
        answer=Answer.MONEY,
    )
    funder: str = told(
        "出资方",
        FieldType.LINE,
        default="",
        aliases=("资金来源", "出资单位", "出资"),
        question="由谁出资？",
        example="企业自筹",
    )
    deadline: str = told(
        "期限",
        FieldType.LINE,
        default="",
        aliases=("截止时间", "完成期限", "截止日期", "完成时间", "时限"),
        question="希望什么时候完成？",
        example="2027年12月31日前",
        turn=6,
        lead=True,
        answer=Answer.TIME,
    )
    cooperation: str = told(
        "合作方式",
        FieldType.LINE,
        default="",
        aliases=("合作形式", "合作模式", "cooperation_mode"),
        question="希望怎样合作？（委托开发/联合研发/技术转让/许可/技术服务）",
        example="联合研发",
        turn=4,
        lead=True,
    )
    ip_ownership: str = told(
        "产权归属",
        FieldType.LINE,
        default="",
        aliases=("知识产权归属", "知识产权", "ip"),
        question="形成的知识产权希望归谁？",
        example="双方共有",
        turn=7,
    )
    solver_conditions: str = told(
        "揭榜条件",
        FieldType.TEXT,
        default="",
        aliases=("揭榜要求", "对揭榜方要求", "承接条件", "conditions"),
        question="对合作方有什么条件？",
        example="有同类工程应用案例",
        search=Search.PROOF,
    )
    solver_region: str = told(
        "揭榜方地区要求",
        FieldType.LINE,
        default="",
        aliases=("地区要求", "地域要求"),
        question="对合作方所在地区有要求吗？",
        example="不限",
    )
    trl_required: int | None = told(
        "成熟度要求",
        FieldType.TRL,
        default=None,
        aliases=("trl要求", "技术成熟度要求", "trl_min"),
        question="希望技术至少到几级成熟度（1–9）？",
        example="5",
        answer=Answer.LEVEL,
    )
    region: str = told(
        "地区",
        FieldType.LINE,
        default="",
        aliases=("所在地", "所在地区", "需求方地区", "location"),
        question="您在哪个地区？",
        example="示例市",
        turn=8,
        answer=Answer.PLACE,
    )
