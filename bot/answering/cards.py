"""Answers from programme cards: a field, a status, or a list counted by code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.card_evidence import exact_address_missing, same_date, same_passage, states_kind, states_link
from bot.answering.composition import tidy
from bot.answering.coverage import QuestionTerms, TermWeights
from bot.answering.draft import Draft, DraftStatus, Passage, Refusal, Statement
from bot.answering.extractive import closed
from bot.answering.names import first_programme
from bot.answering.understanding import Understanding
from bot.answering.wording import ATTRIBUTE_NOT_STATED, NEARBY, attribute_words
from bot.catalogue.models import Catalogue, Programme, Quoted
from bot.catalogue.quotes import find_quote
from bot.catalogue.thesaurus import Thesaurus
from bot.text.intents import ATTRIBUTE, ELIGIBILITY, STATUS_ASKED
from bot.text.questions import (
    FIGURE_KINDS,
    Asked,
    QuestionAnalysis,
    analyse_question,
    question_parts,
    question_subject,
)
from bot.text.sentences import split_sentences
from bot.text.status import NOT_YET, STATUS_WORDS
from bot.text.tokens import fold, search_terms
from bot.types import Computed, Document, Status

#: The fields of a card that answer each attribute, best first.
FIELDS: dict[Asked, tuple[str, ...]] = {
    Asked.AMOUNT: ("amount",),
    Asked.RATE: ("rate",),
    Asked.DURATION: ("term",),
    Asked.DEADLINE: ("deadline",),
    Asked.CONDITION: ("conditions", "audience"),
    Asked.PROCEDURE: ("how_to_apply",),
    Asked.LINK: ("how_to_apply",),
    Asked.BODY: ("responsible_body",),
    Asked.ADDRESS: ("place",),
    Asked.DEFINITION: ("summary",),
}
#: Attributes that only their own field, or a fact about them, may answer.
STRICT = frozenset(
    {
        Asked.AMOUNT,
        Asked.RATE,
        Asked.DURATION,
        Asked.DEADLINE,
        Asked.CONDITION,
        Asked.MATERIALS,
        Asked.LINK,
        Asked.PROCEDURE,
        Asked.PHONE,
        Asked.PERSON,
        Asked.ADDRESS,
    }
)
#: A fact answers when it covers this share of what the question adds to the programme's name.
MINIMUM_FACT_COVERAGE = 0.5
STRICT_FACT_COVERAGE = 0.8
LAY_FACT_COVERAGE = 0.25
MINIMUM_OWN_FIELD_COVERAGE = 0.3
#: A card is listed when it covers this share of the question, and of what the best card covers.
MINIMUM_LIST_COVERAGE = 0.6
LIST_SHARE_OF_BEST = 0.8
#: A card without its name in the question is meant when it covers this share of the question.
MINIMUM_MEANT_COVERAGE = 0.6
#: For a figure it must cover more: a figure of the wrong thing does harm.
MINIMUM_MEANT_COVERAGE_FOR_FIGURES = 0.68
MEANT_SHARE_OF_BEST = 0.9
#: So many cards that fit alike are told together.
ALIKE_LISTED = 3
_WHETHER = frozenset({Asked.YES_NO, Asked.OTHER})
_ABOUT_APPLICANTS = frozenset({"audience", "conditions"})
_MAY_LIST = frozenset({Asked.BODY, Asked.LIST, Asked.YES_NO, Asked.OTHER})
#: A list of programmes is asked for when the question word goes with a word for programmes.
_PROGRAMMES = (
    r"(?:政策|支持|扶持|补贴|补助|优惠|产品|活动|赛事|比赛|大赛|措施|贷款|平台|服务|事项|帮助|资金"
    r"|意见|办法|草案|住房|公寓|事情)"
)
_LISTED = re.compile(
    rf"(?:哪些|哪几|有没有|有什么|有啥|什么样的|(?:多少|几)(?:项|个|种|款|条|场|类))[^，。？?]{{0,16}}{_PROGRAMMES}"
    rf"|{_PROGRAMMES}[^，。？?]{{0,10}}(?:有哪些|哪些|哪几|有什么|有啥|都有|(?:多少|几)(?:项|个|种|款|条|场|类))"
)
MAX_SENTENCE_CHARACTERS = 220
_WITH_AMOUNT = re.compile(r"写明了?(?:的)?(?:支持)?(?:金额|额度|数额)(?:上限)?(?:的)?|有(?:具体)?金额的?")
_GENERIC = re.compile(
    r"政策|支持|扶持|优惠|帮助|项目|服务|产品|活动|措施|事项|内容|清单|区里|我区|本区|当地|这里|全部|所有"
)
_STATUS_FILTER: tuple[tuple[re.Pattern[str], frozenset[Status]], ...] = (
    (re.compile(r"草案|征求意见|初稿|未定稿"), frozenset({Status.DRAFT})),
    (re.compile(r"过期|失效|到期|不再有效"), frozenset({Status.EXPIRED, Status.SUPERSEDED})),
    (re.compile(r"被替代|被取代|替换"), frozenset({Status.SUPERSEDED})),
    (re.compile(r"计划中|还在计划|只是计划|是计划|打算"), frozenset({Status.PLANNED})),
    (re.compile(r"在建|正在建|建设中|正在打造|筹建"), frozenset({Status.UNDER_CONSTRUCTION})),
    (re.compile(r"试点|试行"), frozenset({Status.PILOT})),
)


#: Words that a question may use for a field.
FIELD_WORDS = {
    "amount": "金额 额度 支持 补贴",
    "form": "形式 支持 方式 补贴",
    "term": "期限 时间",
    "audience": "对象 面向 支持谁",
    "responsible_body": "部门 单位 负责 牵头",
    "how_to_apply": "申请 申报",
    "place": "地点 地址 设在",
    "rate": "利率 比例",
    "deadline": "截止 申报时间",
    "summary": "",
}
#: What a field of the asked attribute is worth against the words of the question.
OWN_FIELD_BONUS = 0.45


@dataclass(frozen=True, slots=True)
class _Candidate:
    quoted: Quoted
    label: str
    field: str


def _told_before(found: Statement, statements: Sequence[Statement]) -> bool:
    """Whether a statement says what one before it has said."""
    return any(found.text.rstrip("。") in statement.text for statement in statements)


class CardReader:
    """Reads programme cards; every statement rests on the card's quotes."""

    def __init__(
        self,
        catalogue: Catalogue,
        document: Callable[[str], Document],
        weights: TermWeights,
        thesaurus: Thesaurus,
    ) -> None:
        self._catalogue = catalogue
        self._document = document
        self._weights = weights
        self._thesaurus = thesaurus
        self._by_id = {programme.id: programme for programme in catalogue.programmes}

    def draft(self, understanding: Understanding) -> Draft | None:
        """An answer or an attribute refusal from the cards, or None when passages must decide."""
        programme = first_programme(understanding.names)
        if programme is not None:
            return self._one(understanding, programme)
        if self.lists(understanding):
            listed = self._many(understanding)
            if listed is not None:
                return listed
        meant = self.meant(understanding)
        alike = len(meant) >= ALIKE_LISTED and understanding.asked in _MAY_LIST
        if alike and len({programme.kind for programme in meant}) == 1:
            return self._listed(understanding, meant)
        drafts = (self._one(understanding, programme, lay=True) for programme in meant)
        return next((draft for draft in drafts if draft is not None and draft.refusal is None), None)

    def best_share(self, understanding: Understanding) -> float:
        """The largest share of a question that one card covers."""
        terms = QuestionTerms(understanding.analysis.subject, self._weights, self._thesaurus)
        shares = (self._share(programme, terms, facts=True) for programme in self._catalogue.programmes)
        return max(shares, default=0.0)

    def lists(self, understanding: Understanding) -> bool:
        """Whether a question asks for programmes, not for one of them."""
        return bool(_LISTED.search(understanding.standalone))

    def meant(self, understanding: Understanding) -> tuple[Programme, ...]:
        """The programmes whose cards, lay words included, a question without a name is about, best first."""
        terms = QuestionTerms(understanding.analysis.subject, self._weights, self._thesaurus)
        if terms.empty:
            return ()
        scored = [(self._share(p, terms, facts=True), p) for p in self._catalogue.programmes]
        best = max((share for share, _ in scored), default=0.0)
        strict = understanding.asked in FIGURE_KINDS
        if best < (MINIMUM_MEANT_COVERAGE_FOR_FIGURES if strict else MINIMUM_MEANT_COVERAGE):
            return ()
        near = [item for item in scored if item[0] >= best * MEANT_SHARE_OF_BEST]
        near.sort(key=lambda item: (-item[0], item[1].status.value in NOT_YET))
        return tuple(programme for _, programme in near)

    # --- one programme ---------------------------------------------------------------------------

    def _one(self, understanding: Understanding, programme: Programme, *, lay: bool = False) -> Draft | None:
        statements: list[Statement] = []
        if STATUS_ASKED.search(understanding.standalone):
            status = self._status_told(programme)
            progress = [self.statement(programme, fact) for fact in programme.facts if "进展" in fact.label]
            statements.extend(item for item in (status, *progress) if item is not None)
        for part in question_parts(understanding.standalone):
            analysis = analyse_question(part)
            found = self._best(programme, analysis, lay=lay)
            if found is not None and not _told_before(found, statements):
                statements.append(found)
        status_told = bool(statements) and STATUS_ASKED.search(understanding.standalone) is not None
        eligibility = ELIGIBILITY.search(understanding.standalone) and not status_told and not lay
        if eligibility and not self._says_in_full(understanding, programme, statements):
            return self._eligibility(understanding, programme)
        if statements:
            statements = self._with_bearer(understanding, programme, statements)
            return self._told(understanding, programme, tuple(statements))
        if understanding.asked in STRICT:
            return self.attribute_refusal(understanding, programme)
        return None

    def _best(self, programme: Programme, analysis: QuestionAnalysis, *, lay: bool) -> Statement | None:
        """The field or fact that answers one part of a question, if any does.

        With ``lay`` the question has none of the card's names: its words were matched by the card as a
        whole, and a figure of the asked kind, or the summary, answers.
        """
        kinds = FIGURE_KINDS.get(analysis.asked)
        rest = self._beyond_name(analysis.subject, programme)
        terms = QuestionTerms(rest, self._weights, self._thesaurus)
        specific = not lay and not QuestionTerms(ATTRIBUTE.sub(" ", rest), self._weights, self._thesaurus).empty
        best: _Candidate | None = None
        best_score = 0.0
        for candidate in self._candidates(programme):
            own_field = candidate.field in FIELDS.get(analysis.asked, ())
            if lay and analysis.asked in _WHETHER and candidate.field in _ABOUT_APPLICANTS:
                # 有补助吗 is answered by what is given, not by whom it is for.
                continue
            if own_field and exact_address_missing(analysis, candidate.quoted.quote):
                continue
            stated = states_kind(candidate.quoted.quote, analysis) and states_link(analysis, candidate.quoted.quote)
            if not stated or analysis.asked is Asked.PERSON or not same_date(analysis.dates, candidate.quoted.quote):
                continue
            text = fold(f"{candidate.label} {candidate.quoted.value} {candidate.quoted.quote}")
            share = 0.0 if terms.empty else terms.cover(frozenset(search_terms(text)), text).share
            if own_field and specific and kinds is None and share < MINIMUM_OWN_FIELD_COVERAGE:
                # 对学历有什么要求: a condition on something else is no answer.
                continue
            score = share + (OWN_FIELD_BONUS if own_field else 0.0)
            # What only its own field may tell is read off a fact only where the fact says it in full.
            strict = analysis.asked in STRICT and kinds is None
            floor = STRICT_FACT_COVERAGE if strict else LAY_FACT_COVERAGE if lay else MINIMUM_FACT_COVERAGE
            if score > best_score and (own_field or share >= floor):
                best, best_score = candidate, score
        if best is not None:
            return self.statement(programme, best.quoted)
        if (terms.empty or lay) and analysis.asked not in STRICT and kinds is None:
            return self.statement(programme, programme.summary)
        return None

    def _says_in_full(self, understanding: Understanding, programme: Programme, statements: list[Statement]) -> bool:
        """Whether the statements speak of the asker's own circumstances."""
        terms = QuestionTerms(
            self._beyond_name(understanding.analysis.subject, programme), self._weights, self._thesaurus
        )
        text = fold("".join(statement.lead + statement.text for statement in statements))
        return terms.empty or terms.cover(frozenset(search_terms(text)), text).share >= STRICT_FACT_COVERAGE

    def _eligibility(self, understanding: Understanding, programme: Programme) -> Draft:
        """Nobody is told that they qualify: what the document says of whom it is for, and no more."""
        stated = [part for part in (programme.audience, *programme.conditions) if part is not None]
        told = [self.statement(programme, part, lead="文件写明的对象或条件：") for part in stated[:1]]
        text = f"文件没有写明您问的情况能否享受“{programme.name.strip('“”')}”。"
        statements = self._with_bearer(understanding, programme, [Statement(text), *told])
        draft = self._told(understanding, programme, tuple(statements))
        return replace(draft, refusal=Refusal.ATTRIBUTE_NOT_STATED)

    def _with_bearer(
        self, understanding: Understanding, programme: Programme, statements: list[Statement]
    ) -> list[Statement]:
        """Say whose a programme is when the question gives it to somebody else."""
        asked = {o.id for match in understanding.names for o in match.organisations}
        body = programme.responsible_body
        if not asked or body is None or not programme.organisations or asked & set(programme.organisations):
            return statements
        return [Statement(f"文件写的是{body.quote}。", self.statement(programme, body).passages), *statements]

    def _beyond_name(self, subject: str, programme: Programme) -> str:
        rest = fold(subject)
        for name in sorted((programme.name, *programme.aliases), key=len, reverse=True):
            rest = rest.replace(fold(name), " ").replace(fold(name.strip("“”《》")), " ")
        return question_subject(rest)

    def _candidates(self, programme: Programme) -> Iterator[_Candidate]:
        for fact in programme.facts:
            yield _Candidate(fact, fact.label, "facts")
        for field, label in FIELD_WORDS.items():
            value = getattr(programme, field)
            if value is not None:
                yield _Candidate(value, label, field)
        for condition in programme.conditions:
            yield _Candidate(condition, "条件 要求", "conditions")

    def unexplained(self, understanding: Understanding) -> tuple[Programme, str] | None:
        """The programme a question names, with what the question says besides that name."""
        programme = first_programme(understanding.names)
        if programme is None:
            return None
        return programme, self._beyond_name(understanding.analysis.subject, programme)

    def attribute_refusal(self, understanding: Understanding, programme: Programme) -> Draft:
        text = ATTRIBUTE_NOT_STATED.format(
            subject=f"“{programme.name}”", attribute=attribute_words(understanding.asked)
        )
        nearby = replace(self.statement(programme, programme.summary), lead=NEARBY)
        draft = self._told(understanding, programme, (Statement(text),))
        return replace(draft, refusal=Refusal.ATTRIBUTE_NOT_STATED).with_notes(nearby)

    def _told(self, understanding: Understanding, programme: Programme, statements: tuple[Statement, ...]) -> Draft:
        told = tuple(passage for statement in statements for passage in statement.passages)
        status = self.status(programme)
        if status is not None and status.passage is not None:
            status = replace(status, passage=same_passage(status.passage, told))
        notes = tuple(
            replace(note, passages=tuple(same_passage(passage, told) for passage in note.passages))
            for note in self._programme_notes(programme)
        )
        statuses = (status,) if status else ()
        return Draft(understanding.intent, statements, notes, statuses=statuses, programme_id=programme.id)

    def _programme_notes(self, programme: Programme) -> Iterator[Statement]:
        statement = self._status_statement(programme)
        if statement is not None:
            yield statement
        replacement = self._by_id.get(programme.replaced_by or "")
        if replacement is not None:
            yield self.statement(replacement, replacement.summary, lead=f"已由“{replacement.name}”接替：")

    def _status_statement(self, programme: Programme) -> Statement | None:
        passage = self._status_passage(programme)
        if passage is None or programme.status.value is Status.UNKNOWN:
            return None
        as_of = self._as_of(programme)
        dated = f"，截至{as_of}" if as_of else ""
        return Statement(f"“{programme.name}”的状态：{STATUS_WORDS[programme.status.value]}{dated}。", (passage,))

    def _status_told(self, programme: Programme) -> Statement | None:
        """The status in the source's own words, for an answer: no date, which stands beside the quote."""
        passage = self._status_passage(programme)
        if passage is None or programme.status.value is Status.UNKNOWN:
            return None
        quote = tidy(programme.status.quote or programme.summary.quote)
        return Statement(f"{programme.name}：{STATUS_WORDS[programme.status.value]}，文件写的是“{quote}”。", (passage,))

    def status(self, programme: Programme) -> DraftStatus | None:
        """The card's status with its passage; None when it is unknown."""
        if programme.status.value is Status.UNKNOWN:
            return None
        return DraftStatus(
            programme.name, programme.status.value, self._as_of(programme), self._status_passage(programme)
        )

    def _as_of(self, programme: Programme) -> str | None:
        document = self._document(programme.status.document or programme.document)
        return programme.status.as_of or document.metadata.date

    def _status_passage(self, programme: Programme) -> Passage | None:
        quote = programme.status.quote or programme.summary.quote
        document = programme.status.document or (
            programme.document if programme.status.quote else programme.summary.document or programme.document
        )
        return self.passage(document, quote)

    # --- many programmes -------------------------------------------------------------------------

    def _many(self, understanding: Understanding) -> Draft | None:
        programmes = self.matching(understanding)
        return self._listed(understanding, programmes) if len(programmes) > 1 else None

    def _listed(self, understanding: Understanding, programmes: Sequence[Programme]) -> Draft:
        count = Computed(f"{len(programmes)}项", len(programmes), "资料中写明的支持事项")
        head = Statement(f"资料中写明的相关事项共{count.text}：")
        statements = [head]
        for programme in programmes:
            mark = f"（{STATUS_WORDS[programme.status.value]}）" if programme.status.value in NOT_YET else ""
            statements.append(self.statement(programme, programme.summary, lead=f"- {programme.name}{mark}："))
        statuses = tuple(status for programme in programmes if (status := self.status(programme)) is not None)
        return Draft(understanding.intent, tuple(statements), listed=True, computed=(count,), statuses=statuses)

    def matching(self, understanding: Understanding) -> tuple[Programme, ...]:
        """The programmes a list question is about; those in force first, drafts and expired last."""
        pool = self._catalogue.programmes
        question = understanding.standalone
        for pattern, statuses in _STATUS_FILTER:
            if pattern.search(question):
                pool = tuple(programme for programme in pool if programme.status.value in statuses)
                question = pattern.sub(" ", question)
        if _WITH_AMOUNT.search(question):
            pool = tuple(programme for programme in pool if programme.amount is not None)
            question = _WITH_AMOUNT.sub(" ", question)
        scope = self._catalogue.scope
        for place in (scope.region, *scope.region_aliases, *scope.within):
            question = question.replace(place, " ") if place else question
        subject = _GENERIC.sub(" ", question_subject(question))
        terms = QuestionTerms(subject, self._weights, self._thesaurus)
        if terms.empty:
            return self._in_order(pool)
        shares = [(self._share(programme, terms), programme) for programme in pool]
        best = max((share for share, _ in shares), default=0.0)
        floor = max(MINIMUM_LIST_COVERAGE, best * LIST_SHARE_OF_BEST)
        return self._in_order([programme for share, programme in shares if share >= floor])

    def _share(self, programme: Programme, terms: QuestionTerms, *, facts: bool = False) -> float:
        parts = [programme.name, *programme.aliases, programme.kind.value, *programme.needs]
        parts.append(programme.summary.value)
        parts.extend(part.value for part in (programme.form, programme.audience) if part is not None)
        if facts:
            parts.extend(f"{candidate.label} {candidate.quoted.value}" for candidate in self._candidates(programme))
        text = fold(" ".join(parts))
        return terms.cover(frozenset(search_terms(text)), text, lay=facts).share

    def _in_order(self, programmes: Sequence[Programme]) -> tuple[Programme, ...]:
        return tuple(sorted(programmes, key=lambda programme: programme.status.value in NOT_YET))

    # --- evidence --------------------------------------------------------------------------------

    def statement(self, programme: Programme, quoted: Quoted, lead: str | None = None) -> Statement:
        """A quoted value with the sentence that its quote stands in."""
        passage = self.passage(quoted.document or programme.document, quoted.quote)
        if lead is None:
            lead = "" if programme.name in quoted.value else f"{programme.name}："
        return Statement(closed(quoted.value), (passage,) if passage else (), lead)

    def passage(self, document_id: str, quote: str) -> Passage | None:
        """The sentence around ``quote``, or the quote alone where that sentence is long."""
        text = self._document(document_id).text
        span = find_quote(text, quote)
        if span is None:
            return None
        line_start = text.rfind("\n", 0, span.start) + 1
        line_end = text.find("\n", span.end)
        line = text[line_start : line_end if line_end >= 0 else len(text)]
        touched = [
            sentence
            for sentence in split_sentences(line)
            if line_start + sentence.start < span.end and span.start < line_start + sentence.end
        ]
        if touched and touched[-1].end - touched[0].start <= MAX_SENTENCE_CHARACTERS:
            return Passage(document_id, line_start + touched[0].start, line_start + touched[-1].end)
        return Passage(document_id, span.start, span.end)
