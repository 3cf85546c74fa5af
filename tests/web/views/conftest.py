"""The views' actions over a real market, and a pair on file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.web.actions.actions import ViewActions
from bot.web.texts import Language
from tests.support.market_forms import NEED_FORM, OFFER_FORM, receipt
from tests.support.rooms import Rooms

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


@pytest.fixture(scope="module")
def rooms(browser) -> Iterator[Rooms]:
    opened = Rooms(browser)
    yield opened
    opened.close()


@pytest.fixture
def visit(rooms, served):
    """Opens a page as a new visitor; the browser already has the parts that every visitor is sent."""
    with rooms.visits(served.address) as open_page:
        yield open_page
