"""The views' actions over a real market, and a pair on file."""

from __future__ import annotations

import pytest

from bot.web.actions.actions import ViewActions
from bot.web.texts import Language
from tests.support.market_forms import NEED_FORM, OFFER_FORM, receipt

ZH = Language.CHINESE.value


@pytest.fixture
def actions(scripted) -> ViewActions:
    return ViewActions.over(scripted)


@pytest.fixture
def act(actions):
    def call(action: str, language: str = ZH, **sent: str):
        return actions.reply(action, sent, language)

    return call


@pytest.fixture
def pair(act, actions):
    """A need and an offer on file through the page, with their receipts."""
    need, offer = receipt(act("submit", **NEED_FORM)), receipt(act("submit", **OFFER_FORM))
    return need, offer, actions.market.claim(need)[1], actions.market.claim(offer)[1]
