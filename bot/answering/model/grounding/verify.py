"""All rules over one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.answering.model.grounding.claims import polarity_objections, status_objections
from bot.answering.model.grounding.figures import figure_objections
from bot.answering.model.grounding.instructions import leaks, without_instructions
from bot.answering.model.grounding.names import name_objections
from bot.answering.model.grounding.records import Evidence, Objection, Rule, SentenceVerdict
from bot.answering.model.grounding.text import clauses, markers_of, support, without_markers
from bot.answering.model.prompts import ALL_INSTRUCTIONS

#: Share of a sentence's content characters that its quotes must hold, and of each of its clauses.
MINIMUM_SUPPORT = 0.60
MINIMUM_CLAUSE_SUPPORT = 0.40
#: Clauses with fewer content characters are judged with the sentence only.
JUDGED_CLAUSE_CHARACTERS = 5
_BRACKETED_NUMBER = re.compile(r"[\[【［]\s*\^?[^\]】］]{0,12}[\]】］]")


def verify_sentence(sentence: str, evidence: Mapping[int, Evidence]) -> SentenceVerdict:
    """Whether every rule holds for a Chinese ``sentence`` with its markers; ``evidence`` is this turn's.

    >>> quote = Evidence(1, "a.txt", 0, 15, "对项目给予最高50万元支持。")
    >>> verify_sentence("项目最高可获50万元支持。[1]", {1: quote}).ok
    True
    >>> [item.detail for item in verify_sentence("项目最高可获60万元支持。[1]", {1: quote}).reasons]
    ['60万元']
    """
    return SentenceVerdict(tuple(_objections(sentence, evidence)))


def _cited(sentence: str, evidence: Mapping[int, Evidence]) -> tuple[list[Objection], list[Evidence]]:
    markers = markers_of(sentence)
    objections = [Objection(Rule.MARKER, f"[{marker}]") for marker in markers if marker not in evidence]
    if not markers:
        objections.append(Objection(Rule.MARKER, "没有标注依据"))
    odd = _BRACKETED_NUMBER.search(without_markers(sentence))
    if odd:
        objections.append(Objection(Rule.MARKER, odd.group()))
    # Words in a document that speak to a model are not evidence of anything.
    cited = [
        replace(evidence[marker], text=without_instructions(evidence[marker].text))
        for marker in markers
        if marker in evidence
    ]
    return objections, cited


def _objections(sentence: str, evidence: Mapping[int, Evidence]) -> Iterator[Objection]:
    marker_objections, cited = _cited(sentence, evidence)
    yield from marker_objections
    plain = without_markers(sentence).strip()
    quotes = "\n".join(item.text for item in cited)
    leaked = leaks(plain, ALL_INSTRUCTIONS, quotes)
    if leaked:
        yield Objection(Rule.LEAK, leaked)
    if not cited:
        return
    yield from figure_objections(plain, cited)
    yield from name_objections(plain, cited)
    yield from status_objections(plain, cited)
    yield from polarity_objections(plain, cited)
    yield from _support_objections(plain, cited)


def _support_objections(plain: str, cited: list[Evidence]) -> Iterator[Objection]:
    sources = [f"{item.text}\n{item.title}" for item in cited]
    share, _ = support(plain, sources)
    if share < MINIMUM_SUPPORT:
        yield Objection(Rule.SUPPORT, f"{share:.0%}")
        return
    for clause in clauses(plain):
        share, count = support(clause, sources)
        if count >= JUDGED_CLAUSE_CHARACTERS and share < MINIMUM_CLAUSE_SUPPORT:
            yield Objection(Rule.SUPPORT, clause.strip())
