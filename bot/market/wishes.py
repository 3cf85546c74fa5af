"""What a wish told in plain words says: a need or an offer, and which words belong to which field.

Rules read the text clause by clause; whatever they give back stands in the teller's own words.
"""

from __future__ import annotations

import re

from bot.text.figures import FigureKind, parse_figures
from bot.types import RecordKind

_MAX_TITLE = 40
_SHORTEST_TITLE = 3

_WANT = (
    r"(?:想|需要|需|希望|寻求|寻找|寻|物色|征集|求购|急需|急求|(?<![要需请])求|打算|计划|准备(?!好)|正在找"
    r"|要找|找|缺|招募|招|诚聘|委托)"
)
_WHO = (
    r"(?:企业|院所|高校|大学|团队|单位|机构|公司|研究所|研究院|实验室|课题组|专家|教授|老师|博士|工程师|师傅"
    r"|高手|顾问|伙伴"
    r"|合作方|厂家|厂商|工厂|代工厂?|外协|(?:供应|集成|服务|制造|承包)商|人(?=$|来|帮|做|看|设计|解决|改|搞|能"
    r"|会|懂|合作)|厂(?=$|来|做|合作))"
)
_SOUGHT = rf"(?:技术|合作|解决|方案|成果|工艺|设备|攻关|攻克|研发|开发|改进|替代|专利|配方|{_WHO})"
#: Something to have or to have made, counted as things are: not a form or a rule.
_THING = r"(?:一|个|一个|几|新)?(?:种|款|套|台|批)(?![^，。]{0,10}(?:材料清单|证明|表格|汇编|手续|规定|指南|合同))"
_ABLE = r"(?:做|懂|会|能|搞|擅长|从事|研究|精通|有)"
_HELP = (
    r"(?:帮|搞定|解决|攻克|处理|对付|做|搞|修|改|合作|对接|开发|研发|生产|加工|检测|设计|看看|提供(?!支持))"
    r"(?![^，。]{0,4}(?:申请|申报|审核|审批|评审|主任))"
)
_ASK_WHO = rf"(?:谁家?|哪(?:位|家|些|个)|有没有|有无|有谁|有人|希望有)[^，。！!\n]{{0,12}}?{_WHO}?"
_DEFECT = (
    r"(?:老是|老|总是|总|一直|经常|反复|始终|怎么也|太|偏)[^，。？?]{0,6}"
    r"(?:裂|脱落|掉|变形|漏|断|堵|锈|蚀|卡死|失效|热|磨损|起泡|气孔|不稳|波动|超标|大$|短$|高$|低$|多$|慢$"
    r"|[大短高低多慢]了?，|不达标|上不去|下不来|做不[到好]|过不了关)"
    r"|气孔太?多|降不下来|上不去|达不到(?:要求|指标|标准)?|搞不定|解决不了|做不(?:出来|到|好)|攻不下"
    r"|卡在[^，。]{1,16}(?:步|关|环节|上)"
)
_IMPROVE = (
    r"(?:改造|改成|升级|换掉|替换|国产化|自动化|智能化|数字化|数字孪生|加装|试制|打样|中试|仿真|试验|化验|优化"
    r"|研制|设计一)"
)
_NEED = re.compile(
    rf"{_WANT}[^。？！?!\n]{{0,60}}{_SOUGHT}|发布需求|发榜|登记需求|有(?:个|一个|一项)?(?:技术)?(?:需求|难题)"
    rf"|(?:遇到|碰到|碰上)[^，。]{{0,6}}难题|{_DEFECT}"
    rf"|(?:介绍|推荐|引荐|对接|牵线|找)(?:一下|下)?[^，。？?]{{0,4}}{_ABLE}[^，。？?]{{1,16}}{_WHO}"
    rf"|(?:能不能|能否|求|请|麻烦|帮)[^，。？?]{{0,6}}(?:介绍|推荐|引荐)[个几一]?[家位个]?[^，。？?]{{0,16}}{_WHO}"
    rf"|{_ASK_WHO}(?:能够?|可以|会|懂|有办法|来)[^，。！!\n]{{0,20}}{_HELP}"
    r"|哪(?:里|儿)(?:能|可以)做[^，。]{2,12}(?:测试|试验|检测|加工|打样|中试)"
    r"|有(?:没有)?[^，。？?]{0,12}(?:自动化|替代|改造)方案"
    rf"|(?:有没有|有无|哪家|哪些|谁)[^。！!\n]{{0,30}}{_WHO}?[^。！!\n]{{0,20}}(?:合作|对接|能做|会做|能解决|可以做)"
    rf"|(?:急?需要?|想要|想买|采购|求|缺){_THING}|(?:想|要|打算|计划|准备|希望|需要)[^，。？?]{{0,14}}{_IMPROVE}"
    r"|(?:想|要|打算)[^，。？?]{0,3}(?:弄|搞|上)(?:个|一)[^，。？?]{0,12}(?:处理|线|系统|设备|平台)"
)
_MADE_OUT = (
    r"(?:(?:研发|开发|研制|做|搞|设计|发明|制备|合成|攻克|训练|攒|建)(?:成功|出来|出|成|好|完|下)?了(?!解)"
    r"|(?:研发|开发|研制|做|搞|制备|合成)(?:出|成)(?!来)|(?:新|自主)研发?(?:的|出)|自研|(?:研发|研制|开发|做成"
    r"|做出来)的)"
)
_MADE = rf"(?:(?<!没)有(?!没有|关|谁|人|偿)|{_MADE_OUT}|掌握|拥有)"
_SELF = (
    r"(?:我们?|咱们?|我司|本(?:公司|团队|单位|所|校|院|实验室)|所里|校里|学校|团队|课题组|实验室|手上|手里"
    r"|手头|现|已经)"
)
_HAVE = rf"{_SELF}?[^。？！?!\n]{{0,20}}{_MADE}"
_ASSET = (
    r"(?:专利|成果|技术|工艺|配方|算法|软件|系统|平台|装置|设备|产品|样机|方案|材料|著作权|软著|知识产权"
    r"|机器人|控制器|传感器|涂料|结构)"
)
_DISPOSE = (
    r"(?:转让|许可|授权给|出让|出售|卖|推广|推给|推向|转化|落地|产业化|量产|输出|作价|入股|共享|开放"
    r"|接手)(?!(?:规定|备案|登记|要|有|的))"
)
#: What an owner looks for: users, makers, money, a place to try it.
_USE = r"(?:(?:应用|落地|使用)?场景|客户|用户|买家|下家|订单|投资|量产|代理|经销|试用|试点|落地|产业化|转化|推广)"
_TAKER = (
    r"(?:企业|厂家|厂商|工厂|公司|单位|伙伴|下游)(?:来|愿意|一起|合作|对接)*(?:生产|量产|接手|用|试|转化|落地"
    r"|产业化|推广|(?=$|[，。]))"
)
_LOOK = r"(?:找|寻找|寻求|寻|招|诚招|求|希望有?|对接|有没有)"
_WELCOME = (
    r"(?:谁|有人|哪家)[^，。]{0,4}(?:感兴趣|有兴趣|需要|想要|要)|感兴趣的|有意(?:向的|者)"
    r"|欢迎[^，。]{0,8}(?:洽谈|对接|合作|联系|试用|来)|诚招[^，。]{0,6}(?:合作|企业|代理)"
)
_OFFER = re.compile(
    rf"{_HAVE}[^。？！?!\n]{{0,60}}"
    r"(?:转让|许可|推广|转化|落地|产业化|应用场景|(?:找|寻找|寻求)[^。？?\n]{0,12}(?:企业|合作|伙伴|投资|客户"
    r"|场景)|对接)"
    rf"|{_MADE}[^。？?\n]{{0,60}}{_LOOK}[^。？?，\n懂会做]{{0,10}}(?:{_USE}|{_TAKER})"
    rf"|(?:{_SELF}|{_ASSET})[^。？?\n]{{0,60}}{_LOOK}[^。？?，\n懂会做]{{0,10}}{_USE}"
    rf"|(?:{_MADE}|{_SELF}的?|{_ASSET})[^。？?\n]{{0,40}}(?:{_WELCOME})"
    rf"|{_ASSET}[^，。？?\n]{{0,12}}[，]?(?:想|打算|希望|准备|可以|可|愿意|愿|拟|寻求|待|正在|对外"
    rf"|要)[^，。？?\n]{{0,10}}{_DISPOSE}"
    rf"|(?:想|打算|希望|准备|拟|要)?(?:把|将)[^，。？?\n]{{1,20}}(?:推广|推向|推给|卖|转让|许可|授权|转化|落地"
    rf"|产业化|输出|变成产品)"
    rf"|(?:想|打算|准备|要)(?:卖|转让|出售|出让|对外输出)[^，。？?\n]{{0,20}}{_ASSET}"
    rf"|(?:想|打算|准备)给{_SELF}的?[^，。？?\n]{{1,20}}{_LOOK}[^，。？?\n]{{0,10}}(?:落地|场景|客户|买家|投资)"
    rf"|{_SELF}[^。？?\n]{{0,30}}(?:可以|可|能够?|愿意|对外)[^，。？?什哪多吗]{{0,12}}，?(?:对外|为企业|给企业"
    rf"|向企业|接)*(?:提供|承接|代工|开放|企业委托|接活|接单)[^什哪多吗]{{0,20}}(?:$|[，。])"
    r"|发布成果|登记成果"
)
#: A clause that makes what was had or made a need after all.
_VAGUE_OFFER = re.compile(
    r"(?:没有|有没有|有哪些|有无|需求|难题|想找(?![^，]{0,12}(?:场景|客户|用户|买家|下家|投资|接手|量产|试))"
    r"|想请|求购|引进|买)"
)
_BUT = re.compile(rf"{_DEFECT}|(?:但|可是|不过|只是|就是)[^。]{{0,30}}(?:不|差|缺|难|没)")
#: Wishes for money, permits, a home or papers are questions of policy, not of partners.
_NOT_A_WISH = re.compile(
    r"补贴|补助|资助|扶持|贷款|贴息|申报|政策|公寓|落户|签证|奖励|(?:怎么|如何|想|可以|能"
    r"|谁)[^，。]{0,3}(?:申请|报名|办理)(?!了?专利)"
    r"|住房|租房|租个?办公|房租|户口|居住证|上学|入学|子女|孩子|社保|公积金|发票|税|报销|资金周转|缺钱|中间人"
    r"|经理人|应届生|招聘|反映"
    r"|规定|条例|细则|管理办法|认定|指南|备案|手续|通知(?!机)|(?:申请|办理|审批)流程|(?:联系)?电话(?:是?多少|$)"
)


