"""Where a record or a question stands, and what happens next: each one line in words."""

from __future__ import annotations

from bot.market.fields import kind_of
from bot.market.records import Need, Offer, State
from bot.types import Standing
from bot.web.markup import Html, join, tag, text
from bot.web.texts.states import state_texts
from bot.web.texts.views import ViewTexts
from bot.web.views.fields import form_specs, label_of, record_values

#: Entries named that a draft still lacks.
_MOST_MISSING = 4


def state_in_words(record: Need | Offer, texts: ViewTexts) -> str:
    """Where a record stands, for its owner: what a draft lacks, why a closed one was closed."""
    words = state_texts(texts.language)
    if record.state is State.DRAFT:
        missing = _missing(record, texts)
        return words.missing.format(texts.comma.join(missing)) if missing else words.too_vague
    if record.state is State.CLOSED and record.close_reason is not None:
        return words.closed_because.format(words.reasons[record.close_reason])
    return words.historic if record.historic else words.states[record.state]


def next_in_words(record: Need | Offer, texts: ViewTexts) -> str:
    """What happens next with a record, for its owner."""
    words = state_texts(texts.language)
    if record.historic and record.standing is Standing.HISTORIC and record.state is not State.DRAFT:
        return words.historic_next
    return words.next_steps[record.state]


def state_line(record: Need | Offer, texts: ViewTexts) -> Html:
    """Both, for its owner."""
    return state_lines(state_in_words(record, texts), next_in_words(record, texts), texts)


def public_state_line(record: Need | Offer, texts: ViewTexts) -> Html:
    """Both, for anybody else: whether interest is taken, not how far others have come."""
    words = state_texts(texts.language)
    if record.standing is Standing.OPEN:
        return tag("p", text(words.open_to_all), class_="state-line")
    if record.standing is Standing.HISTORIC:
        return state_lines(words.historic, words.historic_next, texts)
    return state_lines(texts.standings[record.standing], texts.not_open, texts)


def state_lines(state: str, following: str, texts: ViewTexts) -> Html:
    """A state and what happens next."""
    words = state_texts(texts.language)
    line = join((tag("strong", text(state)), text(" · "), tag("span", text(f"{words.next_step}{following}"))))
    return tag("p", line, class_="state-line")


def _missing(record: Need | Offer, texts: ViewTexts) -> list[str]:
    """Labels of the leading entries that are empty, in the order they are asked."""
    values = record_values(record)
    empty = [spec for spec in form_specs(kind_of(record)) if spec.lead and not values[spec.name]]
    return [label_of(spec, texts) for spec in empty[:_MOST_MISSING]]
