"""The words of the views by the language of the page."""

from __future__ import annotations

from bot.web.texts import Language, texts_for
from bot.web.views.chinese import CHINESE_VIEWS
from bot.web.views.english import ENGLISH_VIEWS
from bot.web.views.texts import ViewTexts

_BY_LANGUAGE = {Language.CHINESE: CHINESE_VIEWS, Language.ENGLISH: ENGLISH_VIEWS}


def view_texts(language: str) -> ViewTexts:
    """The words in ``language``; Chinese for any other than the page's."""
    return _BY_LANGUAGE[texts_for(language).language]
