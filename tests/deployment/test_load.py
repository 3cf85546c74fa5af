"""Many people at once, small: the real server, real connections; the benchmark does the same at full size."""

import pytest

from bot.benchmarks.load import Server, conversation, crowd
from tests.support.loops import run_apart

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(corpus_settings):
    with Server(corpus_settings.data_dir) as running:
        yield running


def test_forty_people_are_answered_without_an_error(server):
    tally = run_apart(crowd(server.address, 40, 1, pause=(0.0, 0.1)))
    assert tally.errors == [] and tally.refused == 0 and len(tally.whole) == 40


def test_beyond_what_it_can_hold_the_page_says_it_is_busy(server):
    tally = run_apart(crowd(server.address, 260, 1, pause=(0.0, 0.0)))
    assert tally.errors == [] and tally.refused > 0 and len(tally.whole) >= 200


def test_a_long_conversation_stays_as_fast(server):
    found = run_apart(conversation(server.address, 24))
    assert found["errors"] == [] and found["questions"] == 24 and found["last_to_first"] < 3
