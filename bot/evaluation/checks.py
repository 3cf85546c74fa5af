"""One answer against one expectation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.evaluation.cases import Expectation
from bot.evaluation.verbatim import stands_in
from bot.types import Answer

#: A reason shows this much of an answer.
SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One expectation checked; ``reason`` is empty when it holds."""

    name: str
    passed: bool
    reason: str = ""


def check_answer(answer: Answer, expected: Expectation) -> tuple[CheckResult, ...]:
    """Every expectation that is set, in the order of the case format.

    ``contains_*`` also look at what a correction says the source states, and at the versions of a
    conflict; what the question wrongly claimed never counts as contained.
    """
    return tuple(
        [
            *_check_abstained(answer, expected),
            *_check_contents(answer, expected),
            *_check_evidence(answer, expected),
            *_check_disagreements(answer, expected),
            *_check_offers(answer, expected),
        ]
    )


def _check_abstained(answer: Answer, expected: Expectation) -> Iterator[CheckResult]:
    if expected.abstained is not None:
        wanted, got = ("应说明没有", "却回答了") if expected.abstained else ("应回答", "却拒答了")
        holds = answer.abstained is expected.abstained
        yield _result("abstained", holds, f"{wanted}，{got}：{_shown(answer.answer)}")
    if expected.intent is not None:
        holds = answer.intent is expected.intent
        yield _result("intent", holds, f"应为 {expected.intent}，得到 {answer.intent}")


def _check_contents(answer: Answer, expected: Expectation) -> Iterator[CheckResult]:
    told = told_text(answer)
    for text in expected.contains_all:
        yield _result("contains_all", stands_in(text, told), f"缺“{text}”：{_shown(answer.answer)}")
    if expected.contains_any:
        holds = any(stands_in(text, told) for text in expected.contains_any)
        listed = "、".join(expected.contains_any)
        yield _result("contains_any", holds, f"一个也没有：{listed}；得到：{_shown(answer.answer)}")
    shown = shown_text(answer)
    for text in expected.excludes:
        yield _result("excludes", not stands_in(text, shown), f"不应出现“{text}”")
    for text in expected.answer_excludes:
        holds = not stands_in(text, answer.answer)
        yield _result("answer_excludes", holds, f"答案里不应出现“{text}”：{_shown(answer.answer)}")


def _check_evidence(answer: Answer, expected: Expectation) -> Iterator[CheckResult]:
    if expected.quote is not None:
        holds = any(stands_in(expected.quote, citation.quote) for citation in answer.citations)
        yield _result("quote", holds, f"没有依据引到“{expected.quote}”")
    if expected.document:
        cited = [citation.document_id for citation in answer.citations]
        holds = any(document in cited for document in expected.document)
        found = "、".join(dict.fromkeys(cited)) or "无"
        yield _result("document", holds, f"应引 {'、'.join(expected.document)}，引了 {found}")
    if expected.status:
        found = "、".join(f"{note.subject} {note.status}" for note in answer.statuses) or "无"
        holds = any(note.status in expected.status for note in answer.statuses)
        yield _result("status", holds, f"应为 {'、'.join(expected.status)}，得到 {found}")


def _check_disagreements(answer: Answer, expected: Expectation) -> Iterator[CheckResult]:
    if expected.corrected is not None:
        told = "、".join(f"{item.asked}→{item.stated}" for item in answer.corrections)
        reason = f"说对了却被纠正：{told}" if told else "问题里的数字有误，却没有纠正"
        yield _result("corrected", bool(told) is expected.corrected, reason)
    if expected.conflict is not None:
        told = "、".join(conflict.subject for conflict in answer.conflicts)
        reason = f"不是分歧却当成分歧：{told}" if told else "资料说法不一，却没有并列"
        yield _result("conflict", bool(told) is expected.conflict, reason)


def _check_offers(answer: Answer, expected: Expectation) -> Iterator[CheckResult]:
    if expected.contact is not None:
        offered = contact_texts(answer)
        holds = any(stands_in(expected.contact, text) for text in offered)
        yield _result("contact", holds, f"没有给出联系方式“{expected.contact}”")
    if expected.partner is not None:
        holds = any(
            partner.organisation_id == expected.partner or stands_in(expected.partner, partner.name)
            for partner in answer.partners
        )
        found = "、".join(partner.name for partner in answer.partners) or "无"
        yield _result("partner", holds, f"没有推荐“{expected.partner}”，推荐了 {found}")
    if expected.meeting_place:
        holds = any(stands_in(name, place.name) for name in expected.meeting_place for place in answer.meeting_places)
        found = "、".join(place.name for place in answer.meeting_places) or "无"
        yield _result("meeting_place", holds, f"没有提到 {'、'.join(expected.meeting_place)}，提到了 {found}")


def told_text(answer: Answer) -> str:
    """What the answer asserts: its text, what corrections state, the versions of conflicts."""
    parts = [answer.answer]
    parts += [correction.stated for correction in answer.corrections]
    parts += [version.value for conflict in answer.conflicts for version in conflict.versions]
    return "\n".join(parts)


def shown_text(answer: Answer) -> str:
    """All that a reader could act on: the answer, its notes, contacts, partners and meeting places."""
    parts = [answer.answer, *answer.notes, *contact_texts(answer)]
    parts += [f"{partner.name}：{partner.why}\n{partner.next_step}" for partner in answer.partners]
    parts += [f"{place.name}：{place.why}" for place in answer.meeting_places]
    return "\n".join(parts)


def contact_texts(answer: Answer) -> tuple[str, ...]:
    """Each contact's fields as one text."""
    return tuple(
        "\n".join(part for part in (contact.name, contact.phone, contact.address, contact.purpose) if part)
        for contact in answer.contacts
    )


def _result(name: str, passed: bool, reason: str) -> CheckResult:
    return CheckResult(name, passed, "" if passed else reason)


def _shown(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN_CHARACTERS else f"{flat[:SHOWN_CHARACTERS]}…"