def recognise(text: str) -> RecordKind | None:
    """Whether ``text`` tells a need or an offer, or (``None``) neither.

    >>> recognise("我们想找能做低温快充的技术团队").value
    'needs'
    """
    if _NOT_A_WISH.search(text):
        return None
    if _OFFER.search(text) and not _VAGUE_OFFER.search(text.split("，")[0]) and not _BUT.search(text):
        return RecordKind.OFFER
    return RecordKind.NEED if _NEED.search(text) else None


def sought_by(text: str) -> RecordKind | None:
    """What a wish looks for: offers for a need, needs for an offer; ``None`` when it tells neither."""
    kind = recognise(text)
    return None if kind is None else kind.counterpart


_CLAUSES = re.compile(r"[，。；！？,;!?\n]+")
_QUESTION_WORD = re.compile(
    r"什么|啥|多少|哪|怎么|怎样|如何|谁|几(?![个家位种款项台套年])|是不是|有没有|有无|能不能|可不可以|是否|吗"
    r"|呢|咋|何时|了没|没有$"
)
#: Question clauses that go with a wish: whether somebody can do it or wants it.
_ASKS_FOR_SOMEBODY = re.compile(
    r"(?:有没有|有无|有)[^，]{0,8}(?:合适|推荐|人|团队|企业|单位|院所|高校|老师|专家|工厂|厂家)|(?:找|和|跟)谁"
    r"|谁家?(?:能|可以|会|懂|感兴趣|有兴趣|需要|想要|要)|哪(?:家|些|位)[^，]{0,8}(?:能|可以|会|合适)"
    r"|(?:能不能|能否|可以|可不可以|能)(?:请|帮|介绍|推荐|对接|牵线)|推荐(?:一下)?吗"
    r"|有(?:没有)?[^，]{0,10}(?:方案|办法)$|(?:怎么|咋|如何)(?:办|解决|处理|弄|整|破)"
)
#: A question that tells a wish by itself: somebody is asked to help the teller.
_OWN_PLEA = re.compile(
    rf"帮(?:我|咱|忙|一?下)|(?:能不能|能否|可不可以|可以)[^，]{{0,4}}(?:介绍|推荐|对接|引荐)[^，]{{0,8}}{_ABLE}"
    rf"|{_DEFECT}"
)
_STATEMENT = re.compile(rf"{_MADE_OUT}|掌握|拥有|{_DEFECT}|{_ASSET}")


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
    said = [clause for clause in clauses if clause not in asking]
    if not asking or any(_OWN_PLEA.search(clause) for clause in asking):
        return bool(clauses)
    return any(recognise(clause) is not None or _STATEMENT.search(clause) for clause in said)


