"""Words that a shortened sentence may put for others, leave out or add, and words that must not be lost.

The tables are short on purpose: a sentence that needs more than these is left out of the summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.text.relative_time import resolve_relative_time
from bot.text.tokens import without
from bot.types import Status

#: Words that say the same in both directions.
_SAME: tuple[tuple[str, ...], ...] = (
    ("最高不超过", "最高不得超过", "最高", "最多", "最长", "至多", "不超过", "不得超过", "不高于"),
    ("不低于", "不少于", "不得低于", "不得少于", "至少"),
    ("、", "和", "与", "及", "以及"),
    ("按照", "按", "依照"),
)
#: What a document says, and how it may be said plainly; never the other way round.
_PLAINLY: dict[str, tuple[str, ...]] = {
    "不得": ("不能", "不可以", "不可"),
    "严禁": ("禁止", "不得", "不能"),
    "不予": ("不", "不会"),
    "尚未": ("还没有", "还没", "还未"),
    "未": ("没有",),
    "无需": ("不需要", "不用"),
    "逾期": ("过期", "超过期限"),
    "应当": ("应", "应该", "要"),
    "应": ("应当", "应该", "要"),
    "必须": ("须", "要"),
    "须": ("必须", "要", "需要"),
    "需": ("需要", "要"),
    "可": ("可以",),
    "可以": ("可",),
    "给予": ("给",),
    "予以": ("给予",),
    "拟": ("计划", "打算"),
    "计划": ("打算",),
    "正在打造": ("正在建设",),
    "已": ("已经",),
    "已经": ("已",),
    "自": ("从",),
    "至": ("到",),
    "为": ("是",),
    "约": ("大约",),
    "均": ("都",),
    "报送至": ("报送到", "送到", "送至"),
    "设在": ("位于",),
}
#: 对…给予… told of the one who gets it.
GRANTS = ("给予", "予以", "可获", "可获得", "可以获得", "可得到", "可以得到", "能得到", "可享受", "可以享受")
GIVEN = ("给予", "予以")
#: Words in which the short ones above or below mean something else.
_WHOLE_WORDS = (
    "未来 到期 到位 应用 供应 反应 效应 对应 适应 响应 相应 应急 应收 对接 对象 对口 对外 "
    "绝对 面对 针对 目的 了解 为主 行为 作为 成为 认为 许可 认可 可靠 可行 可持续 供需 需求 "
    "必需 按时 按期 自主 自身 自动 自然 自愿 自行 来自 各自 尤其 及时 普及 涉及 参与 与会 "
    "均衡 平均 模拟 虚拟 拟定 未成年 约束 签约 合约 公约 预约 节约 还款 偿还 归还 返还 并联 "
    "合并 并购 也门 的士 一次性 是否 院校 满意 圆满 充满 达成 无人机 无线 经济 经理 经营 "
    "经信 经验 财经 最新 不断 不仅 不同 各类 各界 "
).split()
#: Words a document may be relieved of wherever they stand, and at the beginning of a clause.
FILLERS = frozenset(("了", "进一步", "此外", "另外", "还", "也"))
OPENING_FILLERS = frozenset(("对", "对于"))
JOINING_FILLERS = frozenset(("并", "并且", "而且"))
#: Words that may be added anywhere.
TELLING = frozenset(("是", "也", "还", "此外", "另外"))
#: Words that may be added before all others: where something stands.
LEADING = frozenset("根据 按照 依据 文件 原文 文中 材料 提出 明确 提到 写明 指出 显示 规定".split())
#: A clause that consists of one of these, or begins with one of the others, may go before what is told.
_OPENERS = frozenset("线上 线下 此外 另外 同时 目前 如 例如 比如 一方面 另一方面 具体而言 总体来看".split())
_PURPOSES = ("为了", "为进一步", "为贯彻", "为落实", "为支持", "为促进", "为推动", "围绕")
#: How a clause begins that tells only by what or to what good something is done.
_EFFECTS = tuple(
    "依托 借助 促进 推动 推进 吸引 助力 提升 提高 增强 优化 营造 实现 激发 赋能 引导 带动 加快 为科创 不断".split()
)

#: Words of a clause that limit what goes before or after it; such a clause is never left out.
_LIMITS = re.compile(
    "除|例外|但|却|不|未|无|非|勿|禁|免|没|须|需|应|必|限|仅|只|唯|最|至少|以内|之内|以上|以下|以前|以后|以外|之外|封顶|累计|合计|"
    "每|各|分别|单个|条件|前提|资格|方可|才|如|若|凡|经|的$|当|为准|择优|优先|原则|一般|期限|有效|逾期|过期|失效|废止|停|"
    "止|撤|退|追|减半|自筹|待|批准|暂|试点|试行|草案|初稿|征求意见|满|超|占|比例|符合|达"
)
#: Words of what is only to come; beside something that is told as coming they limit nothing.
_COMING = re.compile("计划|拟|将|预计|正在|筹|即将")
#: Words with which a clause forbids; beside a ban that is told another one limits nothing.
_BANS = ("不得", "不能", "严禁", "禁止")
#: Later words of the same text that take something back from what was said before.
_TAKEN_BACK = re.compile(
    "除外|例外|不适用|不享受|不包括|不包含|不含|不再|不予|不得|但|却|仅限|只限|上述|以上(?:政策|措施|内容|规定|标准|支持)|"
    "前款|本条|前述|征求意见|尚未|废止|失效|停|取消|终止|撤|调整为|更正|合计|累计|总额|待|批准|减半|退|追"
)
#: Earlier words of the same text that say of all that follows that it does not hold, or that somebody asked for it.
_SET_ASIDE = re.compile("废止|失效|停|取消|终止|撤|建议|提案|设想|您|你|过期|到期")
#: Words to the reader, words of whoever wrote the text, links and questions; and times that pass.
_UNFIT = re.compile(
    "您|你|我|咱|(?<![申邀聘提报])请|欢迎|建议|http|www|@|[?!]|近日|日前|最近|近期|本月|上月|下月|本周|今天|明天|昨天|今日"
)
#: A sentence that begins so speaks on about what the one before it spoke of.
_SPEAKS_ON = re.compile(
    "^(?:须|应|需|必须|但|其中|该|其|上述|以上|前款|此|同时|申请(?:人|单位|企业)|符合|每|单个|最|仅|只|限|不|未)"
)

#: Words with which a sentence keeps the status of a text that does not hold, or not yet.
_KEPT: dict[Status, tuple[str, ...]] = {
    Status.EXPIRED: ("已过期", "已失效", "已到期", "过期", "失效"),
    Status.SUPERSEDED: ("已被替代", "已被取代", "已废止", "已失效"),
    Status.DRAFT: ("征求意见稿", "草案", "初稿", "讨论稿", "草拟"),
    Status.PLANNED: ("计划", "拟", "预计", "即将", "尚未", "还没有", "还未", "将于"),
    Status.UNDER_CONSTRUCTION: ("正在", "建设中", "筹建", "在建", "尚未", "还没有", "还未"),
}
#: Of these, what may be added to a sentence over such a text; a verb of planning may not.
_TOLD_OF: dict[Status, tuple[str, ...]] = {
    Status.EXPIRED: ("已过期", "已失效", "已到期"),
    Status.SUPERSEDED: ("已被替代", "已被取代", "已废止", "已失效"),
    Status.DRAFT: ("征求意见稿", "草案", "初稿"),
    Status.PLANNED: (),
    Status.UNDER_CONSTRUCTION: (),
}
VOCABULARY: tuple[str, ...] = tuple(
    sorted(
        {
            *(word for group in _SAME for word in group),
            *_PLAINLY,
            *(word for plain in _PLAINLY.values() for word in plain),
            *(word for told in _TOLD_OF.values() for word in told),
            *GRANTS,
            *_WHOLE_WORDS,
            *FILLERS,
            *OPENING_FILLERS,
            *JOINING_FILLERS,
            *TELLING,
            *LEADING,
        },
        key=lambda word: (-len(word), word),
    )
)
_STANDS_FOR: dict[str, frozenset[str]] = {
    word: frozenset((*_PLAINLY.get(word, ()), *(other for group in _SAME if word in group for other in group)))
    for word in VOCABULARY
}
LIMITING = _SAME[0]
_ANY_DAY = "2000-01-01"


def stands_for(told: str, stated: str) -> bool:
    """Whether ``told`` may be put for the word ``stated`` of a document."""
    return told == stated or told in _STANDS_FOR.get(stated, ())


def added_to(status: Status) -> frozenset[str]:
    """Words that a sentence over a text of this status may add, because they are what its status says."""
    return frozenset(_TOLD_OF.get(status, ()))


def keeps(sentence: str, status: Status) -> bool:
    """Whether ``sentence`` has a word of ``status``; true for a status that needs none."""
    kept = _KEPT.get(status)
    return kept is None or any(word in sentence for word in kept)


def limits(clause: str) -> bool:
    """Whether a clause of a document limits what is told beside it."""
    return bool(_LIMITS.search(without(clause, _WHOLE_WORDS)) or _COMING.search(clause))


def limits_beside(clause: str, told: str) -> bool:
    """Whether a clause limits what the clause ``told`` before it says: another plan or another ban does not."""
    if clause.startswith(_BANS) and any(ban in told for ban in _BANS):
        return False
    if _COMING.search(clause) and _COMING.search(told):
        clause = _COMING.sub("", clause)
    return limits(clause)


def takes_back(clause: str) -> bool:
    """Whether a later clause of the same text may take back what was said before it."""
    return bool(_TAKEN_BACK.search(clause))


def sets_aside(clause: str) -> bool:
    """Whether an earlier clause of the same text says that what follows does not hold, or is only asked for."""
    return bool(_SET_ASIDE.search(clause))


def unfit(sentence: str) -> bool:
    """Whether a folded sentence speaks to somebody, asks, links, or tells a time by the day it was written."""
    return bool(_UNFIT.search(sentence)) or bool(resolve_relative_time(sentence, _ANY_DAY))


def speaks_on(clause: str) -> bool:
    """Whether a sentence that begins so belongs to the one before it."""
    return bool(_SPEAKS_ON.match(clause))


def only_opens(clause: str) -> bool:
    """Whether a clause opens a sentence without saying anything of its subject."""
    return clause in _OPENERS or (clause.startswith(_PURPOSES) and not limits(clause))


def only_praises(clauses: Iterable[str]) -> bool:
    """Whether each clause tells only by what or to what good something is done."""
    return all(clause.startswith(_EFFECTS) and not limits(clause) for clause in clauses)
