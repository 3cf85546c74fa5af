"""The 政策体检 view: programmes against what a firm tells of itself, nothing promised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.catalogue.eligibility import (
    Checkup,
    ConditionResult,
    NextStep,
    Outcome,
    ProgrammeResult,
    Verdict,
)
from bot.catalogue.eligibility.choices import Choice, choices
from bot.catalogue.eligibility.report import SETTLED, questions, to_bring, whom
from bot.catalogue.eligibility.understood import Understood, understood
from bot.catalogue.models import Catalogue
from bot.web.markup import EMPTY, Html, join, language_of, tag, text
from bot.web.telling import told as told_in
from bot.web.telling import told_value
from bot.web.texts import Texts, texts_for
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import action_form, submit_button
from bot.web.views.fields import line_input

RESULTS = "eligibility-results"
CHOICES = "eligibility-choices"
_MARKS = {
    Outcome.MET: "met",
    Outcome.NOT_MET: "not-met",
    Outcome.CANNOT_TELL: "not-stated",
    Outcome.NOT_STATED: "not-stated",
    Outcome.NOT_TOLD: "not-told",
}
#: Entries of the form that boxes may be ticked for; a box is named after its entry and its words.
_PICKED = ("region", "industry")
TICKED = ("need", "size", "qualifications")
BOX = "choice-{}-"


def eligibility_view(texts: ViewTexts) -> Html:
    """The shell: what a firm tells of itself, all of it optional."""
    return tag(
        "section",
        tag("h2", text(texts.eligibility_heading), tabindex="-1"),
        tag("p", text(texts.eligibility_hint), class_="view-hint"),
        action_form(
            "eligibility",
            RESULTS,
            tag("div", *_entries(texts), class_="form-grid"),
            tag("div", id=CHOICES, data_on_show="eligibility_choices", class_="view-region"),
            tag(
                "div",
                submit_button(texts.eligibility_check),
                submit_button(texts.eligibility_word, "eligibility_word", main=False),
                submit_button(texts.eligibility_pdf, "eligibility_pdf", main=False),
                class_="card-buttons",
            ),
            identifier="eligibility-form",
        ),
        tag("div", id=RESULTS, class_="view-region", aria_live="polite"),
        class_="view",
        data_name="eligibility",
    )


def _entries(texts: ViewTexts) -> list[Html]:
    lines = (
        ("need", texts.eligibility_need, texts.eligibility_need_hint),
        ("region", texts.eligibility_region, texts.eligibility_region_hint),
        ("industry", texts.eligibility_industry, texts.eligibility_industry_hint),
        ("size", texts.eligibility_size, texts.eligibility_size_hint),
        ("qualifications", texts.eligibility_qualifications, texts.eligibility_qualifications_hint),
        ("about", texts.eligibility_about, texts.eligibility_about_hint),
    )
    return [
        line_input(
            name,
            f"eligibility-{name}",
            label,
            placeholder=hint,
            autocomplete="off",
            list=f"eligibility-{name}-list" if name in _PICKED else None,
        )
        for name, label, hint in lines
    ]


def choice_lists(catalogue: Catalogue, texts: ViewTexts) -> Html:
    """What the catalogue's own conditions ask for, to be ticked or picked from; each with its number."""
    if not catalogue.programmes:
        return tag("p", text(texts.eligibility_empty), class_="notice-line")
    found = choices(catalogue)
    lists = (("region", found.regions), ("industry", found.industries))
    boxes = zip(TICKED, _legends(texts), (found.needs, found.sizes, found.qualifications), strict=True)
    measures = "、".join(choice.value for choice in found.measures)
    return join(
        (
            *(_list(entry, offered, texts) for entry, offered in lists),
            tag("p", text(texts.eligibility_counts), class_="field-hint"),
            *(_boxes(entry, legend, offered, texts) for entry, legend, offered in boxes if offered),
            tag("p", text(texts.eligibility_measures.format(measures)), class_="field-hint") if measures else EMPTY,
        )
    )


def _legends(texts: ViewTexts) -> tuple[str, str, str]:
    return texts.eligibility_need, texts.eligibility_size, texts.eligibility_qualifications


def _list(entry: str, offered: Sequence[Choice], texts: ViewTexts) -> Html:
    options = (
        tag("option", value=each.value, label=texts.eligibility_asked.format(each.value, each.programmes))
        for each in offered
    )
    return tag("datalist", *options, id=f"eligibility-{entry}-list")


def _boxes(entry: str, legend: str, offered: Sequence[Choice], texts: ViewTexts) -> Html:
    return tag(
        "fieldset",
        tag("legend", text(legend)),
        *(_box(entry, each, texts) for each in offered),
        class_="choice-boxes",
    )


def _box(entry: str, choice: Choice, texts: ViewTexts) -> Html:
    name = BOX.format(entry) + choice.value
    identifier = f"eligibility-{name}"
    label = texts.eligibility_asked.format(choice.value, choice.programmes)
    return tag(
        "label",
        tag("input", type="checkbox", id=identifier, name_=name, value=choice.value),
        tag("span", text(label), lang="zh-CN"),
        for_=identifier,
        class_="choice-box",
    )


