"""Names of a sentence against the quotes it cites: titles, organisations, Latin words, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.answering.model.grounding.records import Evidence, Objection, Rule
from bot.answering.model.grounding.text import squeezed

_QUOTED = re.compile(r"“([^”]{1,60})”|《([^》]{1,80})》|「([^」]{1,60})」|\"([^\"]{1,60})\"")
_SUFFIX = re.compile(
    r"研究中心|服务中心|分中心|中心(?![思任工城区理化])|有限公司|集团公司|公司|研究院|科学院|工程院|设计院|学院|医院|法院|研究所|事务所|银行|支行|分行|大学(?!生)|高校联盟|委员会|管委会|"
    r"科委|经委|发改委|国资委|商务委|人社局|税务局|监管局|(?<![布格结当全])局(?![面限部域])|办公室|实验室|基金会|(?<![商工宴聚])协会|学会|联合会|商会|联盟|创新园|产业园|科技园|园区|孵化器|集团|交易所|出版社|街道|大厦"
)
_OTHER_ITEM = re.compile(r"[，。；;、！!？?\n]|以及|和(?=[\u3400-\u9fff]{2,12}的?$)")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-+&.'][A-Za-z0-9]+)*[+#]*")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s，。；）)\]】”]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org|gov|edu|io)[^\s，。；）)\]】”]*"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER = re.compile(r"\d{5,}")
#: Words that may stand before a name without being part of it.
_BEFORE_NAME = re.compile(
    r"(?:[由与和及向在对从为是把被将以于到给让请经按据像等该本此其各后前时内外中并而且或即有无未不已可能会要应须需找去来用使的地得了着至如同跟称叫含设派靠属]|[一二三四五六七八九十两几多各这该每\d][家个所名项类些种支位]|"
    r"依托|通过|联合|合作|牵头|推动|推进|支持|鼓励|组织|举办|负责|设立|成立|建设|打造|联系|咨询|引入|引进|邀请|包括|根据|按照|参加|加入|关于|具体|目前|同时|此外|另外|其中|以及|或者|隶属|属于|委托|面向|围绕|服务|对接|联动|位于|"
    r"设在|落地|落户|入驻|介绍|推荐|作为|成为|合办|共建|共同|涵盖|来自|前往|拨打|方式|地点|单位|部门|机构|主体|银行|企业|院所|高校|区内|市内|当地|相关|有关|重点|头部|多家|各家|几家|一家|两家|三家|这家|该家)$"
)


_PERSON = re.compile(
    r"(?:联系人|负责人|经办人|联络人|经理人|主任|局长|处长|科长|院长|所长|经理|教授|院士|老师|委员)"
    r"(?:是|为|叫|：|:)?\s*(?P<name>[\u4e00-\u9fff]{2,4}?)(?=[，。、；;（(\s]|电话|$)"
)


def name_objections(sentence: str, cited: Iterable[Evidence]) -> Iterator[Objection]:
    """Names in ``sentence`` (without markers) that stand neither in a cited quote nor in its title."""
    cited = tuple(cited)
    source = squeezed(" ".join(f"{item.text} {item.title}" for item in cited))
    yield from _addresses(sentence, " ".join(item.text for item in cited))
    rest = _MAIL.sub(" ", _URL.sub(" ", sentence))
    for match in _QUOTED.finditer(rest):
        name = next(group for group in match.groups() if group)
        if squeezed(name) not in source:
            yield Objection(Rule.NAME, name)
    for match in _PERSON.finditer(rest):
        if match["name"] not in source:
            yield Objection(Rule.NAME, match["name"])
    for name in _organisations(_QUOTED.sub("，", rest), source):
        yield Objection(Rule.NAME, name)
    known = {squeezed(word) for item in cited for word in _LATIN.findall(f"{item.text} {item.title}")}
    for word in _LATIN.findall(rest):
        if squeezed(word) not in known:
            yield Objection(Rule.LATIN, word)
    yield from owner_objections(rest, cited)


def owner_objections(sentence: str, cited: Iterable[Evidence]) -> Iterator[Objection]:
    """Quoted names told of another organisation than the one their quote gives them to."""
    given: dict[str, list[str]] = {}
    for item in cited:
        for name, around in _with_surroundings(item.text):
            given.setdefault(squeezed(name), []).append(squeezed(around))
    for name, around in _with_surroundings(sentence):
        owners = [owner for owner in given.get(squeezed(name), ()) if _SUFFIX.search(owner)]
        if not owners or not _SUFFIX.search(around):
            continue
        if all(any(True for _ in _organisations(around, owner)) for owner in owners):
            yield Objection(Rule.ATTRIBUTION, f"{around}“{name}”")


def _with_surroundings(text: str) -> Iterator[tuple[str, str]]:
    """Each name in quotation marks with the words that go with it: those before it, else those after it."""
    quoted = [match for match in _QUOTED.finditer(text) if match.group(1)]
    for index, match in enumerate(quoted):
        start = quoted[index - 1].end() if index else 0
        before = _OTHER_ITEM.split(text[start : match.start()])[-1]
        if not _SUFFIX.search(before):
            stop = quoted[index + 1].start() if index + 1 < len(quoted) else len(text)
            before += _OTHER_ITEM.split(text[match.end() : stop])[0]
        yield match.group(1), before


def _addresses(sentence: str, source: str) -> Iterator[Objection]:
    folded = squeezed(source)
    for pattern in (_URL, _MAIL, _LONG_NUMBER):
        for match in pattern.finditer(sentence):
            if squeezed(match.group().rstrip(".,;/")) not in folded:
                yield Objection(Rule.ADDRESS, match.group())


def _organisations(sentence: str, source: str) -> Iterator[str]:
    for run in re.findall(r"[\u3400-\u9fff（）()]+", sentence):
        plain = squeezed(run)
        for match in _SUFFIX.finditer(plain):
            name = _untraced_name(plain[: match.end()], len(match.group()), source)
            if name:
                yield name


def _untraced_name(run: str, suffix_length: int, source: str) -> str | None:
    """The name that ends ``run``, when it does not stand in ``source``.

    Chinese marks no word boundaries: the longest tail of the run that stands in the source is the
    name, provided that what comes before it may come before a name.
    """
    length = suffix_length
    if run[-length:] not in source:
        return run[-8:]
    while length < len(run) and run[-length - 1 :] in source:
        length += 1
    for name_length in range(length, max(length - 3, suffix_length + 1), -1):
        # The longest tail may take in a word that stands before the name in both texts.
        before = run[: len(run) - name_length]
        if not before or _BEFORE_NAME.search(before):
            return None
    before = run[: len(run) - length]
    if not before or _BEFORE_NAME.search(before):
        return None
    return run[-length - 2 :]
