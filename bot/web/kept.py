"""What the page shows of what the browser keeps: the list of conversations, and what can be done with an exchange.

Titles and times stand only in the browser; its script fills them into the parts here. These stand in
attributes: Gradio does not look into ``template`` elements when it draws the page in another language.
"""

from __future__ import annotations

from bot.web.markup import Html, join, tag, text
from bot.web.texts import Texts


def conversations_panel(texts: Texts) -> Html:
    """The list of conversations, closed at first, with a word on where they are kept."""
    row = tag(
        "li",
        tag("button", tag("span", class_="conversation-title"), tag("time"), type="button", data_open=True),
        _small(texts.kept.rename, data_rename=True),
        _small(texts.kept.delete, data_delete=True),
    )
    interrupted = tag("p", text(texts.kept.interrupted), class_="problem", role="alert")
    return tag(
        "aside",
        tag(
            "div",
            tag("h2", text(texts.kept.conversations), id="conversations-heading", tabindex="-1"),
            _small(texts.close, data_close_conversations=True),
            class_="panel-head",
        ),
        tag("ul", class_="conversation-list", data_empty=texts.kept.no_conversations),
        tag(
            "div",
            _small(texts.kept.export_word, data_export_all="docx"),
            _small(texts.kept.export_pdf, data_export_all="pdf"),
            _small(texts.kept.print, data_print=True),
            class_="card-buttons this-conversation",
        ),
        tag("p", text(texts.kept.kept_where), class_="hint"),
        tag("div", _small(texts.kept.delete_all, data_delete_all=True), class_="card-buttons"),
        class_="conversations-panel",
        aria_labelledby="conversations-heading",
        data_sure=texts.kept.delete_sure,
        data_sure_all=texts.kept.delete_all_sure,
        data_renaming=texts.kept.conversation_name,
        data_before_edit=texts.kept.before_edit,
        data_kept_before_edit=texts.kept.kept_before_edit,
        data_storage_full=texts.kept.storage_full,
        data_storage_none=texts.kept.storage_none,
        data_resume=texts.kept.resume,
        data_busy=texts.kept.busy,
        data_earlier=texts.kept.earlier,
        data_link_copied=texts.kept.link_copied,
        data_link_masked=texts.kept.link_masked,
        data_empty_question=texts.empty_question,
        data_row=row,
        data_broken=tag("div", interrupted, retry_button(0, texts)),
        data_edit_form=_edit_form(texts),
        hidden=True,
    )


def _edit_form(texts: Texts) -> Html:
    return tag(
        "form",
        tag("label", text(texts.kept.edit_label), tag("textarea", rows=3)),
        tag(
            "div",
            tag("button", text(texts.kept.ask_again), type="submit", class_="primary"),
            tag("button", text(texts.cancel), type="button", data_cancel_edit=True, class_="quiet"),
            class_="form-buttons",
        ),
        class_="edit-question",
    )


def edit_button(number: int, texts: Texts) -> Html:
    """Below an own question: change it and ask again."""
    return tag("button", text(texts.kept.edit), type="button", data_edit=number, class_="quiet edit")


def retry_button(number: int, texts: Texts) -> Html:
    """Below what went wrong."""
    return tag("button", text(texts.kept.ask_again), type="button", data_retry=number, class_="quiet retry")


def take_along(number: int, texts: Texts) -> Html:
    """An answer as a file or as a link."""
    buttons = (
        ("docx", texts.kept.export_word, {"data_export": "docx"}),
        ("pdf", texts.kept.export_pdf, {"data_export": "pdf"}),
        ("link", texts.kept.copy_link, {"data_link": True}),
    )
    items = (
        tag("button", text(label), type="button", data_exchange=number, class_="quiet", **attributes)
        for _, label, attributes in buttons
    )
    return tag(
        "details",
        tag("summary", text(texts.kept.take_along), class_="quiet"),
        tag("div", join(items), class_="card-buttons"),
        class_="more-actions",
        id=f"take-along-{number}",
    )


def _small(label: str, **attributes: str | bool) -> Html:
    return tag("button", text(label), type="button", class_="quiet", **attributes)
