"""What is proposed for made-up wishes, as totals with a margin: no single case is demanded."""

from pathlib import Path

import pytest
import yaml

from bot.benchmarks.proposals import Totals, Wish, ask, measure, opened, read_markets
from bot.market.matching import MatchResult
from bot.market.records import Need, Offer
from bot.types import ReasonKind, RecordKind

pytestmark = pytest.mark.slow

CASES = Path(__file__).parent.parent / "cases" / "matching.yaml"
MARKETS = read_markets(CASES)


@pytest.fixture(scope="module")
def answers() -> list[tuple[Wish, MatchResult]]:
    found = []
    for case in MARKETS:
        with opened(case) as market:
            found += [(wish, ask(market, wish)) for wish in case.wishes]
    return found


@pytest.fixture(scope="module")
def totals(answers) -> dict[str, Totals]:
    return measure(answers)


def test_the_cases_are_consistent():
    wishes = [wish for case in MARKETS for wish in case.wishes]
    assert len({wish.id for wish in wishes}) == len(wishes) > 100
    for case in MARKETS:
        ids = {record.id for record in case.records}
        assert all(wish.fits <= ids for wish in case.wishes)
    halves = [[wish for wish in wishes if wish.half == half] for half in ("look", "final")]
    assert all(30 <= sum(not wish.fits for wish in half) <= len(half) - 30 for half in halves)


@pytest.mark.parametrize("half", ["look", "final"])
def test_what_is_proposed_fits_and_what_fits_is_proposed(totals, half):
    # Reached: precision 0.97 and 0.97, recall 0.91 and 0.86, ranked first 40 of 40.
    reached = totals[half]
    assert reached.precision >= 0.92
    assert reached.recall >= 0.8
    assert reached.first >= 0.93 * reached.with_fit


@pytest.mark.parametrize("half", ["look", "final"])
def test_nothing_is_proposed_where_nothing_fits(totals, half):
    # Reached: 35 of 36 and 33 of 34.
    assert totals[half].abstention >= 0.93


def test_framing_words_do_not_make_a_match(answers):
    framed = [result for wish, result in answers if {"framing", "far"} <= set(wish.tags)]
    assert len(framed) >= 5
    assert sum(result.abstained for result in framed) >= len(framed) - 1


def _texts(told: str | Need | Offer, records: dict[str, Need | Offer]) -> str:
    if isinstance(told, str) and told not in records:
        return told
    record = records[told] if isinstance(told, str) else told
    values = [getattr(record, name) for name in ("title", "description", "indicators", "current_state", "benefit")
              if hasattr(record, name)]  # fmt: skip
    return "\n".join(values)


def test_every_proposal_has_a_reason_in_the_words_of_both(answers):
    records = {record.id: record for case in MARKETS for record in case.records}
    proposals = [(wish, match) for wish, result in answers for match in result.proposed]
    assert len(proposals) > 50
    for wish, match in proposals:
        own, other = _texts(wish.told, records), _texts(match.id, records)
        assert match.reasons, (wish.id, match.id)
        for reason in match.reasons:
            need, offer = (own, other) if match.kind is RecordKind.OFFER else (other, own)
            assert reason.need_quote in need and reason.offer_quote in offer
            if reason.kind is not ReasonKind.FIELD:
                quotes = (reason.need_quote.casefold(), reason.offer_quote.casefold())
                assert all(word.casefold() in quote for word in reason.shared for quote in quotes)


def test_only_the_side_asked_for_is_shown(answers):
    for wish, result in answers:
        if wish.seeks is not None:
            assert {match.kind for match in result.matches} <= {wish.seeks}


def test_whether_anything_fits_does_not_hang_on_how_many_are_asked_for():
    case = MARKETS[0]
    with opened(case) as market:
        for wish in case.wishes[::3]:
            results = [ask(market, wish, k) for k in (1, 4, 10, 100)]
            assert len({result.abstained for result in results}) == 1
            assert all(result.abstained is not bool(result.proposed) for result in results)
            assert all(len(result.matches) <= k for result, k in zip(results, (1, 4, 10, 100), strict=True))


def test_what_is_excluded_or_sought_by_others_is_never_proposed():
    path = CASES.with_name("both_sides_wishes.yaml")
    (case,) = read_markets(path)
    (content,) = yaml.safe_load(path.read_text(encoding="utf-8"))
    never = {wish["id"]: set(wish.get("never", ())) for wish in content["wishes"]}
    assert sum(map(bool, never.values())) >= 30
    with opened(case) as market:
        found = [(wish, ask(market, wish)) for wish in case.wishes]
    for wish, result in found:
        assert not {match.id for match in result.proposed} & never[wish.id], wish.id
    # Reached: precision 0.93 and 0.89, recall 0.88 and 0.50, nothing proposed for 16 of 17 in either half.
    for totals in measure(found).values():
        assert totals.abstention >= 0.9 and totals.precision >= 0.8
