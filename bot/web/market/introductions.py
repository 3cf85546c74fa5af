"""The panel for introductions: a pair, a form, a stage; the draft with the source of every fact."""

from __future__ import annotations

from collections.abc import Mapping

from bot.introductions.records import Block, BlockKind, Form, Introduction, Stage
from bot.introductions.wording import WordedIntroduction
from bot.types import Mode
from bot.web.market.buttons import action_button, action_form, submit_button
from bot.web.market.fields import line_input, select
from bot.web.market.texts import MarketTexts
from bot.web.markup import EMPTY, Html, join, language_of, tag, text

FORM, DRAFT = "introduce-form", "introduce-draft"
_TAGS = {
    BlockKind.TITLE: "h3",
    BlockKind.HEADING: "h4",
    BlockKind.SUBJECT: "p",
    BlockKind.PARAGRAPH: "p",
    BlockKind.ITEM: "li",
    BlockKind.SIGNATURE: "p",
}


def introduce_view(texts: MarketTexts) -> Html:
    """The shell: what it is for, and the form."""
    return tag(
        "section",
        tag("h2", text(texts.introduce_heading), tabindex="-1"),
        tag("p", text(texts.introduce_hint), class_="view-hint"),
        tag("div", introduction_form({}, texts), id=FORM, aria_live="polite"),
        tag("div", id=DRAFT, class_="view-region", aria_live="polite"),
        class_="view",
        data_name="introduce",
    )


def introduction_form(values: Mapping[str, str], texts: MarketTexts) -> Html:
    """Pair, form, stage, and the receipt that only a joint introduction asks for."""
    forms = [(form.value, texts.forms[form]) for form in Form]
    stages = [(stage.value, texts.stages[stage]) for stage in Stage]
    return action_form(
        "introduce",
        DRAFT,
        tag(
            "div",
            line_input("need", "introduce-need", texts.need_id, value=values.get("need", ""), required=True),
            line_input("offer", "introduce-offer", texts.offer_id, value=values.get("offer", ""), required=True),
            tag(
                "div",
                tag("label", text(texts.form), for_="introduce-kind"),
                select("form", "introduce-kind", forms, values.get("form", Form.LETTER.value)),
                class_="field",
            ),
            tag(
                "div",
                tag("label", text(texts.stage), for_="introduce-stage"),
                select("stage", "introduce-stage", stages, values.get("stage", Stage.ASK_NEED_OWNER.value)),
                class_="field",
            ),
            line_input(
                "receipt",
                "introduce-receipt",
                texts.receipt_for_joint,
                value=values.get("receipt", ""),
                autocomplete="off",
            ),
            class_="form-grid",
        ),
        tag("div", submit_button(texts.draft_it), class_="card-buttons"),
        identifier="introduction-form",
    )


def drafted(worded: WordedIntroduction, key: str, texts: MarketTexts) -> Html:
    """The draft as it reads, with copying, download, sources, and what was left out; ``key`` fetches its file."""
    introduction = worded.introduction
    if introduction.blocked is not None:
        return tag(
            "section",
            tag("h3", text(texts.blocked), tabindex="-1"),
            tag("p", text(introduction.blocked), class_="blocked"),
            _withheld(introduction, texts),
            class_="outcome blocked-draft",
        )
    fields = {"draft": key}
    return tag(
        "section",
        tag("div", *_blocks(introduction.blocks), class_="letter", lang=language_of(introduction.text)),
        tag("p", text(texts.by_model), class_="hint") if worded.mode is Mode.LLM else EMPTY,
        tag("p", text(worded.note), class_="hint") if worded.note else EMPTY,
        tag(
            "div",
            tag("button", text(texts.copy), type="button", data_copy="letter", class_="quiet"),
            tag("span", text(introduction.text), class_="copy-source", hidden=True),
            action_button(texts.download_word, "word", fields, "", main=True),
            class_="card-buttons",
        ),
        _facts(introduction, texts),
        _withheld(introduction, texts),
        class_="outcome",
    )


def _blocks(blocks: tuple[Block, ...]) -> list[Html]:
    shown: list[Html] = []
    items: list[Html] = []
    for block in blocks:
        if block.kind is BlockKind.ITEM:
            items.append(tag("li", text(block.text)))
            continue
        if items:
            shown.append(tag("ul", *items))
            items = []
        shown.append(tag(_TAGS[block.kind], text(block.text), class_=f"letter-{block.kind.value}"))
    return [*shown, tag("ul", *items)] if items else shown


def _facts(introduction: Introduction, texts: MarketTexts) -> Html:
    rows = [tag("tr", tag("td", text(fact.text)), tag("td", text(fact.source))) for fact in introduction.facts]
    if not rows:
        return EMPTY
    table = tag("table", tag("tbody", *rows), class_="facts")
    return tag("details", tag("summary", text(texts.facts.format(len(rows)))), table)


def _withheld(introduction: Introduction, texts: MarketTexts) -> Html:
    lines = [tag("li", text(each)) for each in introduction.withheld]
    return join((tag("h5", text(texts.withheld)), tag("ul", *lines, class_="withheld"))) if lines else EMPTY
