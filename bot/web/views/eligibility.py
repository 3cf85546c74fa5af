"""The 政策体检 view: programmes against what a firm tells of itself, nothing promised."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from bot.catalogue.eligibility import ConditionResult, NextStep, Outcome, Profile, ProgrammeResult, check_eligibility
from bot.catalogue.eligibility_report import report
from bot.catalogue.models import Catalogue
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.texts import Texts, texts_for
from bot.web.views.buttons import action_form, submit_button
from bot.web.views.fields import line_input
from bot.web.views.reply import Download, Fields, Reply
from bot.web.views.texts import ViewTexts

RESULTS = "eligibility-results"
#: Programmes of these groups are folded: nothing can be done about them now.
_FOLDED = frozenset({NextStep.NOT_FITTING, NextStep.CLOSED})
_MARKS = {
    Outcome.MET: "met",
    Outcome.NOT_MET: "not-met",
    Outcome.NOT_STATED: "not-stated",
    Outcome.NOT_TOLD: "not-told",
}


def eligibility_view(texts: ViewTexts) -> Html:
    """The shell: what a firm tells of itself, all of it optional."""
    entries = (
        ("need", texts.eligibility_need, texts.eligibility_need_hint),
        ("region", texts.eligibility_region, ""),
        ("industry", texts.eligibility_industry, ""),
        ("size", texts.eligibility_size, texts.eligibility_size_hint),
        ("qualifications", texts.eligibility_qualifications, texts.eligibility_qualifications_hint),
    )
    inputs = (
        line_input(name, f"eligibility-{name}", label, placeholder=hint, autocomplete="off")
        for name, label, hint in entries
    )
    return tag(
        "section",
        tag("h2", text(texts.eligibility_heading), tabindex="-1"),
        tag("p", text(texts.eligibility_hint), class_="view-hint"),
        action_form(
            "eligibility",
            RESULTS,
            tag("div", *inputs, class_="form-grid"),
            tag(
                "div",
                submit_button(texts.eligibility_check),
                submit_button(texts.eligibility_print, "eligibility_report", main=False),
                class_="card-buttons",
            ),
            identifier="eligibility-form",
        ),
        tag("div", id=RESULTS, class_="view-region", aria_live="polite"),
        class_="view",
        data_name="eligibility",
    )


def eligibility_reply(catalogue: Catalogue, fields: Fields, title: Callable[[str], str], texts: ViewTexts) -> Reply:
    """Every programme that may serve, grouped by what to do next; ``title`` names a document by its id."""
    results = check_eligibility(catalogue, _profile(fields))
    words = texts_for(texts.language.value)
    groups = [_group(step, tuple(found), title, texts, words) for step, found in groupby(results, _step)]
    count = texts.eligibility_found.format(len(results)) if results else texts.eligibility_none
    return Reply(
        join(
            (
                tag("h3", text(count), tabindex="-1"),
                tag("p", text(texts.eligibility_caveat), class_="notice-line"),
                *groups,
            )
        )
    )


def report_reply(catalogue: Catalogue, fields: Fields) -> Reply:
    """The same as a file to print."""
    content = report(check_eligibility(catalogue, _profile(fields)))
    return Reply(download=Download("政策体检.md", content.encode("utf-8")))


def _profile(fields: Fields) -> Profile:
    told = {name: fields.get(name, "").strip() for name in ("region", "industry", "size", "need")}
    qualifications = re.split(r"[、,，;；\s]+", fields.get("qualifications", "").strip())
    return Profile(**told, qualifications=tuple(each for each in qualifications if each))


def _step(result: ProgrammeResult) -> NextStep:
    return result.next_step


def _group(
    step: NextStep,
    results: Sequence[ProgrammeResult],
    title: Callable[[str], str],
    texts: ViewTexts,
    words: Texts,
) -> Html:
    heading = f"{texts.eligibility_steps[step]}（{len(results)}）"
    cards = tag("div", *(_card(each, title, texts, words) for each in results), class_="match-cards")
    if step in _FOLDED:
        return tag("details", tag("summary", text(heading)), cards)
    return join((tag("h3", text(heading)), cards))


def _card(result: ProgrammeResult, title: Callable[[str], str], texts: ViewTexts, words: Texts) -> Html:
    programme = result.programme
    status = programme.status.value
    ask = texts.eligibility_question.format(programme.name)
    return tag(
        "article",
        tag(
            "div",
            tag("h4", text(programme.name), lang="zh-CN"),
            tag("span", text(words.statuses[status]), class_=f"badge badge-{status.value}"),
            class_="match-head",
        ),
        tag("p", text(programme.summary.value), lang="zh-CN", class_="gist"),
        tag("ul", *(_condition(each, title, texts) for each in result.conditions), class_="gates"),
        tag(
            "div",
            tag("button", text(texts.eligibility_ask), type="button", data_ask=ask, class_="quiet"),
            class_="card-buttons",
        ),
        class_="match-card" if result.next_step not in _FOLDED else "match-card match-weak",
    )


def _condition(condition: ConditionResult, title: Callable[[str], str], texts: ViewTexts) -> Html:
    source = title(condition.document_id) if condition.document_id else ""
    quote = (
        tag("p", tag("q", text(condition.quote)), text(f"——{source}"), class_="quote-line", lang="zh-CN")
        if condition.quote
        else EMPTY
    )
    return tag(
        "li",
        tag("span", text(texts.eligibility_outcomes[condition.outcome]), class_="gate-verdict"),
        text(condition.condition),
        quote,
        class_=f"gate outcome-{_MARKS[condition.outcome]}",
    )
