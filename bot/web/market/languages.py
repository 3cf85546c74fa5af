"""The words of the market's views by the language of the page."""

from __future__ import annotations

from bot.web.market.chinese import CHINESE_MARKET
from bot.web.market.english import ENGLISH_MARKET
from bot.web.market.texts import MarketTexts
from bot.web.texts import Language, texts_for

_BY_LANGUAGE = {Language.CHINESE: CHINESE_MARKET, Language.ENGLISH: ENGLISH_MARKET}


def market_texts(language: str) -> MarketTexts:
    """The words in ``language``; Chinese for any other than the page's."""
    return _BY_LANGUAGE[texts_for(language).language]
