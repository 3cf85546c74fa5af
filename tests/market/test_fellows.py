"""A need is no partner of a need; levels say what they rest on, and an unmet figure lowers them."""

import numpy as np
import pytest

from bot.market.matching import looked_for
from bot.market.nearness import Nearness
from bot.market.records import Need, Offer
from bot.market.vectors import Usual
from bot.types import Match, RecordKind

NEED = Need(id="n-vinegar", title="示例：瓶装陈醋存放后浑浊沉淀", description="货架期内返浑被退货，想找澄清办法。")
OFFER = Offer(id="o-vinegar", title="示例：食醋返浑的超滤澄清工艺", description="瓶装醋放半年不起沉淀，噪声60分贝。")
WISH = "瓶装陈醋返浑沉淀，想找澄清工艺"


@pytest.fixture
def filled(market):
    market.store.save_many([NEED], actor="t", publish=True)
    market.store.save_many([OFFER, Offer(id="o-soil", title="示例：盐碱地改良菌剂")], actor="t", publish=True)
    return market


def test_a_fellow_seeker_is_told_apart_and_never_proposed(filled):
    result = filled.matcher.match_text(WISH, kind=RecordKind.OFFER, fellows=True)
    assert {match.kind for match in result.matches} == {RecordKind.OFFER}
    assert [match.id for match in result.proposed] == ["o-vinegar"]
    assert [match.id for match in result.fellows] == ["n-vinegar"]
    (fellow,) = result.fellows
    assert fellow.level >= 3 and not fellow.proposed and fellow.gates == () and fellow.comparisons == ()


def test_fellows_do_not_make_a_match_where_nothing_fits(filled):
    filled.store.save(Offer(id="o-vinegar", title="示例：桥梁支座"), actor="t")
    result = filled.matcher.match_text(WISH, kind=RecordKind.OFFER, fellows=True)
    assert result.abstained and result.proposed == () and result.fellows


def test_fellows_are_told_only_when_asked_for(filled):
    assert filled.matcher.match_text(WISH, kind=RecordKind.OFFER).fellows == ()


def test_an_unmet_figure_lowers_the_level_and_is_shown(filled):
    plain = filled.matcher.match_need(Need(id="", title=NEED.title, description=NEED.description))
    told = Need(id="", title=NEED.title, description=NEED.description, indicators="噪声不超过50分贝")
    strict = filled.matcher.match_need(told)
    before, after = _of(plain.matches, "o-vinegar"), _of(strict.matches, "o-vinegar")
    assert after.level == before.level - 1
    (comparison,) = after.comparisons
    assert comparison.met is False and "50分贝" in comparison.asked and "60分贝" in comparison.offered
    assert (after.basis.met, after.basis.unmet) == (0, 1)


def test_a_level_says_what_it_rests_on(filled):
    match = _of(filled.matcher.match_need("n-vinegar").matches, "o-vinegar")
    assert match.basis.words and 0 < match.basis.likeness <= 1
    assert all(word in f"{NEED.title}{NEED.description}" for word in match.basis.words)


def _of(matches: tuple[Match, ...], record_id: str) -> Match:
    return next(match for match in matches if match.id == record_id)


def _nearness(cosines, records=None):
    return Nearness.of(np.array(cosines, dtype=np.float32), records or len(cosines), Usual(0.3, 0.05))


def test_what_is_as_near_as_the_rest_does_not_stand_out():
    assert _nearness([0.3, 0.32, 0.28, 0.31] * 10).standing_out(0.33) == 0
    assert _nearness([0.3, 0.32, 0.28, 0.31] * 10 + [0.7]).standing_out(0.7) > 1


def test_on_a_larger_shelf_more_is_asked_of_what_stands_out():
    cosines = [0.25, 0.3, 0.35] * 100
    assert _nearness(cosines, 100_000).standing_out(0.6) < _nearness(cosines, 300).standing_out(0.6)


def test_one_other_record_and_the_model_together_say_what_is_usual():
    assert _nearness([0.3, 0.7]).standing_out(0.7) > 1


@pytest.mark.parametrize("cosines", [[], [0.9], [0.3, 0.3]])
def test_a_shelf_of_almost_nothing_is_measured_by_the_model(cosines):
    assert _nearness(cosines).standing_out(0.3) == 0


class Reader:
    """Takes every text for ``kind``, with a share of ``share``."""

    def __init__(self, kind, share):
        self._kind, self._share = kind, share

    def sought_by(self, text):
        return self._kind

    def message(self, text):
        return self._kind, self._share


@pytest.mark.parametrize(
    ("told", "share", "shown"),
    [
        (RecordKind.OFFER, 0.4, RecordKind.OFFER),
        (RecordKind.NEED, 0.6, None),
        (RecordKind.NEED, 0.9, RecordKind.NEED),
        (None, 0.9, None),
    ],
)
def test_a_text_is_taken_for_an_offer_only_when_that_is_sure(told, share, shown):
    assert looked_for(WISH, Reader(told, share)) is shown
