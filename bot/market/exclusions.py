"""What a need or an offer does not want, read from the structure of its clauses, and whether the other side has it.

“不要机器人，找电池快充” excludes 机器人: a denial with a verb of wanting or using, and the thing behind it up to
the end of the clause or a turn (只要, 而是). Which things may be excluded is listed nowhere. Under 排除条件 every
clause excludes. What is excluded is no part of what is sought: :func:`wanted_text` leaves it out.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Text beyond this many characters is not read for exclusions.
_MOST_TEXT = 4_000
_CLAUSES = re.compile(r"[^,，;；。！!？?\n]+")
_USING = (
    r"(?:想要|需要|要|考虑|接受|采用|使用|选用|利用|用|装|安装|加装|添加|加入|加|含有?|做|找|买|配|依赖|借助|涉及|包括"
    r"|包含)"
)
#: A denial, and behind it a verb of wanting or using; 能不能用, 是不是要, 辨别 deny nothing. No repeat is unbounded.
_DENIED = re.compile(
    r"(?<![并不非要得能是会可用])(?:不(?!得不|能不|仅|但|只|光|单|要求|限)"
    rf"(?:再|得|能|可以?|允许|想|愿意?|希望|打算|准备)?(?:再|去|老|天天|总)?{_USING}"
    rf"|(?:^|(?<=[请也就但]))别{_USING}|勿{_USING}|无[需须]{_USING}|禁止{_USING}?|禁用|拒绝{_USING}?|谢绝{_USING}?"
    rf"|避免{_USING})"
)
_BESIDES = re.compile(
    r"(?<![开解消去免])除(?:了|去)?(?=[^尘臭湿垢锈油盐霜草虫冰])([^,，;；。]{1,20}?)(?:(?:以外|之外|外)|$)"
)
_BEHIND = re.compile(r"([^,，;；。]{1,20}?)(?:除外|勿扰|免谈|不考虑|不接受|不要)$")
#: After 除…外 these take the thing out; 还, 也 put it in.
_OTHERS = re.compile(r"都|均|皆|其[他它余]|不限|可")
_TURN = re.compile(r"(?:，)?(?:而是|而要|只要|只想|但是?|就要|就想|就能|就可以?|也能|也可以?|的话)")
#: What follows a denial and is no thing: how much, or that something happens.
_NO_THING = re.compile(r"太|过[高大多长快慢]|超过|低于|高于|再|这么|那么|被|影响|出现|掉|漏|坏|断|裂|\d")
_NONE_EXCLUDED = re.compile(
    r"(?:暂时?|目前|本项目|均|都){0,3}(?:无|没有|不限|不设|未设|不作|不做)(?:任何|特别|特殊|其他|其它|额外|明确|的){0,3}"
    r"(?:要求|限制|条件|排除|排除条件|排除项|限定)?(?:的)?"
)
_NOT_EXCLUDING = re.compile(r"(?:并?不|无)(?:一定|会|必|需)?排除|不拒绝|不谢绝")
_FIELD_VERBS = re.compile(
    rf"(?:不|不得|不能|无需|拒绝|谢绝|排除|禁止|避免){_USING}?|不(?:向|与)|除外|除了?|以外|之外|不要|转让|许可|提供|合作"
)
_GENERIC = frozenset(
    "企业 单位 公司 技术 产品 方案 方式 机构 个人 无 没有 不限 暂无 要求 条件 其他 其余 都行 都可 均可".split()
)
_HEAD = re.compile(r"^(?:的|任何|由|以|采用|使用|与|向|给|为|涉及|做|用){1,3}")
_TAIL = re.compile(
    r"(?:的(?:产品|设备|材料)?|等|类|法|方案|技术|工艺|方法|处理|单位|企业|机构|参与|报名|都行|都可以?|均可){1,3}$"
)
_AND = re.compile(r"[、/或和及与]")


@dataclass(frozen=True, slots=True)
class Excluded:
    """``term`` is what is not wanted, at ``start:end`` (with its denial) of the text; ``clause`` says so."""

    term: str
    start: int
    end: int
    clause: str


@functools.lru_cache(maxsize=1_024)
def excluded_in(text: str) -> tuple[Excluded, ...]:
    """What a need told in running text excludes.

    >>> [each.term for each in excluded_in("不要机器人，找电池快充")]
    ['机器人']
    """
    return tuple(_excluded(text[:_MOST_TEXT]))


def wanted_text(text: str) -> str:
    """``text`` with line breaks in place of what it excludes; all else stays at its offset."""
    kept = list(text)
    for each in excluded_in(text):
        kept[each.start : each.end] = "\n" * (each.end - each.start)
    return "".join(kept)


def excluded_terms(text: str) -> tuple[tuple[str, ...], bool]:
    """The terms under 排除条件, where every clause excludes, and whether every clause was understood."""
    terms: list[str] = []
    understood = True
    for match in _CLAUSES.finditer(text[:_MOST_TEXT]):
        clause = match.group().strip(" 　.")
        if not clause or _NONE_EXCLUDED.fullmatch(clause) or _NOT_EXCLUDING.search(clause):
            continue
        if terms and _OTHERS.search(clause) and not _DENIED.search(clause):
            continue
        told = _things(_FIELD_VERBS.sub("、", clause))
        understood = understood and bool(told)
        terms += told
    return tuple(terms), understood


def _excluded(text: str) -> Iterator[Excluded]:
    clauses = list(_CLAUSES.finditer(text))
    for index, match in enumerate(clauses):
        clause = match.group()
        following = clauses[index + 1].group() if index + 1 < len(clauses) else ""
        for start, end, things in _denied_in(clause, following):
            for term in _things(things):
                yield Excluded(term, match.start() + start, match.start() + end, clause.strip())


def _denied_in(clause: str, following: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and words of every thing that a clause excludes."""
    for denial in _DENIED.finditer(clause):
        rest = clause[denial.end() :]
        turn = _TURN.search(rest)
        things = rest[: turn.start()] if turn else rest
        if not _NO_THING.match(things):
            yield denial.start(), denial.end() + len(things), _with_verb(denial.group(), things)
    besides = _BESIDES.search(clause)
    if besides and _OTHERS.search(clause[besides.end() :] or following):
        yield besides.start(), besides.end(), besides[1] or besides[2]
    behind = _BEHIND.fullmatch(clause.strip())
    if behind and not _DENIED.search(clause[: len(behind[1])]):
        yield 0, len(clause), behind[1]


