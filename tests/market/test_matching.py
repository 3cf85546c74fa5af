import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MarketError, UsageError
from bot.market.market_index import MarketIndex
from bot.market.judging import level_of
from bot.market.reasons import PairSet, quote
from bot.market.records import CloseReason, Confidentiality, Need, Offer, Organisation, State
from bot.market.service import Market, WordsOnly
from bot.market.taxonomy import load_taxonomy
from bot.market.vectors import RecordVectors
from bot.types import NextStep, ReasonKind, RecordKind, Standing

NEEDS = (
    Need(id="n-fan", title="矿井轴流风机降噪", description="风机噪声过大，希望从叶片形状入手降低噪声。"),
    Need(id="n-shrimp", title="南美白对虾弧菌病防治", description="育苗期弧菌感染严重。"),
    Need(id="n-seal", title="高压阀门石墨密封环", description="密封环在高温下老化泄漏。"),
)
OFFERS = (
    Offer(id="o-fan", title="仿生降噪风机叶片", description="用于轴流风机，噪声降低。"),
    Offer(id="o-shrimp", title="对虾弧菌快速检测试剂盒", description="可检测弧菌。"),
    Offer(id="o-seal", title="柔性石墨密封环制备方法"),
    Offer(id="o-soil", title="盐碱地土壤改良技术"),
    Offer(id="o-code", title="物流调度软件系统"),
)


@pytest.fixture
def filled(market):
    market.store.save_many(NEEDS, actor="t", publish=True)
    market.store.save_many(OFFERS, actor="t", publish=True)
    return market


def _ids(result):
    return [match.id for match in result.matches]


@pytest.mark.parametrize(("need", "offer"), [("n-fan", "o-fan"), ("n-shrimp", "o-shrimp"), ("n-seal", "o-seal")])
def test_each_finds_its_counterpart_both_ways(filled, need, offer):
    forward, backward = filled.matcher.match_need(need), filled.matcher.match_offer(offer)
    assert (_ids(forward)[0], _ids(backward)[0]) == (offer, need)
    assert not forward.abstained and not backward.abstained
    assert forward.matches[0].kind is RecordKind.OFFER and backward.matches[0].kind is RecordKind.NEED


def test_the_ranking_is_complete_ordered_and_cut_at_k(filled):
    whole = filled.matcher.match_need("n-fan", k=100)
    assert sorted(_ids(whole)) == sorted(offer.id for offer in OFFERS)
    scores = [match.score for match in whole.matches]
    assert scores == sorted(scores, reverse=True)
    assert _ids(filled.matcher.match_need("n-fan", k=2)) == _ids(whole)[:2]


def test_levels_rise_with_words_and_likeness_and_need_a_word():
    levels = [[level_of(words / 4, likeness / 4) for likeness in range(5)] for words in range(13)]
    assert all(row == sorted(row) for row in levels)
    assert all(list(column) == sorted(column) for column in zip(*levels, strict=True))
    assert {level for row in levels for level in row} == {1, 2, 3, 4}
    assert level_of(words=0.0, likeness=1.0) < 3


def test_the_parts_add_up_to_the_score(filled):
    for match in filled.matcher.match_need("n-fan").matches:
        parts = match.parts
        assert match.score == pytest.approx(parts.lexical + parts.dense + parts.fields)


def test_free_text_finds_offers_and_needs(filled):
    result = filled.matcher.match_text("轴流风机叶片降噪")
    assert _ids(result)[:2] in (["o-fan", "n-fan"], ["n-fan", "o-fan"])
    assert not result.abstained


@pytest.mark.parametrize("text", ["古籍修复与装裱服务", "少儿舞蹈培训", "qwerty zxcvb"])
def test_it_abstains_when_nothing_fits_and_says_what_to_do(filled, text):
    result = filled.matcher.match_text(text)
    assert result.abstained and result.proposed == ()
    assert NextStep.REGISTER in result.next_steps and NextStep.HAND_OVER in result.next_steps


