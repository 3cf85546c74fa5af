"""Who could be the partner, beside an answer: organisations, places to meet, matches on file, the draft."""

from __future__ import annotations

from collections.abc import Sequence

from bot.partners.registration import REGISTER
from bot.types import Answer, DraftState, Intent, MeetingPlace, PartnerSuggestion
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.prose import Prose
from bot.web.telling import told, told_answer
from bot.web.texts.languages import view_texts
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import view_button
from bot.web.views.fields import contact_values
from bot.web.views.matches import fellow_cards, match_cards, nothing_fits, other_ways
from bot.web.views.publishing import FORM


def partner_sections(answer: Answer, prose: Prose) -> Html:
    """Everything that helps to find a partner; empty for an answer that is about something else."""
    texts = view_texts(prose.texts.language)
    return join(
        (
            _partners(answer.partners, prose, texts),
            _matches(answer, prose, texts),
            _meeting_places(answer.meeting_places, prose, texts),
            _draft(answer, answer.draft, prose, texts) if answer.draft is not None else EMPTY,
        )
    )


def _partners(partners: Sequence[PartnerSuggestion], prose: Prose, texts: ViewTexts) -> Html:
    if not partners:
        return EMPTY
    cards = [_partner_card(each, prose, texts) for each in partners]
    return tag(
        "section",
        tag("h3", text(prose.texts.partners)),
        tag("div", *cards, class_="partner-cards"),
        class_="partners",
    )


def _partner_card(partner: PartnerSuggestion, prose: Prose, texts: ViewTexts) -> Html:
    known = (
        f"{texts.region}{texts.colon}{partner.region}" if partner.region else "",
        texts.as_of.format(partner.as_of) if partner.as_of else "",
    )
    facts = [tag("span", text(each)) for each in known if each]
    step = f"{texts.next_step}{told_answer(partner.next_step, texts.language)}" if partner.next_step else ""
    return tag(
        "div",
        _named(partner.name, told(partner.kind, texts.language)),
        tag("p", text(partner.why), prose.marker(partner.marker), class_="why"),
        tag("p", *facts, class_="region match-facts") if facts else EMPTY,
        tag("p", text(step), class_="next-step") if step else EMPTY,
        class_="partner-card",
        data_organisation=partner.organisation_id,
    )


def _named(name: str, kind: str) -> Html:
    """A name with what it is: an alliance or an event is no partner like a company is."""
    badge = tag("span", text(kind), class_="badge badge-kind", lang=language_of(kind)) if kind else EMPTY
    return tag("p", text(name), badge, class_="partner-name")


def _meeting_places(places: Sequence[MeetingPlace], prose: Prose, texts: ViewTexts) -> Html:
    if not places:
        return EMPTY
    cards = [_meeting_place(each, prose, texts) for each in places]
    return tag(
        "section",
        tag("h3", text(texts.meeting_places)),
        tag("div", *cards, class_="partner-cards"),
        class_="partners meeting-places",
    )


def _meeting_place(place: MeetingPlace, prose: Prose, texts: ViewTexts) -> Html:
    badge = tag("span", text(prose.texts.statuses[place.status]), class_=f"badge badge-{place.status.value}")
    as_of = tag("span", text(texts.as_of.format(place.as_of)), class_="as-of") if place.as_of else EMPTY
    return tag(
        "div",
        _named(place.name, told(place.kind, texts.language)),
        tag("p", badge, as_of, class_="match-facts"),
        tag("p", text(place.why), prose.marker(place.marker), class_="why"),
        class_="partner-card",
    )


def _matches(answer: Answer, prose: Prose, texts: ViewTexts) -> Html:
    parts: list[Html] = []
    place = f"chat-{prose.number}"
    if answer.matches:
        parts += [tag("h3", text(texts.matches)), match_cards(answer.matches, "", texts, place)]
    elif _nobody(answer) and answer.draft is None:
        region = _region(prose)
        parts.append(nothing_fits(answer.standalone_question, texts, region))
        parts.append(tag("div", id=region, class_="record-region", aria_live="polite"))
    parts.append(fellow_cards(answer.fellows, texts, f"{place}-fellows"))
    if answer.historic:
        parts += [tag("h3", text(texts.historic)), match_cards(answer.historic, "", texts, f"{place}-past")]
    return tag("section", *parts, class_="market-matches") if any(parts) else EMPTY


def _nobody(answer: Answer) -> bool:
    """Whether a partner was sought and neither documents nor market hold one."""
    sought = answer.intent is Intent.PARTNER and answer.abstained
    return sought and not answer.partners and not answer.matches


def _region(prose: Prose) -> str:
    return f"ways-{prose.number}"


def _draft(answer: Answer, state: DraftState, prose: Prose, texts: ViewTexts) -> Html:
    """The draft as it stands; the form it can be checked in is a click away."""
    draft = state.draft
    rows = [
        join((tag("dt", text(told(line.label, texts.language))), tag("dd", text(line.text)))) for line in state.lines
    ]
    sent = {"kind": draft.kind.value, "unit": draft.owner, **draft.as_form(), **contact_values(draft.contact)}
    talk = (
        tag("button", text(texts.start_registration), type="button", data_ask=REGISTER, class_="quiet")
        if not draft.started and state.question is not None
        else EMPTY
    )
    missing = text(texts.draft_missing.format(texts.comma.join(told(each, texts.language) for each in state.missing)))
    return tag(
        "section",
        tag("h3", text(texts.draft_heading.format(texts.kinds[draft.kind]))),
        tag("dl", *rows, class_="record-fields") if rows else EMPTY,
        tag("p", missing, class_="hint") if state.missing else EMPTY,
        tag(
            "div",
            view_button(texts.review_and_submit, "publish", "form", sent, FORM, main=not draft.started),
            talk,
            *(other_ways(answer.standalone_question, texts, _region(prose)) if _nobody(answer) else ()),
            class_="card-buttons",
        ),
        tag("div", id=_region(prose), class_="record-region", aria_live="polite"),
        class_="draft-card",
    )
