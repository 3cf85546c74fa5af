"""An answer as plain text, with its numbered evidence: for the clipboard, and part by part for files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.types import Answer, Match, MeetingPlace
from bot.web.evidence import source_line
from bot.web.telling import told_answer, told_day
from bot.web.texts import Texts
from bot.web.texts.languages import view_texts
from bot.web.texts.views import ViewTexts


class PartKind(StrEnum):
    """What a part of an answer is."""

    QUESTION = "question"
    ANSWER = "answer"
    QUALIFICATIONS = "qualifications"
    OTHER = "other"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an answer as plain text; ``heading`` is empty where the part needs none."""

    kind: PartKind
    lines: tuple[str, ...]
    heading: str = ""


def answer_parts(answer: Answer, texts: Texts) -> tuple[Part, ...]:
    """Question, answer, what qualifies it, and each quote under its number with where it stands."""
    evidence = [f"[{each.marker}] “{each.quote}”\n    {source_line(each, texts)}" for each in answer.citations]
    partners = [f"- {each.name}{texts.colon}{each.why}{_marker(each.marker)}" for each in answer.partners]
    qualifications = [
        *_statuses(answer, texts),
        *(told_answer(each, texts.language) for each in answer.notes),
        *_counts(answer, texts),
    ]
    parts = (
        Part(PartKind.QUESTION, (answer.question,)),
        *(Part(PartKind.ANSWER, (each,)) for each in _corrections(answer, texts)),
        Part(PartKind.ANSWER, (told_answer(answer.answer, texts.language),)),
        Part(PartKind.OTHER, answer.summary, texts.summary_label),
        Part(PartKind.QUALIFICATIONS, tuple(f"- {each}" for each in qualifications)),
        Part(PartKind.OTHER, tuple(_conflicts(answer, texts))),
        Part(PartKind.OTHER, tuple(_contacts(answer, texts)), texts.contacts),
        Part(PartKind.OTHER, tuple(partners), texts.partners),
        *_on_file(answer, texts),
        Part(PartKind.EVIDENCE, tuple(evidence), texts.evidence),
    )
    return tuple(part for part in parts if "".join(part.lines).strip())


def answer_for_copy(answer: Answer, texts: Texts) -> str:
    """The parts of an answer as one plain text."""
    return "\n\n".join(_plain(part, texts) for part in answer_parts(answer, texts))


def _plain(part: Part, texts: Texts) -> str:
    lines = "\n".join(part.lines)
    if part.kind is PartKind.QUESTION:
        return f"{texts.copy_question}{lines}"
    return f"{part.heading}{texts.colon}\n{lines}" if part.heading else lines


def _corrections(answer: Answer, texts: Texts) -> list[str]:
    return [
        texts.correction.format(asked=each.asked, stated=each.stated) + _marker(each.marker)
        for each in answer.corrections
    ]


def _statuses(answer: Answer, texts: Texts) -> list[str]:
    lines = []
    for each in answer.statuses:
        as_of = texts.as_of.format(told_day(each.as_of, texts.language)) if each.as_of else ""
        words = " · ".join(part for part in (each.subject, texts.statuses[each.status], as_of) if part)
        lines.append(words + _marker(each.marker))
    return lines


def _counts(answer: Answer, texts: Texts) -> list[str]:
    return [texts.computed.format(text=told_answer(each.text, texts.language)) for each in answer.computed]


def _conflicts(answer: Answer, texts: Texts) -> list[str]:
    lines = []
    for conflict in answer.conflicts:
        lines.append(texts.conflict.format(conflict.subject))
        for place, version in enumerate(conflict.versions):
            standing = texts.conflict_other if place else texts.conflict_counts
            told = f"{standing}{texts.colon}" if conflict.settled else ""
            lines.append(f"- {told}{version.value}{_marker(version.marker)}")
    return lines


def _contacts(answer: Answer, texts: Texts) -> list[str]:
    lines = []
    for each in answer.contacts:
        known = (
            each.name,
            f"{texts.phone} {each.phone}" if each.phone else None,
            f"{texts.address} {each.address}" if each.address else None,
            f"{texts.contact_for}{texts.colon}{told_answer(each.purpose, texts.language)}",
        )
        lines.append(_comma(texts).join(part for part in known if part) + _marker(each.marker))
    return lines


def _on_file(answer: Answer, texts: Texts) -> list[Part]:
    """Places to meet and matches, each a paragraph; reasons in the words of both records."""
    words = view_texts(texts.language)
    places = [_place_line(each, texts) for each in answer.meeting_places]
    lists = ((words.matches, answer.matches), (words.historic, answer.historic))
    matches = [Part(PartKind.OTHER, tuple(_match_line(each, words) for each in found), name) for name, found in lists]
    return [Part(PartKind.OTHER, tuple(places), words.meeting_places), *matches]


def _place_line(place: MeetingPlace, texts: Texts) -> str:
    as_of = texts.as_of.format(told_day(place.as_of, texts.language)) if place.as_of else ""
    standing = _comma(texts).join(part for part in (texts.statuses[place.status], as_of) if part)
    return f"- {place.name}（{standing}）{texts.colon}{place.why}{_marker(place.marker)}"


def _match_line(match: Match, words: ViewTexts) -> str:
    sample = f"（{words.sample}）" if match.sample else ""
    level = words.level.format(match.level)
    reasons = [f"    {each.need_quote} ↔ {each.offer_quote}" for each in match.reasons]
    return "\n".join([f"- {words.kinds[match.kind]} {match.id} {match.title}{sample}，{level}", *reasons])


def _comma(texts: Texts) -> str:
    return view_texts(texts.language).comma


def _marker(marker: int | None) -> str:
    return "" if marker is None else f"[{marker}]"
