"""One exchange as HTML: the question, the answer, what qualifies it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.types import Answer, Conflict, Intent, Mode, Outcome, Status, StatusNote
from bot.web.contacts import contact_card
from bot.web.conversation import Exchange
from bot.web.copying import answer_for_copy
from bot.web.evidence import Evidence, evidence_card
from bot.web.helping import after_answer, before_answer
from bot.web.kept import edit_button, retry_button, take_along
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.partners import partner_sections
from bot.web.prose import Prose
from bot.web.telling import page_of, told_answer, told_problem
from bot.web.texts import Texts
from bot.web.views.inquiries import ask_office

NOTES_SHOWN = 3
"""Notes beyond these are folded."""

SUBJECTS_NAMED = 2
"""More things with one status are told by their number."""

_PARTNER_ASKED = frozenset({Intent.PARTNER, Intent.INTRODUCTION})


#: What was asked was not answered for certain: a person may know.
_UNANSWERED = (Outcome.NEAREST, Outcome.NOT_STATED, Outcome.OUT_OF_SCOPE)


def exchanges(shown: Sequence[Exchange], texts: Texts) -> Html:
    """Exchanges one below the other."""
    return join(exchange(each, texts) for each in shown)


def exchange(shown: Exchange, texts: Texts) -> Html:
    """A question and what came of it."""
    drawn = tag(
        "article",
        _question(shown.question, texts),
        edit_button(shown.number, texts) if shown.finished else EMPTY,
        _reply(shown, texts),
        class_="exchange",
        id=f"exchange-{shown.number}",
        data_exchange=shown.number,
        data_busy=not shown.finished,
    )
    return page_of(drawn, texts.language)


def _question(question: str, texts: Texts) -> Html:
    return tag(
        "div",
        tag("span", text(texts.you + texts.colon), class_="visually-hidden"),
        tag("p", text(question), lang=language_of(question), role="heading", aria_level=2),
        class_="question",
        tabindex="0" if len(question) > 300 else None,
    )


def _reply(shown: Exchange, texts: Texts) -> Html:
    parts: list[Html] = []
    if shown.answer is not None:
        parts.append(_answer(shown, shown.answer, texts))
    elif not shown.finished:
        parts.append(_waiting(texts))
    if shown.problem:
        parts.append(tag("p", text(told_problem(shown.problem, texts.language)), class_="problem", role="alert"))
        parts.append(retry_button(shown.number, texts))
    return tag("div", *parts, class_="reply", aria_busy="true" if not shown.finished else None)


def _waiting(texts: Texts) -> Html:
    return tag(
        "p",
        tag("span", class_="pulse", aria_hidden="true"),
        text(texts.waiting),
        class_="waiting",
        role="status",
    )


def _answer(shown: Exchange, answer: Answer, texts: Texts) -> Html:
    tables = {table.key: table for each in shown.evidence for table in each.tables}
    prose = Prose.of(answer, shown.number, texts, tuple(tables.values()))
    body = [
        before_answer(answer, texts) if shown.finished else EMPTY,
        _understood(answer, texts),
        _corrections(answer, prose),
        _told(answer, prose),
    ]
    if shown.finished:
        body += [
            _summary(answer, prose),
            *_qualifications(answer, prose),
            _actions(shown, answer, texts),
            _reason_form(shown.number, texts),
            ask_office(answer.question, shown.number, texts, main=answer.outcome in _UNANSWERED),
            after_answer(answer, texts),
        ]
    body.append(_evidence_store(shown, texts))
    return join(body)


def without_script(answer: Answer, number: int, evidence: Sequence[Evidence], texts: Texts) -> Html:
    """An answer with its evidence below it, for a place where no script runs; partners are not among it."""
    tables = {table.key: table for each in evidence for table in each.tables}
    prose = Prose.of(answer, number, texts, tuple(tables.values()))
    cards = (
        tag("div", evidence_card(each, number, texts, buttons=False), id=f"evidence-{number}-{each.citation.marker}")
        for each in evidence
    )
    shown = tag("details", tag("summary", text(f"{texts.evidence} {len(evidence)}")), *cards) if evidence else EMPTY
    parts = (
        _understood(answer, texts),
        _corrections(answer, prose),
        _told(answer, prose),
        _summary(answer, prose),
        _statuses(answer.statuses, prose),
        _notes(answer, prose),
        join(_conflict(each, answer, prose) for each in answer.conflicts),
        _contacts(answer, prose),
        shown,
    )
    return page_of(join(parts), texts.language)


def _told(answer: Answer, prose: Prose) -> Html:
    """The answer itself: a short one large, the nearest originals as cards of their own."""
    words = told_answer(answer.answer, prose.texts.language) or prose.texts.no_answer
    frame, *rest = words.split("\n")
    if answer.outcome is Outcome.NEAREST and rest:
        # Whether they answer is open: nothing in them is what was asked for.
        plain = replace(prose, emphasis=(), figures={})
        cards = [
            tag(
                "section",
                tag("h4", text(prose.texts.help.near_passage.format(number)), class_="visually-hidden"),
                plain.block("\n".join(lines)),
                class_="near-passage",
            )
            for number, lines in enumerate(_passages(rest), start=1)
        ]
        content = join((tag("p", text(frame), class_="frame"), *cards))
    else:
        content = prose.block(words, lead=answer.outcome is Outcome.ANSWERED)
    name = "answer abstained" if answer.abstained else "answer"
    return tag("div", content, class_=name, lang=language_of(words) if words == answer.answer else None)


def _passages(lines: Sequence[str]) -> list[list[str]]:
    """The lines of each original: its last line carries the marker."""
    passages: list[list[str]] = [[]]
    for line in lines:
        passages[-1].append(line)
        if line.rstrip().endswith("]"):
            passages.append([])
    return [each for each in passages if each]


def _qualifications(answer: Answer, prose: Prose) -> list[Html]:
    return [
        _statuses(answer.statuses, prose),
        _notes(answer, prose),
        join(_conflict(each, answer, prose) for each in answer.conflicts),
        _contacts(answer, prose),
        _partners(answer, prose),
    ]


def _partners(answer: Answer, prose: Prose) -> Html:
    """Partners, events and matches: shown where they were asked for, else a click away, with their numbers."""
    sections = partner_sections(answer, prose)
    helped = prose.texts.help
    counts = (
        (helped.partners_count, len(answer.partners)),
        (helped.places_count, len(answer.meeting_places)),
        (helped.matches_count, len(answer.matches) + len(answer.fellows) + len(answer.historic)),
    )
    told = [words.format(count) for words, count in counts if count]
    if not sections or not told or answer.draft is not None or answer.intent in _PARTNER_ASKED:
        return sections
    summary = tag("summary", text(" · ".join(told)))
    return tag("details", summary, sections, id=f"partners-{prose.number}", class_="beside")


def _summary(answer: Answer, prose: Prose) -> Html:
    """A model's plain words below the units, labelled."""
    if not answer.summary:
        return EMPTY
    return tag(
        "aside",
        tag("p", text(prose.texts.summary_label), class_="hint"),
        *(tag("p", prose.inline(each)) for each in answer.summary),
        class_="reworded",
        lang=language_of(answer.summary[0]),
    )


