"""What a sentence claims beyond its quotes: that it exists already, that it always holds, that it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.answering.model.grounding.records import Evidence, Objection, Rule
from bot.answering.model.grounding.text import bigrams, clauses
from bot.text.sentences import split_sentences
from bot.text.status import read_status
from bot.types import Status

#: Words with which a sentence keeps the status of what it tells.
_KEPT: dict[Status, re.Pattern[str]] = {
    Status.PLANNED: re.compile(
        r"计划|拟|将(?!近|军)|预计|打算|规划|准备|筹划|尚未|还没|还未|并未|未来|下一步|有望|会与|设想"
    ),
    Status.DRAFT: re.compile(r"草拟|初稿|草案|征求意见|拟|尚未|未正式|还没|还未|起草|预公开|讨论稿|送审"),
    Status.UNDER_CONSTRUCTION: re.compile(r"正在|建设中|打造中|筹建|在建|筹备|尚未|还在|还没|还未|推进中"),
    Status.PILOT: re.compile(r"试点|试行|试用"),
    Status.EXPIRED: re.compile(r"过期|失效|到期|截止|结束|曾|不再|废止|已过"),
    Status.SUPERSEDED: re.compile(r"替代|取代|代替|废止|失效|曾|不再|原(?:有|来|先|政策|办法)?|旧"),
}
#: A document that as a whole is only a draft, or no longer holds, colours every sentence told from it.
_WHOLE_DOCUMENT = frozenset(
    {Status.DRAFT, Status.PLANNED, Status.UNDER_CONSTRUCTION, Status.EXPIRED, Status.SUPERSEDED}
)
_AVAILABLE = re.compile(
    r"可以?|能够|能(?!力|源)|给予|享受|申请|获得|提供|已|推出|实施|施行|生效|有(?!关)|设有|开放|建成|上线|投入|支持|补贴|资助|举办|合办|打造了|开展"
)
#: Words that say a thing is done or running; they must stand in the quote themselves.
_DONE = re.compile(
    r"已经|已(?!故)|现已|业已|正式|建成|上线|落成|启用|投入使用|投入运营|投入运作|全面(?:实施|开放|推行|铺开)|生效|竣工"
)
_DONE_ROOTS = ("正式", "建成", "上线", "落成", "启用", "投入", "生效", "竣工", "全面")
_ALREADY = re.compile(r"已|完成|成功|了|共|推出|举办|发布|引入|设立|落地")

NEGATION = re.compile(
    r"(?:不(?!仅|断|过|同|少于|低于|超过|高于|多于|大于|小于|足|论|管|久|晚于|迟于|得超过|得低于|得少于|超)|没有|没(?!完)|未(?!来|必)|无(?!人机|锡|论|线|障碍|纺)|勿|禁止|严禁|并非|免(?!疫)|除外|取消|停止|暂停|拒绝)"
)
_NO_NEGATION = re.compile(r"不仅|不断|不同|不久|不论|不管")
#: What may not be done needs words of the same kind, not any negation: 未报送的不得参加.
_PROHIBITION = re.compile(
    r"不得|不予|不能|不可|不准|不许|不再|不享受|不符合|不包括|不包含|不算|不适用|不参加|不受理|无法|禁止|严禁|除外|取消|停止|暂停|拒绝|排除"
)
_TITLE = re.compile(r"《[^》]*》")
#: A clause of the quote is what a sentence tells when so much of it stands in the sentence.
MIRRORED_SHARE = 0.5

#: Each group is one absolute claim; a sentence may make it only where a quote does.
ABSOLUTES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"全部|所有|一切|任何|凡是|凡|均(?!衡)|一律|统统|无一例外",
        r"每一?(?:家|个|项|人|位|名|户)|各类|各(?:家|个|项)|各(?=高校|企业|单位|银行)|单(?:个|家|项|户)",
        r"必须|务必|必需|应当|应(?=于|在|由|按|提|符)|须|不得",
        r"保证|确保|保障|承诺|担保(?!品|贷)|肯定|一定(?!程度)|绝对|百分之百|必然|必定",
        r"免费|不收费|无偿|免收|零费用|零成本|不要钱|不花钱",
        r"无需|不需|无须|不必|不用",
        r"无条件|不限|不设|没有限制|没有门槛|无门槛",
        r"仅(?!仅是)|只(?=有|能|限|对|给|面|支|需)|限于|唯一|独家|专属",
        r"首个|首家|首次|首创|第一(?!资源|动力|批)|率先|最先",
        r"国家级|世界级|国际领先|全国领先|国内领先|一流|顶尖|顶级",
        r"永久|长期|终身|无限期|随时",
        r"自动|立即|立刻|马上|当场|当天|即时|直接",
        r"优先",
        r"翻倍|倍增|大幅|显著|巨大|极大",
    )
)


@dataclass(frozen=True, slots=True)
class _Scope:
    """A stretch of a quote under one status word, up to the end of its sentence."""

    status: Status
    text: str


def status_objections(sentence: str, cited: Iterable[Evidence]) -> Iterator[Objection]:
    """A plan told as a programme: words of the quote's status missing from ``sentence``."""
    cited = tuple(cited)
    done = _DONE.search(sentence)
    if done and not _done_stated(done.group(), sentence[done.end() :], cited):
        yield Objection(Rule.STATUS, done.group())
    for item in cited:
        whole = item.status
        if whole in _WHOLE_DOCUMENT and _AVAILABLE.search(sentence) and not (_KEPT[whole].search(sentence)):
            yield Objection(Rule.STATUS, f"文件整体为“{whole.value}”")
            return
    told = bigrams(sentence)
    for item in cited:
        for scope in _scopes(item.text):
            kept = _KEPT[scope.status]
            if _tells(told, scope, item.text) and not kept.search(sentence):
                yield Objection(Rule.STATUS, f"“{scope.text[:20]}”的状态是 {scope.status.value}")
                return


