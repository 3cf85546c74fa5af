"""What helps to ask, beside an answer: a misspelt name, what a word may stand for, what is near, what to ask next."""

from __future__ import annotations

from collections.abc import Sequence

from bot.types import Answer, Outcome, SpellingOffer
from bot.web.markup import EMPTY, Html, language_of, tag, text
from bot.web.telling import told_question
from bot.web.texts import Texts


def before_answer(answer: Answer, texts: Texts) -> Html:
    """What a name was taken for, and what a bare word may stand for."""
    applied = [each for each in answer.spelling if each.applied]
    if applied:
        return tag("p", *(text(_taken(each, texts)) for each in applied), class_="understood")
    if answer.spelling:
        return _chips(texts.help.did_you_mean, [answer.spelling[0].question], "did-you-mean", texts)
    return _chips(texts.help.choices, answer.choices, "choices", texts)


def after_answer(answer: Answer, texts: Texts) -> Html:
    """What to ask next; where the documents do not say what was asked, what they say nearby."""
    if answer.outcome is Outcome.NOT_STATED and answer.follow_ups:
        cards = (tag("li", _ask(each, "near-card", texts)) for each in answer.follow_ups)
        return tag("section", tag("h3", text(texts.help.near)), tag("ul", *cards), class_="near")
    return _chips(texts.follow_ups + texts.colon, answer.follow_ups, "follow-ups", texts)


def _taken(offer: SpellingOffer, texts: Texts) -> str:
    return texts.help.taken_as.format(meant=offer.meant, typed=offer.typed)


def _chips(label: str, questions: Sequence[str], name: str, texts: Texts) -> Html:
    if not questions:
        return EMPTY
    heading = tag("span", text(label), class_="chips-label")
    chips = (_ask(each, "chip", texts) for each in questions)
    return tag("div", heading, *chips, class_=f"chips {name}", role="group", aria_label=label)


def _ask(question: str, name: str, texts: Texts) -> Html:
    shown = told_question(question, texts.language)
    # What is asked is the question that the documents were seen to answer.
    marked = language_of(shown) if shown == question else None
    return tag("button", text(shown), type="button", data_ask=question, class_=name, lang=marked)