def _understood(answer: Answer, texts: Texts) -> Html:
    taken = any(each.applied for each in answer.spelling)
    if taken or answer.standalone_question.strip() in {"", answer.question.strip()}:
        return EMPTY
    return tag("p", text(texts.understood_as.format(answer.standalone_question)), class_="understood")


def _corrections(answer: Answer, prose: Prose) -> Html:
    return join(
        tag(
            "p",
            text(prose.texts.correction.format(asked=each.asked, stated=each.stated)),
            prose.marker(each.marker),
            class_="correction",
        )
        for each in answer.corrections
    )


def _statuses(statuses: Sequence[StatusNote], prose: Prose) -> Html:
    """A line for each status: what has the same one as of the same day is told together."""
    groups: dict[tuple[Status, str | None], list[StatusNote]] = {}
    for each in statuses:
        groups.setdefault((each.status, each.as_of), []).append(each)
    return _folded([_status_line(each, prose) for each in groups.values()], "statuses", prose)


def _status_line(alike: Sequence[StatusNote], prose: Prose) -> Html:
    texts = prose.texts
    status, as_of = alike[0].status, alike[0].as_of
    subjects = dict.fromkeys(each.subject for each in alike if each.subject)
    subject = "、".join(subjects) if len(subjects) <= SUBJECTS_NAMED else texts.help.several_statuses.format(len(alike))
    markers = dict.fromkeys(each.marker for each in alike)
    return tag(
        "li",
        tag("span", text(texts.statuses[status]), class_=f"badge badge-{status.value}"),
        tag("span", text(subject), class_="subject") if subject else EMPTY,
        tag(
            "span",
            text(texts.as_of.format(as_of)) if as_of else EMPTY,
            *(prose.marker(each) for each in list(markers)[:SUBJECTS_NAMED]),
            class_="as-of",
        ),
    )


def _notes(answer: Answer, prose: Prose) -> Html:
    own = [each for each in answer.notes if each.strip() and not _told_by_status(each, answer.statuses)]
    quiet = prose.quiet()
    told = [(each, told_answer(each, prose.texts.language)) for each in own]
    # A note that is partly ours and partly quoted is marked piece by piece.
    notes = [tag("li", quiet.inline(shown), lang=language_of(shown) if shown == each else None) for each, shown in told]
    counts = [
        tag("li", text(prose.texts.computed.format(text=told_answer(each.text, prose.texts.language))))
        for each in answer.computed
        if each.text
    ]
    return _folded(notes + counts, "notes", prose)