def checkup_view(checkup: Checkup, catalogue: Catalogue, title: Callable[[str], str], texts: ViewTexts) -> Html:
    """Every programme that may serve, grouped by what to do next; ``title`` names a document by its id."""
    if not catalogue.programmes:
        return tag("h3", text(texts.eligibility_empty), tabindex="-1")
    words = texts_for(texts.language.value)
    results = checkup.results
    cards = _Cards(catalogue, title, texts, words)
    groups = [_group(step, tuple(found), cards) for step, found in groupby(results, _step)]
    count = texts.eligibility_found.format(len(results)) if results else texts.eligibility_none
    return join(
        (
            tag("h3", text(count), tabindex="-1"),
            tag("p", text(texts.eligibility_caveat), class_="notice-line"),
            _told(checkup, texts),
            *groups,
        )
    )


def _told(checkup: Checkup, texts: ViewTexts) -> Html:
    """How every entry was understood, so that a misunderstanding can be mended above."""
    rows = [row for each in understood(checkup.firm) if each.entry != "need" for row in _told_row(each, texts)]
    if not rows:
        return EMPTY
    return tag("dl", *rows, class_="record-fields understood")


def _told_row(each: Understood, texts: ViewTexts) -> tuple[Html, ...]:
    labels = {
        "region": texts.eligibility_region,
        "industry": texts.eligibility_industry,
        "size": texts.eligibility_size,
        "qualifications": texts.eligibility_qualifications,
        "about": texts.eligibility_about,
    }
    lines = [tag("span", text(each.typed), lang=language_of(each.typed))]
    if each.meanings:
        lines.append(
            tag(
                "span",
                text(
                    texts.eligibility_understood.format(
                        texts.comma.join(told_value(meaning, texts.language) for meaning in each.meanings)
                    )
                ),
            )
        )
    if each.unclear:
        unclear = texts.eligibility_unclear.format("、".join(each.unclear))
        lines.append(tag("span", text(unclear), class_="unclear"))
    return tag("dt", text(labels[each.entry])), tag("dd", join(lines, tag("br")))


def _step(result: ProgrammeResult) -> NextStep:
    return result.next_step


@dataclass(frozen=True, slots=True)
class _Cards:
    """What all cards of a reply are drawn with."""

    catalogue: Catalogue
    title: Callable[[str], str]
    texts: ViewTexts
    words: Texts

    def card(self, result: ProgrammeResult) -> Html:
        """One programme: status and verdict, conditions with their quotes, what to bring and to ask."""
        programme = result.programme
        status = programme.status.value
        ask = self.texts.eligibility_question.format(programme.name)
        return tag(
            "article",
            tag(
                "div",
                tag("h4", text(programme.name), lang="zh-CN"),
                tag("span", text(self.words.statuses[status]), class_=f"badge badge-{status.value}"),
                class_="match-head",
            ),
            _verdict(result.verdict, self.texts),
            tag("p", text(programme.summary.value), lang="zh-CN", class_="gist"),
            tag("ul", *(_condition(each, self.title, self.texts) for each in result.conditions), class_="gates"),
            EMPTY if result.next_step in SETTLED else self._next(result),
            tag(
                "div",
                tag("button", text(self.texts.eligibility_ask), type="button", data_ask=ask, class_="quiet"),
                class_="card-buttons",
            ),
            class_="match-card" if result.next_step not in SETTLED else "match-card match-weak",
        )

    def _next(self, result: ProgrammeResult) -> Html:
        programme, texts = result.programme, self.texts
        parts = (
            (texts.eligibility_bring, to_bring(programme)),
            (texts.eligibility_questions, tuple(questions(result))),
            (texts.eligibility_whom, tuple(whom(self.catalogue, programme))),
        )
        rows = [
            part
            for label, lines in parts
            if lines
            for part in (
                tag("dt", text(label)),
                tag("dd", join((text(told_in(line, texts.language)) for line in lines), tag("br"))),
            )
        ]
        summary = tag("summary", text(texts.eligibility_next))
        return tag("details", summary, tag("dl", *rows, class_="record-fields"), class_="next-questions")


def _group(step: NextStep, results: Sequence[ProgrammeResult], cards: _Cards) -> Html:
    heading = f"{cards.texts.eligibility_steps[step]}（{len(results)}）"
    shown = tag("div", *map(cards.card, results), class_="match-cards")
    if step in SETTLED:
        return tag("details", tag("summary", text(heading)), shown)
    return join((tag("h3", text(heading)), shown))


def _verdict(verdict: Verdict, texts: ViewTexts) -> Html:
    mark = " verdict-may-fit" if verdict is Verdict.MAY_FIT else ""
    return tag("p", text(texts.eligibility_verdicts[verdict]), class_=f"verdict{mark}")


def _condition(condition: ConditionResult, title: Callable[[str], str], texts: ViewTexts) -> Html:
    source = title(condition.document_id) if condition.document_id else ""
    quote = (
        tag("p", tag("q", text(condition.quote)), text(f"——{source}"), class_="quote-line", lang="zh-CN")
        if condition.quote
        else EMPTY
    )
    why = tag("span", text(texts.eligibility_reasons[condition.why]), class_="gate-why") if condition.why else EMPTY
    return tag(
        "li",
        tag("span", text(texts.eligibility_outcomes[condition.outcome]), class_="gate-verdict"),
        tag("span", text(told_in(condition.condition, texts.language))),
        why,
        quote,
        class_=f"gate outcome-{_MARKS[condition.outcome]}",
    )
