"""An answer as plain text for the clipboard, with its numbered evidence."""

from __future__ import annotations

from bot.types import Answer, Match, MeetingPlace
from bot.web.evidence import source_line
from bot.web.texts import Texts
from bot.web.views.languages import view_texts
from bot.web.views.texts import ViewTexts


def answer_for_copy(answer: Answer, texts: Texts) -> str:
    """Question, answer, what qualifies it, and each quote under its number with where it stands."""
    parts = [f"{texts.copy_question}{answer.question}", *_corrections(answer, texts), answer.answer]
    if answer.summary:
        parts.append("\n".join([texts.summary_label + texts.colon, *answer.summary]))
    qualifications = [*_statuses(answer, texts), *answer.notes, *_counts(answer, texts)]
    if qualifications:
        parts.append("\n".join(f"- {each}" for each in qualifications))
    conflicts = _conflicts(answer, texts)
    if conflicts:
        parts.append("\n".join(conflicts))
    contacts = _contacts(answer, texts)
    if contacts:
        parts.append("\n".join(contacts))
    partners = [f"- {each.name}{texts.colon}{each.why}{_marker(each.marker)}" for each in answer.partners]
    if partners:
        parts.append("\n".join([texts.partners + texts.colon, *partners]))
    parts += _on_file(answer, texts)
    if answer.citations:
        evidence = [f"[{each.marker}] “{each.quote}”\n    {source_line(each)}" for each in answer.citations]
        parts.append("\n".join([texts.copy_evidence, *evidence]))
    return "\n\n".join(part for part in parts if part.strip())


def _corrections(answer: Answer, texts: Texts) -> list[str]:
    return [
        texts.correction.format(asked=each.asked, stated=each.stated) + _marker(each.marker)
        for each in answer.corrections
    ]


def _statuses(answer: Answer, texts: Texts) -> list[str]:
    lines = []
    for each in answer.statuses:
        as_of = texts.as_of.format(each.as_of) if each.as_of else ""
        words = " · ".join(part for part in (each.subject, texts.statuses[each.status], as_of) if part)
        lines.append(words + _marker(each.marker))
    return lines


def _counts(answer: Answer, texts: Texts) -> list[str]:
    return [texts.computed.format(text=each.text) for each in answer.computed]


def _conflicts(answer: Answer, texts: Texts) -> list[str]:
    lines = []
    for conflict in answer.conflicts:
        lines.append(texts.conflict.format(conflict.subject))
        lines += [f"- {version.value}{_marker(version.marker)}" for version in conflict.versions]
    return lines


def _contacts(answer: Answer, texts: Texts) -> list[str]:
    lines = []
    for each in answer.contacts:
        known = (
            each.name,
            f"{texts.phone} {each.phone}" if each.phone else None,
            f"{texts.address} {each.address}" if each.address else None,
            f"{texts.contact_for}{texts.colon}{each.purpose}",
        )
        lines.append("，".join(part for part in known if part) + _marker(each.marker))
    return [texts.contacts + texts.colon, *lines] if lines else []


def _on_file(answer: Answer, texts: Texts) -> list[str]:
    """Places to meet and matches, each a paragraph; reasons in the words of both records."""
    words = view_texts(texts.language)
    parts: list[str] = []
    if answer.meeting_places:
        places = [_place_line(each, texts) for each in answer.meeting_places]
        parts.append("\n".join([words.meeting_places + texts.colon, *places]))
    for heading, matches in ((words.matches, answer.matches), (words.historic, answer.historic)):
        if matches:
            parts.append("\n".join([heading + texts.colon, *(_match_line(each, words) for each in matches)]))
    return parts


def _place_line(place: MeetingPlace, texts: Texts) -> str:
    as_of = texts.as_of.format(place.as_of) if place.as_of else ""
    standing = "，".join(part for part in (texts.statuses[place.status], as_of) if part)
    return f"- {place.name}（{standing}）{texts.colon}{place.why}{_marker(place.marker)}"


def _match_line(match: Match, words: ViewTexts) -> str:
    sample = f"（{words.sample}）" if match.sample else ""
    level = words.level.format(match.level)
    reasons = [f"    {each.need_quote} ↔ {each.offer_quote}" for each in match.reasons]
    return "\n".join([f"- {words.kinds[match.kind]} {match.id} {match.title}{sample}，{level}", *reasons])


def _marker(marker: int | None) -> str:
    return "" if marker is None else f"[{marker}]"
