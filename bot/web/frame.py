"""What stands around the conversation: the masthead, the first screen, the 依据 panel, notices."""

from __future__ import annotations

from uuid import uuid4

from bot.catalogue.models import ExampleGroup
from bot.web.interface import PageAssistant
from bot.web.markup import EMPTY, Html, tag, text
from bot.web.telling import page_of, told, told_question
from bot.web.texts import CHINESE, ENGLISH, Language, Texts
from bot.web.views.shells import navigation


def masthead(assistant: PageAssistant, texts: Texts) -> Html:
    """Name and purpose, and what folds into one menu on a phone: views, standing, language, conversations."""
    scope = assistant.scope
    shown = tag(
        "header",
        tag("button", text(texts.skip_to_content), type="button", data_skip=True, class_="skip"),
        tag(
            "div",
            _named(scope.name, texts),
            tag("p", text(texts.tagline), class_="tagline"),
            class_="brand",
        ),
        tag(
            "button",
            text(texts.menu),
            type="button",
            data_menu=True,
            aria_expanded="false",
            aria_controls="masthead-menu",
            class_="quiet menu",
        ),
        tag(
            "div",
            navigation(texts.language),
            _standing(assistant, texts),
            _language_switch(texts),
            _conversations(texts),
            class_="masthead-menu",
            id="masthead-menu",
        ),
        class_="masthead",
        data_language=texts.language.value,
        data_title=texts.service.format(scope.name),
    )
    return page_of(shown, texts.language)


def _named(name: str, texts: Texts) -> Html:
    """What the service is; a corpus names it in Chinese, so an English page says it in English first."""
    service = texts.service.format(name)
    own = tag("span", text(name), class_="visually-hidden") if service != name else EMPTY
    return tag("h1", text(service), own)


def _standing(assistant: PageAssistant, texts: Texts) -> Html:
    """How fresh the documents are, and how answers are made."""
    as_of = assistant.as_of
    hint = texts.mode_offline_hint if assistant.mode.value == "offline" else texts.mode_model_hint
    return tag(
        "p",
        tag("span", text(texts.documents_until.format(as_of)), class_="until") if as_of else EMPTY,
        tag("span", text(texts.mode(assistant.mode)), class_="mode", title=hint),
        class_="standing",
    )


def _conversations(texts: Texts) -> Html:
    listed = tag(
        "button",
        text(texts.kept.conversations),
        type="button",
        data_conversations=True,
        aria_expanded="false",
        class_="quiet",
    )
    fresh = tag("button", text(texts.new_conversation), type="button", data_restart=True, class_="quiet restart")
    return tag("div", listed, fresh, class_="conversation-buttons")


def _language_switch(texts: Texts) -> Html:
    def choice(label: str, other: Texts) -> Html:
        return tag(
            "button",
            text(label),
            type="button",
            data_choose_language=other.language.value,
            lang=other.language.value,
            aria_pressed="true" if other is texts else "false",
        )

    return tag(
        "div",
        choice("中", CHINESE),
        choice("EN", ENGLISH),
        class_="languages",
        role="group",
        aria_label=texts.switch_language,
    )


def welcome(assistant: PageAssistant, texts: Texts, days: int = 0) -> Html:
    """The first screen: what can be asked, by topic, what the assistant cannot do, and for how long questions stay."""
    scope = assistant.scope
    groups = [_example_group(each, texts) for each in assistant.examples if each.questions]
    # A corpus describes itself in Chinese.
    own = texts.language is Language.CHINESE
    shown = tag(
        "section",
        tag("h2", text(texts.welcome)),
        tag("p", text((own and scope.purpose) or texts.purpose), class_="purpose"),
        tag("div", *groups, class_="example-groups") if groups else EMPTY,
        tag("p", text((own and scope.limits) or texts.limits), class_="limits"),
        tag("p", text(texts.help.questions_kept.format(days)), class_="hint") if days else EMPTY,
        class_="welcome",
    )
    return page_of(shown, texts.language)


def placeholder(assistant: PageAssistant, texts: Texts) -> str:
    """What stands in the empty box: a question that the documents answer."""
    example = assistant.placeholder
    return (
        texts.help.placeholder_example.format(told_question(example, texts.language)) if example else texts.placeholder
    )


def _example_group(group: ExampleGroup, texts: Texts) -> Html:
    questions = (
        tag("li", tag("button", text(shown), type="button", data_ask=each, class_="example"))
        for each in group.questions
        for shown in (told_question(each, texts.language),)
    )
    return tag(
        "section", tag("h3", text(told(group.title, texts.language))), tag("ul", *questions), class_="example-group"
    )


def evidence_panel(texts: Texts) -> Html:
    """The empty 依据 panel; the page's script fills it from the exchange that is looked at."""
    return tag(
        "aside",
        tag(
            "div",
            tag("h2", text(texts.evidence), id="evidence-heading", data_label=texts.evidence),
            tag(
                "button",
                text(texts.back_to_evidence),
                type="button",
                data_back=True,
                class_="quiet",
                hidden=True,
            ),
            tag("button", text(texts.close), type="button", data_close=True, class_="quiet close"),
            class_="panel-head",
        ),
        tag("p", class_="panel-question", hidden=True),
        tag("div", class_="panel-cards", data_none=texts.evidence_none),
        tag("div", class_="panel-document", hidden=True, data_failed=texts.document_failed),
        tag("p", text(texts.evidence_empty), class_="hint panel-empty"),
        class_="panel",
        aria_labelledby="evidence-heading",
        data_copied=texts.copied,
        data_copy_failed=texts.copy_failed,
        data_connection_lost=texts.connection_lost,
        data_suggestions=texts.help.suggestions,
        data_suggestions_count=texts.help.suggestions_count,
    )


def notice(words: str, kind: str = "done") -> Html:
    """A short message that goes away by itself; ``kind`` is ``done`` or ``problem``."""
    # Two equal messages in a row must still be told apart, or the second one would not show.
    return tag("p", text(words), class_=f"notice notice-{kind}", role="status", data_notice=uuid4().hex)