def _with_verb(denial: str, things: str) -> str:
    """A thing of one character is told with its verb: 加药 of 不想天天加药."""
    things = things.strip()
    return f"{denial[-1]}{things}" if len(things) == 1 else things


def _things(text: str) -> list[str]:
    told = [_TAIL.sub("", _HEAD.sub("", piece.strip())) or piece.strip() for piece in _AND.split(text)]
    return [term for term in told if len(term) >= 2 and term not in _GENERIC]


# --- what the other side says of it ----------------------------------------------------------------------

#: Words with 不, 无, 非, 未, 免 that deny nothing, or deny a denial (不得不使用).
_NO_NEGATION = re.compile(
    r"不仅|不但|不只|不得不|不可避免|不可或缺|不可缺少|不能没有|不锈|不饱和|不断|不同|不少|不足|不低于|不超过|不限|"
    r"非晶|非织造|非金属|非常|非线性|非但|未来|未知|无人|无线|无机|无纺|无论|无损|免疫|免费|并非不|不是不|不是没有|离不开"
)
_NEGATED = re.compile(
    r"(?:不|无|非|未|免|没有|没|拒绝|谢绝|禁止|禁用|避免|杜绝|零)(?:再|会|得|能|可|需|须|必|允许|是|属于|含有?|使用|用|采用|"
    r"添加|加入?|接受|考虑|涉及|依赖|包括|包含|有|任何|由|为|与|向|通过|经|的){0,6}(?:[^、，。；\s]{1,8}、){0,4}$"
)
_MENTIONED = re.compile(
    r"(?:不|无|非|未|免|没|拒绝|谢绝|避免|杜绝|替代|取代|代替|淘汰|摆脱|减少|降低|去除|解决|检测|治理).{0,6}$"
)
_NEGATED_AFTER = re.compile(
    r"[^，,。；;\n]{0,4}(?:勿扰|免谈|除外|零添加|为零|为0|不使用|不采用|不接受|不参与|的?替代|的?取代)"
)
_CLAUSE_END = "，,。；;！!？?\n"
#: So many characters before a mention can deny it.
_REACH = 48


def states(text: str, term: str) -> bool | None:
    """Whether ``text`` claims ``term``: not when each mention is denied, ``None`` when that is not clear."""
    verdicts = {_claimed(text, match) for match in re.finditer(re.escape(term), text)}
    if True in verdicts:
        return True
    if None in verdicts:
        return None
    # 含氟 is not said, but 氟 may be in it all the same.
    core = term.removeprefix("含")
    if core != term and core and any(_claimed(text, match) for match in re.finditer(re.escape(core), text)):
        return None
    return False


def _claimed(text: str, match: re.Match[str]) -> bool | None:
    begin = match.start()
    while begin > 0 and match.start() - begin < _REACH and text[begin - 1] not in _CLAUSE_END:
        begin -= 1
    clause = _NO_NEGATION.sub(lambda found: "□" * len(found.group()), text[begin : match.start()])
    if _NEGATED.search(clause):
        return False
    return None if _MENTIONED.search(clause) or _NEGATED_AFTER.match(text, match.end()) else True