def test_reasons_quote_both_records_and_mark_the_shared_words(filled):
    match = filled.matcher.match_need("n-fan").matches[0]
    need, offer = filled.store.need("n-fan"), filled.store.offer("o-fan")
    assert match.reasons
    for reason in match.reasons:
        assert reason.need_quote in f"{need.title}\n{need.description}"
        assert reason.offer_quote in f"{offer.title}\n{offer.description}"
        if reason.kind is not ReasonKind.FIELD:
            assert all(word in reason.need_quote and word in reason.offer_quote for word in reason.shared)


def test_a_failed_gate_is_ranked_but_not_proposed(filled):
    filled.store.save(replace(filled.store.need("n-fan"), deadline="2020年"), actor="t")
    result = filled.matcher.match_need("n-fan")
    assert _ids(result)[0] == "o-fan" and result.matches[0].level >= 3
    assert result.abstained and result.proposed == ()


def test_the_owner_of_the_need_is_not_proposed_as_its_solver(filled):
    filled.store.save(Organisation(id="g", title="某厂"), actor="t")
    for record in (filled.store.need("n-fan"), filled.store.offer("o-fan")):
        filled.store.save(replace(record, owner_id="g"), actor="t")
    assert "o-fan" not in [match.id for match in filled.matcher.match_need("n-fan").proposed]


def test_historic_and_closed_records_are_shown_as_such_and_not_proposed(filled):
    filled.store.save(replace(filled.store.offer("o-fan"), historic=True), actor="t")
    result = filled.matcher.match_need("n-fan", k=100)
    assert "o-fan" not in _ids(result) and result.abstained
    assert [(match.id, match.standing) for match in result.historic] == [("o-fan", Standing.HISTORIC)]
    filled.store.move(RecordKind.OFFER, "o-seal", State.CLOSED, actor="t", reason=CloseReason.NO_INTEREST)
    (closed,) = filled.matcher.match_need("n-seal").historic
    assert (closed.id, closed.standing, closed.proposed) == ("o-seal", Standing.CLOSED, False)


def test_what_was_never_published_is_never_shown(filled):
    filled.store.save(Offer(id="o-draft", title="矿井轴流风机降噪"), actor="t")
    result = filled.matcher.match_need("n-fan", k=100)
    assert "o-draft" not in _ids(result)
    filled.store.move(RecordKind.OFFER, "o-draft", State.CLOSED, actor="t", reason=CloseReason.DUPLICATE)
    assert filled.matcher.match_need("n-fan", k=100).historic == ()


def test_a_change_of_another_program_is_seen_at_once(filled, settings):
    filled.matcher.match_need("n-fan")
    other = Market(settings)
    other.store.save_many([Offer(id="o-new", title="轴流风机降噪导流罩")], actor="t", publish=True)
    other.store.move(RecordKind.OFFER, "o-fan", State.DRAFT, actor="t")
    ids = _ids(filled.matcher.match_need("n-fan", k=100))
    assert "o-new" in ids and "o-fan" not in ids


