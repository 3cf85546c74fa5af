"""The words of the views by the language of the page."""

from __future__ import annotations

from bot.web.texts import Language, texts_for
from bot.web.texts.views import ViewTexts
from bot.web.texts.views_chinese import CHINESE_VIEWS
from bot.web.texts.views_english import ENGLISH_VIEWS

_BY_LANGUAGE = {Language.CHINESE: CHINESE_VIEWS, Language.ENGLISH: ENGLISH_VIEWS}


def view_texts(language: str) -> ViewTexts:
    """The words in ``language``; Chinese for any other than the page's."""
    return _BY_LANGUAGE[texts_for(language).language]
