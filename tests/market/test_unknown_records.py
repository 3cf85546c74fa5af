"""Who names a record that is not on file reads commands that can be typed as they stand."""

import pytest

from bot.errors import MarketError
from bot.market.records import State
from bot.settings import PROGRAM
from bot.types import RecordKind
from bot.web.english.phrasebook import table


@pytest.mark.parametrize("kind", [RecordKind.NEED, RecordKind.OFFER])
def test_the_remedy_is_what_to_type(store, kind):
    with pytest.raises(MarketError) as error:
        store.move(kind, "none", State.CLOSED, actor="t")
    assert f"{PROGRAM} market list --kind {kind.value} " in error.value.remedy
    assert error.value.remedy.count("market ") == error.value.remedy.count(f"{PROGRAM} market ")


def test_its_english_names_the_same_commands():
    (english,) = [line for chinese, line in table("errors").items() if "market list --kind" in chinese]
    assert f"{PROGRAM} market list --kind " in english
    assert english.count("market ") == english.count(f"{PROGRAM} market ")