def _told_by_status(note: str, statuses: Sequence[StatusNote]) -> bool:
    """Whether a note says of its passage only what the line of its status says: as of when, and where it stands."""
    return any(
        each.as_of and each.marker and note.startswith("依据") and note.endswith(f"截至{each.as_of}。[{each.marker}]")
        for each in statuses
    )


def _folded(lines: Sequence[Html], name: str, prose: Prose) -> Html:
    """A list of which only the first lines show until it is unfolded."""
    if not lines:
        return EMPTY
    shown = tag("ul", *lines[:NOTES_SHOWN], class_=name)
    rest = lines[NOTES_SHOWN:]
    if not rest:
        return shown
    summary = tag("summary", text(prose.texts.more.format(len(rest))))
    fold = tag("details", summary, tag("ul", *rest, class_=name), id=f"{name}-{prose.number}")
    return join((shown, fold))


def _conflict(conflict: Conflict, answer: Answer, prose: Prose) -> Html:
    cited = {citation.marker: citation for citation in answer.citations}
    sides: list[Html] = []
    for place, version in enumerate(conflict.versions):
        citation = cited.get(version.marker)
        source = (
            " · ".join(each for each in (citation.title, citation.document_number, citation.date) if each)
            if citation
            else ""
        )
        sides.append(
            tag(
                "div",
                _standing(conflict, place, prose),
                tag("p", text(version.value), prose.marker(version.marker), class_="version"),
                tag("p", text(source), class_="version-source") if source else EMPTY,
            )
        )
    hint = prose.texts.conflict_settled_hint if conflict.settled else prose.texts.conflict_hint
    return tag(
        "section",
        tag("h3", text(prose.texts.conflict.format(conflict.subject))),
        tag("div", *sides, class_="versions"),
        tag("p", text(hint), class_="hint"),
        class_="conflict",
    )


def _standing(conflict: Conflict, place: int, prose: Prose) -> Html:
    """Which version staff decided for; nothing where nobody decided."""
    if not conflict.settled:
        return EMPTY
    return tag("p", tag("strong", text(prose.texts.conflict_other if place else prose.texts.conflict_counts)))


def _contacts(answer: Answer, prose: Prose) -> Html:
    if not answer.contacts:
        return EMPTY
    heading = prose.texts.help.whom_to_ask if answer.abstained else prose.texts.contacts
    cards = (contact_card(each, prose) for each in answer.contacts)
    return tag("section", tag("h3", text(heading)), *cards, class_="contacts")


# --- what can be done with an answer ---------------------------------------------------------------


def _actions(shown: Exchange, answer: Answer, texts: Texts) -> Html:
    evidence = (
        tag(
            "button",
            text(f"{texts.evidence} {len(answer.citations)}"),
            type="button",
            data_evidence=shown.number,
            class_="quiet",
        )
        if answer.citations
        else EMPTY
    )
    mode = texts.answered_model if answer.mode is Mode.LLM else texts.answered_offline
    return tag(
        "div",
        tag("button", text(texts.copy), type="button", data_copy="answer", class_="quiet"),
        tag("span", text(answer_for_copy(answer, texts)), class_="copy-source", hidden=True),
        evidence,
        _rating(shown.number, "yes", texts.useful),
        _rating(shown.number, "no", texts.not_useful),
        take_along(shown.number, texts),
        tag("span", text(mode), class_="answered-by"),
        class_="actions",
    )


def _rating(number: int, useful: str, label: str) -> Html:
    return tag(
        "button",
        text(label),
        type="button",
        id=f"rate-{useful}-{number}",
        data_rate=useful,
        data_exchange=number,
        aria_pressed="false",
        class_="quiet",
    )


def _reason_form(number: int, texts: Texts) -> Html:
    field = f"reason-{number}"
    chips = (tag("button", text(each), type="button", data_reason=each, class_="chip") for each in texts.reasons)
    return tag(
        "form",
        tag("label", text(texts.reason_label), for_=field),
        tag("div", *chips, class_="chips"),
        tag("textarea", id=field, rows=2, maxlength=500, placeholder=texts.reason_placeholder),
        tag("p", text(texts.help.feedback_use), class_="hint"),
        tag(
            "div",
            tag("button", text(texts.submit_reason), type="submit", class_="primary"),
            tag("button", text(texts.cancel), type="button", data_cancel=number, class_="quiet"),
            class_="form-buttons",
        ),
        class_="reason",
        id=f"reason-form-{number}",
        data_exchange=number,
        hidden=True,
    )


def _evidence_store(shown: Exchange, texts: Texts) -> Html:
    """The cards the panel shows for this exchange, kept here so that a marker needs no round trip."""
    cards = [evidence_card(each, shown.number, texts) for each in shown.evidence]
    return tag("div", *cards, class_="evidence-store", data_store=shown.number, hidden=True)
