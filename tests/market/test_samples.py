"""The sample records: true to what office records look like, and to what each was written to show."""

import csv

import pytest

from bot.errors import MarketError
from bot.market.fields import CONTACT_FIELDS, FIELDS
from bot.market.quality import Verdict
from bot.market.records import CloseReason, Confidentiality, Need, State
from bot.market.sample_records import load_samples, remove_samples, sample_file
from bot.types import PROPOSE_AT, RecordKind

FITTING = (
    ("cold-charging", "self-heating"),
    ("pipe-coating", "ceramic-coating"),
    ("dye-water", "dye-oxidation"),
    ("molding-vision", "transparent-vision"),
    ("force-grinding", "force-spindle"),
    ("gait", "gait-intent"),
    ("tomato-mould", "bacillus"),
    ("spindle-bearing", "oil-air"),
)
#: Of the same topic, and kept apart by one gate alone.
BARRED = (
    ("cold-charging", "low-temp-pack", "budget"),
    ("pipe-coating", "aerogel-coating", "trl"),
    ("dye-water", "dye-biofilm", "region"),
    ("molding-vision", "hyperspectral-vision", "deadline"),
    ("polyester-catalyst", "titanium-catalyst", "ip"),
    ("cold-chain", "dispatch", "exclusions"),
)
#: Nothing on file speaks of the same thing.
ALONE = (("needs", "paper-archive"), ("needs", "carbon-scrap"), ("offers", "juice-pressure"), ("offers", "sound-panel"))
MARKED = (RecordKind.NEED, RecordKind.OFFER)


@pytest.fixture
def filled(market):
    report = load_samples(market.store)
    assert report.failed == ()
    return market


def _need(market, name):
    return market.matcher.match_need(f"sample-need-{name}", k=100)


def _offer(market, name):
    return market.matcher.match_offer(f"sample-offer-{name}", k=100)


def _all(market):
    return [record for kind in MARKED for record in market.store.iterate(kind)]


def test_a_fresh_folder_has_none(market):
    assert [record for kind in RecordKind for record in market.store.iterate(kind)] == []


def test_all_are_published_and_marked_as_made_up(filled):
    assert len(_all(filled)) >= 28
    for record in _all(filled):
        assert record.sample and record.state is State.PUBLISHED and not record.historic, record.id
        assert "虚构" in record.source and record.owner_id is not None, record.id
        assert record.region.startswith("示例"), record.id
    owners = list(filled.store.iterate(RecordKind.ORGANISATION))
    assert len(owners) >= 8
    assert {record.owner_id for record in _all(filled)} <= {owner.id for owner in owners}
    for owner in owners:
        assert owner.sample and owner.title.startswith("示例") and owner.region.startswith("示例"), owner.id


def test_contacts_are_obviously_made_up(filled):
    for kind in RecordKind:
        ids = [record.id for record in filled.store.iterate(kind)]
        contacts = filled.store.private_contacts(kind, ids)
        assert set(contacts) == set(ids)
        assert {(each.name, each.email, each.phone) for each in contacts.values()} == {
            ("示例联系人", "contact@example.com", "")
        }


def test_every_sample_passes_the_quality_gate(filled):
    for record in _all(filled):
        report = filled.assess(record)
        assert report.verdict is Verdict.PUBLISH and report.findings == (), (record.id, report.improve)


def test_records_are_filled_in_as_offices_do(filled):
    for record in _all(filled):
        told = [record.title, record.description, *record.fields, record.cooperation]
        if isinstance(record, Need):
            told += [record.indicators, record.current_state, record.budget, record.funder]
            told += [record.ip_ownership, record.solver_conditions, record.solver_region]
            assert int(record.deadline[:4]) >= 2027 and record.trl_required is not None, record.id
        else:
            told += [record.benefit, record.trl_evidence, record.ip_status, record.missing, record.price]
            assert record.trl is not None and record.available_from, record.id
        assert all(told), record.id
    confidential = [record for record in _all(filled) if record.confidentiality is Confidentiality.CONFIDENTIAL]
    assert len(confidential) == 2 and len({type(record) for record in confidential}) == 2


@pytest.mark.parametrize("kind", list(RecordKind))
def test_the_files_have_the_columns_of_the_template(kind):
    with sample_file(kind).open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    labels = [spec.label for spec in FIELDS[kind] + CONTACT_FIELDS]
    assert columns == [label for label in labels if label in columns]


