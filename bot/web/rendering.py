"""One exchange as HTML: the question, the answer, what qualifies it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.types import Answer, Conflict, Contact, Mode, StatusNote
from bot.web.contacts import contact_card
from bot.web.conversation import Exchange
from bot.web.copying import answer_for_copy
from bot.web.evidence import evidence_card
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.partners import partner_sections
from bot.web.prose import Prose
from bot.web.texts import Texts

NOTES_SHOWN = 3
"""Notes beyond these are folded."""


def exchanges(shown: Sequence[Exchange], texts: Texts) -> Html:
    """Exchanges one below the other."""
    return join(exchange(each, texts) for each in shown)


def exchange(shown: Exchange, texts: Texts) -> Html:
    """A question and what came of it."""
    return tag(
        "article",
        _question(shown.question, texts),
        _reply(shown, texts),
        class_="exchange",
        id=f"exchange-{shown.number}",
        data_exchange=shown.number,
        data_busy=not shown.finished,
    )


def _question(question: str, texts: Texts) -> Html:
    return tag(
        "div",
        tag("span", text(texts.you + texts.colon), class_="visually-hidden"),
        tag("p", text(question), lang=language_of(question)),
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
        parts.append(tag("p", text(shown.problem), class_="problem", role="alert"))
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
    prose = Prose.of(answer, shown.number, texts)
    abstained = "answer abstained" if answer.abstained else "answer"
    body = [
        _understood(answer, texts),
        _corrections(answer, prose),
        tag(
            "div",
            prose.block(answer.answer or texts.no_answer),
            class_=abstained,
            lang=language_of(answer.answer),
        ),
    ]
    if shown.finished:
        body += [
            _summary(answer, prose),
            *_qualifications(answer, prose),
            _actions(shown, answer, texts),
            _reason_form(shown.number, texts),
            _follow_ups(answer.follow_ups, texts),
        ]
    body.append(_evidence_store(shown, texts))
    return join(body)


def _qualifications(answer: Answer, prose: Prose) -> list[Html]:
    return [
        _statuses(answer.statuses, prose),
        _notes(answer, prose),
        join(_conflict(each, answer, prose) for each in answer.conflicts),
        _contacts(answer.contacts, prose),
        partner_sections(answer, prose),
    ]


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
    if answer.standalone_question.strip() in {"", answer.question.strip()}:
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
    lines = [_status_line(each, prose) for each in statuses]
    return _folded(lines, "statuses", prose)


def _status_line(status: StatusNote, prose: Prose) -> Html:
    badge = tag("span", text(prose.texts.statuses[status.status]), class_=f"badge badge-{status.status.value}")
    as_of = text(prose.texts.as_of.format(status.as_of)) if status.as_of else EMPTY
    subject = tag("span", text(status.subject), class_="subject") if status.subject else EMPTY
    return tag("li", badge, subject, tag("span", as_of, prose.marker(status.marker), class_="as-of"))


def _notes(answer: Answer, prose: Prose) -> Html:
    notes = [tag("li", prose.inline(each), lang=language_of(each)) for each in answer.notes if each.strip()]
    counts = [tag("li", text(prose.texts.computed.format(text=each.text))) for each in answer.computed if each.text]
    return _folded(notes + counts, "notes", prose)


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
    for version in conflict.versions:
        citation = cited.get(version.marker)
        source = (
            " · ".join(each for each in (citation.title, citation.document_number, citation.date) if each)
            if citation
            else ""
        )
        sides.append(
            tag(
                "div",
                tag("p", text(version.value), prose.marker(version.marker), class_="version"),
                tag("p", text(source), class_="version-source") if source else EMPTY,
            )
        )
    return tag(
        "section",
        tag("h4", text(prose.texts.conflict.format(conflict.subject))),
        tag("div", *sides, class_="versions"),
        tag("p", text(prose.texts.conflict_hint), class_="hint"),
        class_="conflict",
    )


def _contacts(contacts: Sequence[Contact], prose: Prose) -> Html:
    if not contacts:
        return EMPTY
    heading = tag("h4", text(prose.texts.contacts))
    return tag("section", heading, *(contact_card(each, prose) for each in contacts), class_="contacts")


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


def _follow_ups(questions: Sequence[str], texts: Texts) -> Html:
    if not questions:
        return EMPTY
    chips = (tag("button", text(each), type="button", data_ask=each, class_="chip") for each in questions)
    label = tag("span", text(texts.follow_ups + texts.colon), class_="chips-label")
    return tag("div", label, *chips, class_="chips follow-ups")


def _evidence_store(shown: Exchange, texts: Texts) -> Html:
    """The cards the panel shows for this exchange, kept here so that a marker needs no round trip."""
    cards = [evidence_card(each, shown.number, texts) for each in shown.evidence]
    return tag("div", *cards, class_="evidence-store", data_store=shown.number, hidden=True)
