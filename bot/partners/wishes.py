"""What a question says of the partner it seeks: a field, a kind, a name, a programme, money, a place to meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.coverage import QuestionTerms, TermWeights
from bot.catalogue.models import Catalogue, OrganisationEntry, OrganisationKind, Programme
from bot.catalogue.names import NameMatch, first_programme
from bot.catalogue.thesaurus import Thesaurus
from bot.lexicon import recogniser
from bot.text.tokens import fold, without
from bot.understanding.asked import Asked
from bot.understanding.message import question_subject
from bot.understanding.understanding import Understanding

_K = OrganisationKind
#: Ordinary words for the kinds a partner is asked for by; 企业 is left out, for askers call themselves so.
_KIND_WORDS: dict[OrganisationKind, str] = {
    _K.INSTITUTE: r"科研院所|科研机构|科研单位|科研院校|研究院所|研究机构|研究所|研究院|院所|实验室",
    _K.UNIVERSITY: r"高等院校|高校|大学|院校|学校",
    _K.ALLIANCE: r"联盟|联合体|协会|商会",
    _K.BANK: r"银行|金融机构|放贷机构",
    _K.PARK: r"科技园|产业园|园区|孵化器",
}
_SEEKS = r"(?:哪|什么|啥|找|寻|对接|有没有|有无|推荐|介绍|联系|认识|结识|约|请|和|跟|与)"
_KINDS = {
    kind: re.compile(rf"{_SEEKS}[^，。？！,?!]{{0,14}}?(?:{words})|(?:{words})[^，。？！,?!]{{0,4}}哪")
    for kind, words in _KIND_WORDS.items()
}
_EVERY_KIND = "|".join(_KIND_WORDS.values())
#: What a wish for a partner says besides the field it is in.
_SEEKING = re.compile(
    rf"{_EVERY_KIND}|合作(?:方|伙伴|对象|单位|机构|团队)?|伙伴|搭上线|搭线|寻找|寻求|找到|找|寻|对接|推荐|介绍|联系|联合|联手|携手|合伙|搭伙|搭个伙|搭伴"
    r"|一起|一块儿?|共同|研发|开发|攻关|攻克|技术|方面|方向|领域|行业|产业|科技|创新|国际|全球|研究|科研|项目|产学研|课题"
    r"|单位|机构|团队|专家|企业|公司|厂家|工厂|同行|上下游|人员|伙计|老师|教授|谁家|需求|发布|登记|解决|难题|认识|结识|碰上|碰到|遇上|遇到"
    r"|接触|见到|加入|参加|做过|搞过|会做|能做|懂得?|类似|活动|场合|渠道|平台|中心|基地|靠谱|潜在|合适|初创|新品|了解|谈谈|谈|聊聊|聊|才能|申请|申报|支持|补贴|补助|政策"
)
#: Characters of grammar before a field, that are no part of its word.
_LEADING = re.compile(r"^(?:想要?|请|看|跟|和|与|把|给|的|我们?|咱们?|本|厂|为|是|做|搞)+")
_FINANCE = re.compile(r"融资|贷款|贷到?款|贷给|放贷|借款|借钱|信贷|银行|金融机构|资金周转|缺钱|贴息|担保")
#: Who wants shareholders is not helped by lenders.
_EQUITY = re.compile(r"股权|风投|创投|风险投资|天使|投资人|投资机构|投资方|投资基金|入股")
_LENDING = re.compile(r"贷款|银行|信贷|借款|借钱")
_MONEY_WORDS = frozenset({"贷款", "融资"})
#: A wish to do research or development with somebody.
_JOINT = re.compile(
    rf"研发|攻关|攻克|课题|产学研|共建|联合|研制|开发|{_KIND_WORDS[_K.INSTITUTE]}|{_KIND_WORDS[_K.UNIVERSITY]}"
)
#: An alias this short may be part of other words.
_SHORT_ALIAS = 2
#: A run of characters that weighs less is grammar, not a field.
_LEAST_FIELD_WEIGHT = 1.0
#: The end of an organisation's name that begins with the name of a place.
_NAME_TAIL = (
    r"[^\s，。？！,?!的有哪什么能找做和跟与在]{2,14}?"
    r"(?:研究中心|研发中心|中心|研究院|研究所|设计院|公司|集团|大学|学院|实验室|联盟)"
)


@dataclass(frozen=True, slots=True)
class PartnerWish:
    """``terms`` are the words of the field sought, without the words of seeking and without names.

    ``unknown_name`` is the name of an organisation that is not on file.
    """

    terms: QuestionTerms
    kinds: frozenset[OrganisationKind]
    organisations: tuple[OrganisationEntry, ...]
    programme: Programme | None
    financing: bool
    joint: bool
    asks_where: bool
    unknown_name: str = ""


class WishReader:
    """Reads wishes by rules; what is local comes from the catalogue and the thesaurus."""

    def __init__(self, catalogue: Catalogue, weights: TermWeights, thesaurus: Thesaurus) -> None:
        self._scope = catalogue.scope
        self._weights = weights
        self._thesaurus = thesaurus

    def read(self, understanding: Understanding) -> PartnerWish:
        """What the standalone question says of the partner sought."""
        question = understanding.standalone
        financing = self._financing(question)
        named = [match for match in understanding.names if not _doubtful(match, financing)]
        organisations = dict.fromkeys(o.id for match in named for o in match.organisations)
        by_id = {o.id: o for match in named for o in match.organisations}
        return PartnerWish(
            terms=QuestionTerms(self._field_words(question, named, financing), self._weights, self._thesaurus),
            kinds=frozenset(kind for kind, pattern in _KINDS.items() if pattern.search(question)),
            organisations=tuple(by_id[identifier] for identifier in organisations),
            programme=first_programme(match for match in named if not match.organisations),
            financing=financing,
            joint=bool(_JOINT.search(question)),
            asks_where=not financing and _asks_where(understanding),
            unknown_name="" if organisations else self._unknown_name(question, named),
        )

    def _unknown_name(self, question: str, named: Sequence[NameMatch]) -> str:
        """The name of an organisation that begins with a place and is not on file, if the question has one."""
        rest = without(question, _spellings(named))
        places = [place for place in (*self._scope.within, *self._scope.region_aliases, self._scope.region) if place]
        if not places:
            return ""
        longest_first = "|".join(re.escape(place) for place in sorted(places, key=len, reverse=True))
        match = re.search(rf"(?:{longest_first}){_NAME_TAIL}", rest)
        return match.group() if match else ""

    def _financing(self, question: str) -> bool:
        if _EQUITY.search(question) and not _LENDING.search(question):
            return False
        if _FINANCE.search(question):
            return True
        return any(_MONEY_WORDS & {found.word, *found.alternatives} for found in self._thesaurus.occurrences(question))

    def _field_words(self, question: str, named: Sequence[NameMatch], financing: bool) -> str:
        words = without(fold(self._in_han(question)), map(fold, _spellings(named)))
        scope = self._scope
        words = without(words, map(fold, (scope.region, *scope.region_aliases, *scope.within)))
        words = _FINANCE.sub(" ", words) if financing else words
        runs = [_LEADING.sub("", run) for run in _SEEKING.sub(" ", question_subject(words)).split()]
        return " ".join(run for run in runs if self._weight(run) >= _LEAST_FIELD_WEIGHT)

    def _in_han(self, question: str) -> str:
        """``question`` with Latin words that have a Chinese one in the thesaurus put in Chinese."""
        for found in reversed(self._thesaurus.occurrences(question)):
            chinese = [word for word in found.alternatives if not word.isascii()]
            if found.word.isascii() and chinese:
                question = f"{question[: found.start]} {chinese[0]} {question[found.end :]}"
        return question

    def _weight(self, run: str) -> float:
        return QuestionTerms(run, self._weights, self._thesaurus).total


def _asks_where(understanding: Understanding) -> bool:
    """Whether a place or event is sought where somebody may be met."""
    asked = understanding.asked is Asked.ADDRESS or understanding.asked is Asked.LIST
    return asked and bool(recogniser("meeting_words").search(understanding.standalone))


def _spellings(matches: Sequence[NameMatch]) -> frozenset[str]:
    return frozenset[str]().union(*(match.spellings for match in matches))


def _doubtful(match: NameMatch, financing: bool) -> bool:
    """Whether a bank's two-character alias stands where nobody speaks of money: part of another word."""
    if len(match.name) > _SHORT_ALIAS or not match.organisations or match.programmes:
        return False
    return not financing and all(organisation.kind is _K.BANK for organisation in match.organisations)