def _done_stated(word: str, after: str, cited: Iterable[Evidence]) -> bool:
    """Whether a quote says of itself that it is done; 已 may be added to a verb the quote has."""
    root = next((root for root in _DONE_ROOTS if root in word), None)
    verb = re.sub(r"^(?:同时|经|被|由|于|在|完全|开始)+", "", after)[:2]
    for item in cited:
        if word in item.text or (root is not None and root in item.text):
            return True
        if root is None and (_ALREADY.search(item.text) or verb in item.text):
            return True
    return False


def _scopes(quote: str) -> Iterator[_Scope]:
    """Stretches of ``quote`` that are planned, drafted, being built or on trial."""
    for sentence in split_sentences(quote, at_semicolons=True):
        open_status: Status | None = None
        gathered: list[str] = []
        for clause in clauses(sentence.text):
            status = read_status(clause)
            if status is Status.PILOT:
                # 试行 in the name of an instrument names it; the instrument is in force.
                status = read_status(_TITLE.sub("", clause))
            if status in _KEPT:
                if open_status is not None:
                    yield _Scope(open_status, "，".join(gathered))
                open_status, gathered = status, [clause]
            elif open_status in (Status.PILOT, None) or status in (Status.IN_FORCE, Status.COMPLETED):
                # 试点 and 试行 name one thing; 计划 and 正在 carry on over the clauses that follow.
                if open_status is not None:
                    yield _Scope(open_status, "，".join(gathered))
                open_status, gathered = None, []
            else:
                gathered.append(clause)
        if open_status is not None:
            yield _Scope(open_status, "，".join(gathered))


#: Share of a sentence's bigrams that a scope must hold to be what the sentence tells.
TOLD_SHARE = 0.25


def _tells(told: frozenset[str], scope: _Scope, quote: str) -> bool:
    inside = told & bigrams(scope.text)
    outside = told & (bigrams(quote.replace(scope.text, "。")) - bigrams(scope.text))
    if not told or len(inside) < 3:
        return False
    return len(inside) / len(told) >= TOLD_SHARE and len(inside) >= len(outside)


def polarity_objections(sentence: str, cited: Iterable[Evidence]) -> Iterator[Objection]:
    """Negations and absolutes that no quote makes, and negations of a quote that were dropped."""
    quotes = tuple(item.text for item in cited)
    yield from _negation_objections(sentence, quotes)
    joined = "\n".join(quotes)
    for group in ABSOLUTES:
        claimed = group.search(sentence)
        if claimed and not group.search(joined):
            yield Objection(Rule.ABSOLUTE, claimed.group())


def _negation_objections(sentence: str, quotes: tuple[str, ...]) -> Iterator[Objection]:
    said = NEGATION.search(sentence)
    denied = [clause for quote in quotes for clause in clauses(quote) if NEGATION.search(clause)]
    if said and not denied:
        yield Objection(Rule.NEGATION, said.group())
        return
    prohibits = _PROHIBITION.search(sentence)
    told = bigrams(sentence)
    for clause in denied:
        if prohibits or (said and not _PROHIBITION.search(clause)):
            continue
        words = bigrams(NEGATION.sub("，", clause))
        if len(words) >= 3 and len(words & told) / len(words) >= MIRRORED_SHARE:
            yield Objection(Rule.NEGATION, f"原文“{clause.strip()[:20]}”是否定的")
            return
