"""An answer as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.wording import SUMMARY_LABEL
from bot.text.status import STATUS_WORDS
from bot.types import Answer, Intent, Match, TextKind


def print_answer(answer: Answer) -> None:
    """Answer first, then notes, who and where, evidence and follow-ups."""
    for line in _lines(answer):
        print(line)


def print_decisions(answer: Answer) -> None:
    """What each reader proposed, how sure it was and why; the chosen one first."""
    print("为什么这样答")
    for each in answer.decisions:
        mark = "✓" if each.chosen else " "
        print(f"  {mark} {each.reader}  {each.confidence:.2f}  {each.reason}")


def _lines(answer: Answer) -> Iterator[str]:
    for offer in answer.spelling:
        yield f"（按“{offer.meant}”理解）" if offer.applied else f"（您是不是问：{offer.question}）"
    if answer.choices:
        yield "您想问哪一项：" + "  ".join(answer.choices)
    if answer.standalone_question != answer.question:
        yield f"（按此理解：{answer.standalone_question}）"
    for correction in answer.corrections:
        yield f"更正：您说的是“{correction.asked}”，文件写的是“{correction.stated}”。[{correction.marker}]"
    yield answer.answer
    if answer.summary:
        yield f"  （{SUMMARY_LABEL}）{''.join(answer.summary)}"
    told = "".join(answer.notes)
    for status in [each for each in answer.statuses if f"{each.subject}”的状态" not in told][:3]:
        yield f"  ▸ {status.subject}：{STATUS_WORDS[status.status]}{_as_of(status.as_of)}"
    for note in answer.notes:
        yield f"  ▸ {note}"
    for conflict in answer.conflicts:
        versions = [f"{version.value}[{version.marker}]" for version in conflict.versions]
        if conflict.settled:
            versions = [f"工作人员核对后以此为准：{versions[0]}", *(f"另有说法：{each}" for each in versions[1:])]
        yield f"  ▸ 说法不一（{conflict.subject}）：{'；'.join(versions)}"
    yield from _partners(answer)
    yield from _draft(answer)
    yield from _evidence(answer)
    if answer.follow_ups:
        yield "接着问：" + "  ".join(answer.follow_ups)


def _as_of(date: str | None) -> str:
    return f"（截至{date}）" if date else ""


def _partners(answer: Answer) -> Iterator[str]:
    # A partner answer already lists them, line by line.
    if answer.partners and answer.intent is not Intent.PARTNER:
        yield "可能的合作方"
        for partner in answer.partners:
            yield f"  {partner.name}{_as_of(partner.as_of)}：{partner.why}[{partner.marker}]"
    if answer.meeting_places:
        yield "可以认识伙伴的地方"
        for place in answer.meeting_places:
            yield f"  {place.name}，{STATUS_WORDS[place.status]}{_as_of(place.as_of)}：{place.why}[{place.marker}]"
    listed = (
        ("登记在册、内容相近的", answer.matches),
        ("同一边的登记（同行，不作推荐）", answer.fellows),
        ("历史记录（只供了解）", answer.historic),
    )
    for heading, matches in listed:
        if matches:
            yield heading
            for match in matches:
                yield from _match(match)


def _match(match: Match) -> Iterator[str]:
    sample = "（示例）" if match.sample else ""
    yield f"  [{match.level} 级] {match.kind.label} {match.id} {match.title}{sample}{_as_of(match.as_of)}"
    for reason in match.reasons:
        yield f"      {reason.need_quote} ↔ {reason.offer_quote}"


def _draft(answer: Answer) -> Iterator[str]:
    if answer.draft is None:
        return
    yield f"{answer.draft.draft.kind.label}草稿（未保存）"
    for line in answer.draft.lines:
        yield f"  {line.label}：{line.text}"
    if answer.draft.missing:
        yield f"  还缺：{'、'.join(answer.draft.missing)}"


def _evidence(answer: Answer) -> Iterator[str]:
    if answer.citations:
        yield "依据"
    for citation in answer.citations:
        kind = "" if citation.text_kind is TextKind.VERBATIM else "（整理，非原文）"
        parts = (citation.title, citation.document_number, citation.date, citation.section)
        yield f"  [{citation.marker}] {' · '.join(part for part in parts if part)}{kind}"
        yield f"      “{' '.join(citation.quote.split())}”"