_BUDGET = re.compile(r"预算|投入|出资|经费|拿出|愿意出|资金")
_PRICE = re.compile(r"转让费|价格|报价|售价|许可费|作价")
_RELATIVE = re.compile(r"(?:今|本|明|后)年|年底|年内|月底|季度")
_DEADLINE = re.compile(r"前|之内|以内|内|完成|期限|年底|年内|交付|解决")
_MEASURE = re.compile(
    r"希望|要求|做到|充到|达到|达|提高|提升|降低|减少|缩短|不低于|不高于|不超过|小于|大于|以上|以下|以内"
    r"|控制在|至少|充至|寿命|精度|效率"
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
    r"(?:我们是|我是|这里是|我司是)([\u4e00-\u9fff（）()A-Za-z0-9]{2,30}?(?:公司|集团|大学|学院|研究院|研究所"
    r"|研究中心|厂|医院))"
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
    rf"{_WANT}(?:找|寻找|寻求|一个|一家|一项|一种|能(?!源|量|耗|级)够?|可以|会(?!议|展|计))*(?:做|解决|提供|研发|开发)?"
    r"|^(?:有没有|有无|哪家|哪些|谁)(?:企业|单位|公司|高校|院所)?(?:能够?|可以|会)*(?:做|解决|提供)?"
)
#: Says that there is a problem, not which.
_BARE_TROUBLE = re.compile(r"^.{0,10}(?:遇到|碰到|碰上|有)[^，。]{0,4}(?:难题|问题|麻烦)$")
#: Asking for somebody, and the words that count things: what follows is what is sought or offered.
_ASKING_LEAD = re.compile(
    r"^(?:介绍|推荐|引荐|物色|帮(?:忙|我们?|咱们?)|急着?|一下|请(?!教(?!授))|招|找|求|寻|搞定|[一几两]?[个家位款套种项](?!人|性)|懂|会(?!议|展|计)|能(?!源|量|耗|级))*"
    rf"(?:{_WHO})?(?:做(?=[^，]{{2}}))?"
)
_COUNT_LEAD = re.compile(r"^(?:[一几两这]?[个款套种项](?!人|性))")
_VAGUE_TITLE = re.compile(r"^(?:要|做|技术|合作|项目|产品|专家|人才|需求|成果|方案|伙伴|发布|登记|个|一|有|新|好的?)+$")
_HAVING = re.compile(rf"^[^，。]{{0,20}}?{_MADE}(?:一项|一种|一个|了|一套|了一种)*")
#: What an owner wants to happen to an offer is no part of its name.
_PURPOSE = re.compile(
    r"(?:，)?(?:想要?|要|可以?|希望|准备|打算|寻求|正在)?(?:找[^，。]{0,12}|对外|独家|普通)?(?:转让|许可|推广"
    r"|转化|落地|产业化|出售|对接|合作)(?:出去|使用)?$"
)
_TAIL = re.compile(
    rf"的{_WHO}来?(?:帮忙|指导|看看)$|"
    r"(?:的)?(?:合作)?(?:伙伴|团队|专家|教授|课题组|实验室|合作方|机构|单位|院所|高校|厂家|供应商|企业|公司|研究所)(?:能|可以|来)*(?:合作)?$"
    r"|(?:吗|呢|啊|吧|谢谢)+$|的$"
)


def title_of(kind: RecordKind, text: str) -> str:
    """The clause that says what is sought or offered, without its verb and address."""
    pattern = _NEED if kind is RecordKind.NEED else re.compile(_MADE)
    clauses = [clause.strip() for clause in _CLAUSES.split(text) if clause.strip()]
    chosen = next((each for each in clauses if pattern.search(each) and not _BARE_TROUBLE.search(each)), None)
    if chosen is None:
        chosen = next((clause for clause in clauses if not _OWNER.search(clause)), "")
    lead = _LEAD if kind is RecordKind.NEED else _HAVING
    stripped = chosen
    for _ in range(3):
        stripped = _TAIL.sub("", lead.sub("", stripped)).strip()
        if kind is RecordKind.OFFER:
            stripped = _COUNT_LEAD.sub("", _PURPOSE.sub("", stripped))
        else:
            stripped = _ASKING_LEAD.sub("", stripped)
    stripped = re.sub(r"的(技术|方案|工艺|设备|装置|材料)$", r"\1", stripped)
    vague = len(stripped) < _SHORTEST_TITLE or _VAGUE_TITLE.match(stripped)
    return "" if vague else stripped[:_MAX_TITLE]