def test_a_second_process_finds_the_same(filled, settings):
    expected = _ids(filled.matcher.match_need("n-fan"))
    code = (
        "from pathlib import Path; from bot.settings import load_settings; from bot.market.service import Market;"
        f"m = Market(load_settings(environment={{}}, data_dir=Path({str(settings.data_dir)!r})));"
        "print(','.join(x.id for x in m.matcher.match_need('n-fan').matches))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip().split(",") == expected


def _scores(market):
    return {match.id: match.score for match in market.matcher.match_need("n-fan", k=100).matches}


def test_an_updated_index_ranks_like_a_new_one(filled, settings):
    filled.matcher.match_need("n-fan")
    for number in range(6):
        filled.store.save(replace(filled.store.offer("o-fan"), description=f"第{number}版说明"), actor="t")
        filled.matcher.match_need("n-fan")
    updated = _scores(filled)
    shutil.rmtree(settings.data_dir / "market")
    fresh = _scores(Market(settings))
    # Deleted rows count in average lengths until they are merged away: scores drift a little, ranks do not.
    assert updated == pytest.approx(fresh, rel=0.2)
    assert sorted(updated, key=updated.__getitem__)[-1] == sorted(fresh, key=fresh.__getitem__)[-1] == "o-fan"


@pytest.mark.parametrize("damage", ["meta.json", "offers/vectors.f32", "offers/rows.txt", "offers/lexical/meta.json"])
def test_a_damaged_index_is_built_anew(filled, settings, damage):
    expected = _scores(filled)
    (settings.data_dir / "market" / damage).write_bytes(b"")
    assert _scores(Market(settings)) == pytest.approx(expected, rel=1e-3)


def test_rows_of_an_interrupted_update_are_cut_off(filled, settings):
    expected = _scores(filled)
    for name in ("rows.txt", "vectors.f32", "fields.f32"):
        with (settings.data_dir / "market" / "offers" / name).open("ab") as file:
            file.write(b"O\thalf\n")
    assert _scores(Market(settings)) == pytest.approx(expected)
    filled.store.save_many([Offer(id="o-new", title="轴流风机导流罩")], actor="t", publish=True)
    assert set(_scores(Market(settings))) == {*expected, "o-new"}


def test_another_embedder_rebuilds_the_index(filled, settings):
    filled.matcher.match_need("n-fan")
    index = MarketIndex(
        settings.data_dir / "market", filled.store, RecordVectors(WordsOnly(), weigh_words=False), load_taxonomy()
    )
    meta = settings.data_dir / "market" / "meta.json"
    before = json.loads(meta.read_text(encoding="utf-8"))["fingerprint"]
    assert set(index.current().offers.row_of) == {offer.id for offer in OFFERS}
    assert json.loads(meta.read_text(encoding="utf-8"))["fingerprint"] != before


def test_words_alone_carry_the_match_where_no_model_is_installed(settings, filled, tmp_path):
    bare = Market(settings.model_copy(update={"embedding_model": str(tmp_path / "none")}))
    result = bare.matcher.match_need("n-fan")
    assert _ids(result)[0] == "o-fan" and result.matches[0].parts.dense == 0


def test_an_empty_market_abstains(market):
    assert market.matcher.match_text("风机").abstained


def test_contacts_in_public_text_are_not_told(filled):
    told = replace(filled.store.offer("o-fan"), title="仿生降噪风机叶片13912345678")
    filled.store.save(told, actor="t")
    assert "13912345678" not in repr(filled.matcher.match_need("n-fan"))


def test_the_owner_of_a_confidential_record_is_not_told(filled):
    filled.store.save(Organisation(id="g", title="北山叶片厂"), actor="t")
    offer = replace(filled.store.offer("o-fan"), owner_id="g")
    filled.store.save(offer, actor="t")
    assert filled.matcher.match_need("n-fan").matches[0].owner == "北山叶片厂"
    filled.store.save(replace(offer, confidentiality=Confidentiality.CONFIDENTIAL), actor="t")
    assert "北山叶片厂" not in repr(filled.matcher.match_need("n-fan"))


def test_wrong_use_is_told(filled):
    with pytest.raises(MarketError, match="n-none"):
        filled.matcher.match_need("n-none")
    with pytest.raises(UsageError):
        filled.matcher.match_text("  ")
    with pytest.raises(UsageError):
        filled.matcher.match_need("n-fan", k=0)


@given(st.text(max_size=60), st.text(max_size=60))
def test_shared_phrases_stand_in_both_texts(first, second):
    for phrase in PairSet(first).shared_with(second):
        assert phrase in second and phrase.casefold() in first.casefold()


@given(st.text(alphabet="风机叶片，。降噪", min_size=1, max_size=60), st.data())
def test_a_quote_holds_its_phrase_and_stands_in_the_text(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    phrase = text[start : start + 3].strip("，。")
    shown = quote(text, phrase)
    assert shown in text and phrase in shown


def test_field_vectors_have_length_one_or_zero():
    taxonomy = load_taxonomy()
    vectors = np.stack([taxonomy.vector(text) for text in ("水泥混凝土掺合料", "对虾养殖", "zzz")])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 0])
    assert taxonomy.best("对虾养殖")[0] == "畜牧与水产"
