"""Buttons and forms that call an action of the views; the page's script does the rest.

``data-action`` names the action, ``data-fields`` what is sent with it, ``data-target`` the element that
shows the reply, ``data-view`` the view to change to before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.web.markup import Html, tag, text


def action_button(label: str, action: str, fields: Mapping[str, str], target: str, *, main: bool = False) -> Html:
    """A button whose reply is shown in the element with the id ``target``."""
    return _button(label, action, fields, target, None, main)


def view_button(
    label: str, view: str, action: str, fields: Mapping[str, str], target: str, *, main: bool = False
) -> Html:
    """A button that changes to another view and shows its reply there."""
    return _button(label, action, fields, target, view, main)


def _button(label: str, action: str, fields: Mapping[str, str], target: str, view: str | None, main: bool) -> Html:
    return tag(
        "button",
        text(label),
        type="button",
        data_action=action,
        data_fields=json.dumps(dict(fields), ensure_ascii=False),
        data_target=target,
        data_view=view,
        class_="primary" if main else "quiet",
    )


def action_form(
    action: str, target: str, *children: Html, identifier: str | None = None, listing: bool = False
) -> Html:
    """A form that is sent to ``action``; its reply is shown in the element with the id ``target``.

    What a ``listing`` asks for goes into the address of the page.
    """
    return tag(
        "form",
        *children,
        id=identifier,
        data_action=action,
        data_target=target,
        data_listing=listing,
        class_="market-form",
    )


def submit_button(
    label: str,
    action: str | None = None,
    *,
    main: bool = True,
    confirm: str | None = None,
    target: str | None = None,
    unchecked: bool = False,
) -> Html:
    """Sends the form around it, to another action or target where one is named.

    ``confirm`` is asked first; with ``unchecked`` required entries may be empty.
    """
    return tag(
        "button",
        text(label),
        type="submit",
        data_send_to=action,
        data_send_target=target,
        data_confirm=confirm,
        formnovalidate=unchecked,
        class_="primary" if main else "quiet",
    )


def hidden(name: str, value: str) -> Html:
    """A value sent along with a form."""
    return tag("input", type="hidden", name_=name, value=value)