@pytest.mark.parametrize(("need", "offer"), FITTING)
def test_pairs_that_fit_are_proposed_both_ways(filled, need, offer):
    (match,) = _need(filled, need).proposed
    assert match.id == f"sample-offer-{offer}" and match.level >= PROPOSE_AT and match.reasons and match.sample
    assert f"sample-need-{need}" in [match.id for match in _offer(filled, offer).proposed]


@pytest.mark.parametrize(("need", "offer", "gate"), BARRED)
def test_pairs_of_one_topic_are_kept_apart_by_their_gate(filled, need, offer, gate):
    (match,) = [match for match in _need(filled, need).matches if match.id == f"sample-offer-{offer}"]
    assert match.level >= PROPOSE_AT and not match.proposed
    assert [each.name.value for each in match.gates if each.passed is False] == [gate]
    assert _offer(filled, offer).abstained


@pytest.mark.parametrize(("kind", "name"), ALONE)
def test_where_nothing_fits_it_abstains(filled, kind, name):
    result = _need(filled, name) if kind == "needs" else _offer(filled, name)
    assert result.abstained and result.matches
    assert max(match.level for match in result.matches) < PROPOSE_AT


def test_every_gate_bars_a_pair_and_every_need_has_its_part():
    assert {gate for *_, gate in BARRED} == {"budget", "region", "trl", "deadline", "ip", "exclusions"}
    with sample_file(RecordKind.NEED).open(encoding="utf-8", newline="") as file:
        ids = {row["编号"] for row in csv.DictReader(file)}
    shown = (
        {need for need, _ in FITTING}
        | {need for need, *_ in BARRED}
        | {name for kind, name in ALONE if kind == "needs"}
    )
    assert ids == {f"sample-need-{name}" for name in shown}


def test_the_owner_of_a_confidential_sample_is_not_told(filled):
    (match,) = _need(filled, "gait").proposed
    assert match.owner == ""
    (match,) = _need(filled, "spindle-bearing").proposed
    assert match.owner.startswith("示例")


def test_loading_twice_changes_nothing(filled):
    before, revision = _all(filled), filled.store.revision()
    report = load_samples(filled.store)
    assert (report.added, report.updated, report.failed) == (0, 0, ())
    assert (_all(filled), filled.store.revision()) == (before, revision)


def test_removing_takes_them_out_of_matching_and_loading_brings_them_back(filled):
    filled.store.save_many([Need(id="own", title="低温环境下动力锂电池快速充电技术")], actor="t", publish=True)
    assert not filled.matcher.match_need("own").abstained
    removed = remove_samples(filled.store)
    assert (removed.closed, removed.kept) == (len(_all(filled)) - 1, ())
    for record in _all(filled):
        if record.sample:
            assert (record.state, record.close_reason) == (State.CLOSED, CloseReason.WITHDRAWN)
    result = filled.matcher.match_need("own")
    assert (result.abstained, result.matches, result.historic) == (True, (), ())
    assert [match.id for match in filled.matcher.match_text("低温锂电池快速充电").matches] == ["own"]
    revision = filled.store.revision()
    assert remove_samples(filled.store).closed == 0 and filled.store.revision() == revision
    load_samples(filled.store)
    assert [match.id for match in _need(filled, "cold-charging").proposed] == ["sample-offer-self-heating"]


def test_what_cannot_be_closed_is_told(filled):
    identifier = "sample-offer-bacillus"
    for state in (State.INTEREST, State.INTRODUCED, State.MET, State.AGREED, State.REGISTERED):
        filled.store.move(RecordKind.OFFER, identifier, state, actor="t")
    removed = remove_samples(filled.store)
    assert (removed.closed, removed.kept) == (len(_all(filled)) - 1, (identifier,))


def test_a_record_under_a_samples_id_is_not_overwritten(market):
    own = Need(id="sample-need-gait", title="有人登记的需求")
    market.store.save(own, actor="desk")
    revision = market.store.revision()
    with pytest.raises(MarketError, match="sample-need-gait"):
        load_samples(market.store)
    assert remove_samples(market.store).closed == 0
    assert (market.store.need("sample-need-gait"), market.store.revision()) == (own, revision)
