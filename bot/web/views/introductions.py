"""The panel for introductions: a pair, a form, a stage; the draft with the source of every fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.introductions.records import Form, Introduction, Language, Stage
from bot.introductions.wording import WordedIntroduction
from bot.market.reasons import public
from bot.market.records import Need, Offer
from bot.printing.blocks import Block, BlockKind
from bot.types import Mode
from bot.web.markup import EMPTY, Html, join, tag, text
from bot.web.telling import told, told_problem
from bot.web.texts.letters import letter_texts
from bot.web.texts.views import ViewTexts
from bot.web.views.buttons import action_button, action_form, submit_button
from bot.web.views.fields import line_input, select

FORM, DRAFT = "introduce-form", "introduce-draft"
_LANGUAGES = {Language.CHINESE: "zh-CN", Language.ENGLISH: "en"}
_TAGS = {BlockKind.TITLE: "h3", BlockKind.HEADING: "h4"}


def introduce_view(texts: ViewTexts) -> Html:
    """The shell: what it is for, and the form."""
    return tag(
        "section",
        tag("h2", text(texts.introduce_heading), tabindex="-1"),
        tag("p", text(texts.introduce_hint), class_="view-hint"),
        tag("div", id=FORM, class_="view-region", aria_live="polite", data_on_show="introduction_form"),
        tag("div", id=DRAFT, class_="view-region", aria_live="polite"),
        class_="view",
        data_name="introduce",
    )


def introduction_form(values: Mapping[str, str], records: Sequence[Need | Offer], texts: ViewTexts) -> Html:
    """Pair, form, stage, and the receipt that only a joint introduction asks for.

    The ids of ``records`` are offered while typing.
    """
    forms = [(form.value, texts.forms[form]) for form in Form]
    stages = [(stage.value, texts.stages[stage]) for stage in Stage]
    words = letter_texts(texts.language)
    languages = [(language.value, words.languages[language]) for language in Language]
    return action_form(
        "introduce",
        DRAFT,
        tag(
            "div",
            _id_input("need", texts.need_id, values, [each for each in records if isinstance(each, Need)]),
            _id_input("offer", texts.offer_id, values, [each for each in records if isinstance(each, Offer)]),
            _choice("form", texts.form, forms, values.get("form", Form.LETTER.value)),
            _choice("stage", texts.stage, stages, values.get("stage", Stage.ASK_NEED_OWNER.value)),
            _choice("language", words.language, languages, values.get("language", Language.CHINESE.value)),
            line_input("receipt", "introduce-receipt", texts.receipt_for_joint, autocomplete="off"),
            class_="form-grid",
        ),
        tag(
            "div",
            submit_button(texts.draft_it),
            submit_button(texts.list_pairs, "pairs", main=False, unchecked=True),
            class_="card-buttons",
        ),
        identifier="introduction-form",
    )


def _choice(name: str, label: str, choices: list[tuple[str, str]], value: str) -> Html:
    identifier = f"introduce-{name}"
    return tag(
        "div", tag("label", text(label), for_=identifier), select(name, identifier, choices, value), class_="field"
    )


def _id_input(name: str, label: str, values: Mapping[str, str], records: Sequence[Need | Offer]) -> Html:
    known = f"introduce-{name}-ids"
    options = (tag("option", text(public(record.title)), value=record.id) for record in records)
    return join(
        (
            line_input(
                name,
                f"introduce-{name}",
                label,
                value=values.get(name, ""),
                required=True,
                list=known,
                autocomplete="off",
            ),
            tag("datalist", *options, id=known),
        )
    )


def drafted(worded: WordedIntroduction, key: str, texts: ViewTexts) -> Html:
    """The draft as it reads, with copying, files, sources, and what was left out; ``key`` fetches it."""
    introduction = worded.introduction
    if introduction.blocked is not None:
        return tag(
            "section",
            tag("h3", text(texts.blocked), tabindex="-1"),
            tag("p", text(told_problem(introduction.blocked, texts.language)), class_="blocked"),
            withheld(introduction, texts),
            class_="outcome blocked-draft",
        )
    return tag(
        "section",
        as_letter(introduction),
        tag("p", text(texts.by_model), class_="hint") if worded.mode is Mode.LLM else EMPTY,
        tag("p", text(told(worded.note, texts.language)), class_="hint") if worded.note else EMPTY,
        files(introduction, {"draft": key}, texts),
        facts_table([(fact.text, fact.source) for fact in introduction.facts], texts),
        withheld(introduction, texts),
        class_="outcome",
    )


def as_letter(introduction: Introduction) -> Html:
    """The letter as it reads."""
    return tag("div", *_blocks(introduction.blocks), class_="letter", lang=_LANGUAGES[introduction.language])


def files(introduction: Introduction, fields: Mapping[str, str], texts: ViewTexts) -> Html:
    """Copying and downloading; ``fields`` say which letter."""
    return tag(
        "div",
        tag("button", text(texts.copy), type="button", data_copy="letter", class_="quiet"),
        tag("span", text(introduction.text), class_="copy-source", hidden=True),
        action_button(texts.download_word, "word", fields, "", main=True),
        action_button(letter_texts(texts.language).pdf, "pdf", fields, ""),
        class_="card-buttons",
    )


def _blocks(blocks: Sequence[Block]) -> list[Html]:
    shown: list[Html] = []
    items: list[Html] = []
    for block in blocks:
        if block.kind is BlockKind.ITEM:
            items.append(tag("li", text(block.text)))
            continue
        if items:
            shown.append(tag("ul", *items))
            items = []
        shown.append(tag(_TAGS.get(block.kind, "p"), text(block.text), class_=f"letter-{block.kind.value}"))
    return [*shown, tag("ul", *items)] if items else shown


def facts_table(rows: Sequence[tuple[str, str]], texts: ViewTexts) -> Html:
    """Facts and where each comes from, folded."""
    if not rows:
        return EMPTY
    lines = (tag("tr", tag("td", text(fact)), tag("td", text(told(source, texts.language)))) for fact, source in rows)
    summary = tag("summary", text(texts.facts.format(len(rows))))
    return tag("details", summary, tag("table", tag("tbody", *lines), class_="facts"))


def withheld(introduction: Introduction, texts: ViewTexts) -> Html:
    """What was left out, by kind."""
    lines = [tag("li", text(told(each, texts.language))) for each in introduction.withheld]
    return join((tag("h5", text(texts.withheld)), tag("ul", *lines, class_="withheld"))) if lines else EMPTY
