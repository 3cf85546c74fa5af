"""What a question asks for, read from its own words.

Patterns are question words of ordinary Chinese; none belongs to a place, programme or document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.text.figures import COUNT_UNITS, SAME_MEASURES, FigureKind, parse_figures


class Asked(StrEnum):
    """The attribute a question asks for."""

    AMOUNT = "amount"
    RATE = "rate"
    COUNT = "count"
    DEADLINE = "deadline"
    DATE = "date"
    DURATION = "duration"
    PHONE = "phone"
    ADDRESS = "address"
    LINK = "link"
    CONDITION = "condition"
    PROCEDURE = "procedure"
    MATERIALS = "materials"
    BODY = "body"
    PERSON = "person"
    LIST = "list"
    YES_NO = "yes_no"
    REASON = "reason"
    DEFINITION = "definition"
    OTHER = "other"


#: How each attribute is named to people: 文件没有写明它的{…}.
ASKED_WORDS: dict[Asked, str] = {
    Asked.AMOUNT: "金额或额度",
    Asked.RATE: "利率或比例",
    Asked.COUNT: "数量",
    Asked.DEADLINE: "截止时间",
    Asked.DATE: "时间",
    Asked.DURATION: "期限",
    Asked.PHONE: "联系电话",
    Asked.ADDRESS: "地址",
    Asked.LINK: "网址或入口",
    Asked.CONDITION: "条件",
    Asked.PROCEDURE: "办理方式",
    Asked.MATERIALS: "所需材料",
    Asked.BODY: "负责单位",
    Asked.PERSON: "人员",
    Asked.REASON: "原因",
}

_K = FigureKind
#: What kinds of figure answer what is asked.
FIGURE_KINDS: dict[Asked, frozenset[FigureKind]] = {
    Asked.AMOUNT: frozenset({_K.MONEY}),
    Asked.RATE: frozenset({_K.PERCENT}),
    Asked.COUNT: frozenset({_K.COUNT, _K.NUMBER}),
    Asked.DATE: frozenset({_K.DATE}),
    Asked.DEADLINE: frozenset({_K.DATE}),
    Asked.DURATION: frozenset({_K.DURATION}),
    Asked.PHONE: frozenset({_K.PHONE}),
}

_W = r"[^，。？！?!]"
#: Tried in order; the first pattern that matches wins. The narrow come before the broad.
_PATTERNS: tuple[tuple[Asked, re.Pattern[str]], ...] = tuple(
    (asked, re.compile(pattern))
    for asked, pattern in (
        (Asked.PERSON, r"(?:专家|人员|老师|负责人|领导|代表|教授|博士|成员|主任|院士|学者|经理|科长|处长|书记)[^，。？]{0,8}(?:叫什么|姓什么|名字|姓名)"),
        (Asked.PHONE, r"(?:电话|热线|手机号?|号码|座机|联系方式|邮箱|微信号)(?:号码?|地址)?(?:是|为|有)?(?:多少|什么|几|哪|啥|呢)|(?:电话|热线|手机号|号码|座机|联系方式|联系电话|邮箱|微信号)(?:号码)?(?:是)?(?:吗|没有|么)?[？?。！]*$|打给谁|打(?:哪个|什么|多少)|拨打(?:哪|什么|多少)|(?:怎么|如何|怎样|咋)(?:才能)?联系|(?:什么|哪个|多少|谁的|个|留|给|要|查|找)[^，。？]{0,12}(?:电话|热线|手机号|号码|联系方式|邮箱|微信)|有(?:没有)?[^，。？]{0,10}(?:电话|热线|联系方式)"),
        (Asked.DEADLINE, rf"截止|截至(?:什么|何)时|最晚|最迟|什么时候(?:结束|到期|为止|截)|到什么时候|何时(?:结束|到期|截)|到期|期满|有效期到|过期时间|(?:申报|申请|报名)(?:的)?(?:时间|期限|窗口|日期)(?:是|到|为)?(?:什么|哪|几|多久|多长|怎)|什么时候{_W}{{0,6}}(?:申报|申请|报名)"),
        (Asked.RATE, r"利率|利息(?:是)?(?:多少|多高|几)|年化|百分之几|百分之多少|(?:比例|占比|比率|费率|税率|率)(?:是|为|有|达|达到|提高|降低|下降|上升)*(?:多少|多高|几)|多少(?:个)?百分点|几个点|贴息(?:多少|几|比例)|什么(?:比例|标准的比例)|打几折|几折|几成"),
        (Asked.DURATION, r"多久|多长时间|多少(?:天|年|个月|小时|分钟|周|个工作日|日|个小时|星期)|几(?:天|年|个月|小时|分钟|周|个工作日|星期|个小时|个星期|个礼拜|礼拜|个周)|(?:时间|期限|时长|周期)(?:是|为|有)?多长|期限(?:是|为)?(?:多少|什么|几)|有效期(?!到)"),
        (Asked.AMOUNT, r"多少(?:钱|元|万|资金|补贴|补助|资助|奖励|奖金|经费|费用|支持资金|租金|贷款|亿)|(?:金额|额度|标准|上限|封顶|资金|补贴|补助|奖励|资助|价格|费用|租金|经费|预算|投资|总额|规模)(?:最高|最多|大概|一般|分别|总共|合计|共计)?(?:是|为|有|达|达到|能|可以|可)?(?:到|拿|给|领|得)?多少|(?:给|拿|领|补|奖|贷|得|批|借|补贴|补助|资助|支持|奖励|报销|申请)(?:到)?多少(?!家|人|个|名|项|次|天|年)|几万|几十万|几百万|多大(?:额|力度的)|额度|上限|最高能|最多能(?!.{0,6}(?:几|多少)[家人个名项次天年])|封顶|金额|什么价|花多少|要多少钱|多少(?:支持|扶持)"),
        (Asked.COUNT, r"多少(?:家|个|名|人|项|次|场|款|种|条|所|位|张|套|间|户|台|轮|批|亩|吨|例|份|辆|门|座|只|件|篇|类|笔|平方|公里|企业|单位|机构|学校|高校|省|市|区|项目|医|志愿|床|万)|(?<!哪)几(?:家|个|名|人|项|次|场|款|种|条|所|位|张|套|间|户|台|轮|批|类|座|大|方面|支|届|级|组|份|市|区|国)|数量|总数|一共有?多少|共有多少|有多少|人数|(?:达|达到|共|约|累计|总计|共计|超过)多少|达多少"),
        (Asked.LINK, r"网址|网站|链接|入口|登录哪|哪个(?:平台|网站|公众号|小程序|APP|app)|公众号|小程序"),
        (Asked.MATERIALS, r"(?:哪些|什么|啥)(?:申请|申报|证明|相关)?(?:材料|资料|证件|手续|文件证明)|材料(?:有|包括|清单|都|需)|需要(?:提交|准备|带|提供)(?:些)?(?:什么|哪些|啥)"),
        (Asked.ADDRESS, r"地址|在哪(?:里|儿|办|个(?:地方|位置|地点|路|楼|区))?|哪里(?!来)|什么地方|位于|哪个(?:地方|地点|位置|路|楼)|去哪|到哪|(?<!如)何处|门牌"),
        (Asked.DATE, r"什么时候|何时|哪(?:一)?(?:年|天|月|日)|几(?:月|号|点)|什么(?:时间|日期)|(?:时间|日期)(?:是|为)?(?:什么|哪|几|多少)|哪年|起始时间|从什么时候"),
        (Asked.CONDITION, r"(?:什么|哪些|啥|何种|怎样的?)(?:申报|申请|享受|准入|入驻|基本|具体|限制|报名|资格)?(?:条件|要求|资格|门槛|限制)|(?:条件|要求|门槛|资格)(?:是|有|包括|都)?(?:什么|哪些|啥)|符合(?:什么|哪些)|满足(?:什么|哪些)|(?:哪些|什么样的|什么|哪类|哪种|啥样的?|哪些类型的?)(?:企业|人|人员|单位|公司|对象|机构|项目|群体|团队|人才|主体)(?:才|可以|能|能够|可|有资格|符合|享受|适用|可享)|谁(?:可以|能|能够|有资格|符合)|适用(?:对象|范围|于)|(?:支持|补贴|服务|适用|申报)对象|条件|门槛"),
        (Asked.BODY, r"(?:哪个|哪些|什么|哪家|哪几家|哪几个|啥)(?:部门|单位|机构|政府部门|委办局|主管部门|科室|机关|局|委|公司|银行|组织|企业|院所|高校|学校|大学|研究所|城市|地方|区)|谁(?:负责|主管|牵头|来|发|制定|出|管|批|承办|主办|颁布|组织)|由谁|找谁|问谁|联系谁|(?:主管|牵头|负责|主办|承办|发布|组织)(?:部门|单位|机构)|哪家"),
        (Asked.BODY, r"(?:谁|哪位|什么人|何人|联系人|负责人|哪些人)"),
        (Asked.PROCEDURE, r"(?:怎么|如何|怎样|咋)(?:样)?(?:才能|才可以|去|来)?(?:申请|申报|办理|报名|办|申领|领取|参加|加入|注册|预约|提交|登记|操作|获得|享受|查询|走|入驻|使用|报|发布|拿|生成|下载|缴|交|退)|(?:流程|步骤|程序|方式|渠道|办法|途径)(?:是|有|为|都|包括)?(?:什么|哪些|怎|啥)|(?:什么|哪些)(?:流程|步骤|程序|渠道|途径|方式)|申请流程|办理流程|申报流程|在哪(?:申请|申报|办)"),
        (Asked.REASON, r"为什么|为何|为啥|什么原因|原因(?:是|有)|凭什么|目的是"),
        (Asked.LIST, r"(?:哪些|哪几|什么样的|有什么|有啥|有何|都有|包括什么|包括哪|包含|几方面|分别是|分别为|哪两|哪三|哪四|哪五|列出|列举|介绍一下都|清单|名单|都是什么)"),
        (Asked.DEFINITION, r"(?:是什么|什么是|指什么|是指|是啥|什么意思|何谓|指的是|叫什么|是干什么|是做什么|介绍)"),
        (Asked.YES_NO, r"(?:吗|(?<!什)(?<!怎)(?<!那)(?<!这)么|嘛|没有?|不)[？?。！]*$|是不是|有没有|能不能|可不可以|是否|可否|能否|会不会|要不要|需不需要|行不行|算不算|有无|还是"),
        (Asked.LIST, r"什么|哪|(?<!如)(?<!为)何|啥"),
    )
)  # fmt: skip

#: Question phrases and politeness that say nothing of the subject.
_FILLER = re.compile(
    r"在?哪条路上?|在?什么路上?|(?:我)?没(?:有)?(?:记|说|听|搞)?错吧|说得对不对|对不对|对吗|是真的吗|是真的|真的吗|是吗|没错吧|是吧|可以吗|行吗|换个话题|换个问题|顺便问(?:一下|下)?|再问(?:一下|下|个)?|另外问|请问(?:一下)?|麻烦(?:问)?(?:一下)?|您好|你好|我想(?:问|知道|了解|咨询|请教)(?:一下|下)?|想(?:问|了解|咨询|请教)(?:一下|下)?|咨询(?:一下|下)"
    r"|能不能告诉我|可以告诉我|告诉我|帮我(?:查|看|问|找)(?:一下|下)?|帮忙|谢谢|多谢|听说|据说|我听说|打听(?:一下|下)?|问一下|说一下|讲一下|介绍一下|具体(?:来说|是)?|到底|究竟|那么|那个|这个|呢|呀|啊|吧|哦|哈|嘛"
    r"|什么样的?|怎么样的?|有哪些|有什么|有啥|有何|是什么|是啥|什么是|都有什么|有没有|能不能|可不可以|是不是|是否|能否|可否|会不会|要不要|如何|怎么样|怎么|怎样|咋样|咋|为什么|为何|为啥"
    r"|百分之几|百分之多少|多少钱|几个钱|多少|哪些|哪个|哪家|哪里|哪儿|哪几个|哪几|哪位|哪一|哪年|哪天|什么时候|什么|何时|(?<!十)几(?!乎)[个家项年天次种条名位人场款批轮组份市区大类张套间]?|多久|多长时间|谁|吗|么|(?<!申)(?<!邀)(?<!聘)请|一下"
)
_WHITE = re.compile(r"[\s，。？！?!、；;：:,.…~～]+")


#: The attribute that a figure in a yes-or-no question is a value of.
_CONFIRMED: dict[FigureKind, Asked] = {
    FigureKind.MONEY: Asked.AMOUNT,
    FigureKind.PERCENT: Asked.RATE,
    FigureKind.DURATION: Asked.DURATION,
    FigureKind.COUNT: Asked.COUNT,
}


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """``asked`` in order of the patterns; ``subject`` is the question without its question words."""

    asked: Asked
    also_asked: tuple[Asked, ...]
    subject: str
    dates: frozenset[str] = frozenset()
    question: str = ""
    measure: str = ""


def analyse_question(question: str) -> QuestionAnalysis:
    """What ``question`` asks for and about.

    >>> analyse_question("联合创新项目最多能补多少钱？").asked
    <Asked.AMOUNT: 'amount'>
    """
    found = list(dict.fromkeys(asked for asked, pattern in _PATTERNS if pattern.search(question)))
    asked = found[0] if found else Asked.OTHER
    if asked in (Asked.YES_NO, Asked.OTHER):
        # 最高60万吗 asks for an amount: the figure tells which attribute is to be confirmed.
        figures = parse_figures(question)
        meant = [_CONFIRMED[figure.kind] for figure in figures if figure.kind in _CONFIRMED]
        if any(figure.kind is FigureKind.NUMBER and figure.text.endswith(("万", "亿")) for figure in figures):
            meant.append(Asked.AMOUNT)
        found = [*dict.fromkeys(meant), *found]
        asked = found[0] if found else Asked.OTHER
    dates = frozenset(str(f.value) for f in parse_figures(question) if f.kind is FigureKind.DATE)
    return QuestionAnalysis(
        asked, tuple(found[1:]), question_subject(question), dates, question, asked_measure(question)
    )


_MEASURE = re.compile(rf"(?:多少|几)(?P<measure>{'|'.join(sorted(COUNT_UNITS, key=len, reverse=True))})")


def asked_measure(question: str) -> str:
    """The measure word a question counts with (多少家 → 家), empty without one."""
    match = _MEASURE.search(question)
    return match["measure"] if match else ""


def states_asked_figure(text: str, asked: Asked, measure: str = "") -> bool:
    """Whether ``text`` gives a figure of the kind asked for, counted with the same measure word."""
    kinds = FIGURE_KINDS.get(asked)
    if kinds is None:
        return False
    figures = [figure for figure in parse_figures(text) if figure.kind in kinds]
    if asked is not Asked.COUNT or not measure:
        return bool(figures)
    alike = next((group for group in SAME_MEASURES if measure in group), frozenset((measure,)))
    return any(figure.unit in alike or figure.unit == "" for figure in figures)


def question_subject(question: str) -> str:
    """``question`` with question phrases, politeness and punctuation replaced by spaces."""
    return _WHITE.sub(" ", _FILLER.sub(" ", question)).strip()


_PART = re.compile(r"[，,；;。！!？?]|(?:以及|并且|还有|同时)")


def question_parts(question: str) -> tuple[str, ...]:
    """A question cut where it asks for several things; whole where only one part asks."""
    parts = [part.strip() for part in _PART.split(question) if part.strip()]
    asking = [part for part in parts if analyse_question(part).asked is not Asked.OTHER]
    if len(asking) < 2:
        return (question,)
    # What stands before the first asking part belongs to it: 听说有支持，最多多少，怎么申请.
    first = parts.index(asking[0])
    return ("，".join(parts[: first + 1]), *asking[1:])
