"""All views beside the conversation, and the way between them."""

from __future__ import annotations

from bot.web.markup import Html, join, tag, text
from bot.web.telling import page_of
from bot.web.texts.languages import view_texts
from bot.web.views.eligibility import eligibility_view
from bot.web.views.finding import market_view
from bot.web.views.introductions import introduce_view
from bot.web.views.publishing import publish_view
from bot.web.views.receipts import mine_view


def views(language: str) -> Html:
    """The views, one of which the page shows at a time."""
    texts = view_texts(language)
    shown = join(view(texts) for view in (eligibility_view, market_view, publish_view, mine_view, introduce_view))
    return page_of(shown, language)


def navigation(language: str) -> Html:
    """The names of the views; the page's script marks the one that is shown."""
    texts = view_texts(language)
    names = {
        "chat": texts.view_chat,
        "eligibility": texts.view_eligibility,
        "market": texts.view_market,
        "publish": texts.view_publish,
        "mine": texts.view_mine,
        "introduce": texts.view_introduce,
    }
    buttons = (tag("button", text(label), type="button", data_go=name) for name, label in names.items())
    return tag("nav", *buttons, class_="views-nav", aria_label=texts.navigation)
