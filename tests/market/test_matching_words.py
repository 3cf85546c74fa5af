"""What words, quotes and likeness weigh in a match, told without a market."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.encoder import PassageVectors
from bot.market.evidence import PairSet, Subject
from bot.market.framing import subject_of
from bot.market.judging import level_of
from bot.market.reasons import Sides, quote, reasons_for
from bot.market.taxonomy import load_taxonomy
from bot.market.vectors import RecordVectors
from bot.search.background import rarity
from bot.types import PROPOSE_AT, ReasonKind


def test_levels_rise_with_words_and_likeness_and_need_a_word():
    levels = [[level_of(words / 4, likeness / 4) for likeness in range(5)] for words in range(13)]
    assert all(row == sorted(row) for row in levels)
    assert all(list(column) == sorted(column) for column in zip(*levels, strict=True))
    assert {level for row in levels for level in row} == {1, 2, 3, 4}
    assert level_of(words=0.0, likeness=1.0) < 3


class Crowded:
    """An encoder that finds any two texts alike by 0.8 and more."""

    fingerprint, dimension = "crowded", 65

    def embed_query(self, text):
        vector = np.zeros(self.dimension, dtype=np.float32)
        vector[0] = 2.0
        for character in text.strip():
            vector[1 + hash_of(character)] += 1 / len(text.strip())
        return vector / np.linalg.norm(vector)

    def embed_passages(self, passages):
        vectors = [self.embed_query(passage.text) for passage in passages]
        heads = [[self.embed_query(p.text[start:end]) for start, end in p.sentences] for p in passages]
        rows = [np.array(each, dtype=np.float32).reshape(-1, self.dimension) for each in heads]
        return [PassageVectors(vector, row) for vector, row in zip(vectors, rows, strict=True)]


def hash_of(character):
    return ord(character) % 64


def test_likeness_is_reckoned_from_what_a_model_gives_to_unrelated_texts():
    vectors = RecordVectors(Crowded())
    one, other = vectors.on_file(["轴流风机", "对虾弧菌"], ["", ""])
    sought = vectors.sought("轴流风机", "")
    assert sought @ other > 0.7 and vectors.likeness(float(sought @ other)) < 0.25
    assert vectors.likeness(float(sought @ one)) == pytest.approx(1, abs=1e-5)


def test_the_title_counts_beside_a_long_body():
    vectors = RecordVectors(Crowded())
    body = "盐碱地土壤改良"
    titled, untitled = vectors.on_file(["轴流风机", ""], [body, body])
    sought = vectors.sought("轴流风机", "")
    assert sought @ titled > sought @ untitled


def test_title_and_whole_count_half_and_half():
    vectors = RecordVectors(Crowded())
    (mixed,) = vectors.on_file(["轴流风机"], ["盐碱地土壤改良"])
    encoder = Crowded()
    halves = encoder.embed_query("轴流风机") + encoder.embed_query("轴流风机 盐碱地土壤改良")
    assert mixed == pytest.approx(halves / np.linalg.norm(halves), abs=1e-5)


def _weighed(first, second, title=""):
    subject = Subject("", first, lambda term: rarity(term, records=0, others=0))
    return {word.text: word.weight for word in subject.shared_with(title, second)}


TEXTS = st.text(alphabet="风机叶片，。降噪的和技术系统管理锂电池AbC1 ", max_size=40)


@given(TEXTS, TEXTS)
def test_shared_words_stand_in_both_texts_and_their_weight_is_a_share(first, second):
    for word, weight in _weighed(first, second).items():
        assert word in second and word.casefold() in first.casefold()
        assert 0 <= weight <= 1


@given(TEXTS, TEXTS)
def test_reasons_quote_texts_that_hold_their_words(first, second):
    subject = Subject(first, "", lambda term: rarity(term, records=0, others=0))
    sides = Sides(first, first, second, second)
    for reason in reasons_for(sides, subject.shared_with(second, second), load_taxonomy()):
        assert reason.need_quote in first and reason.offer_quote in second
        for word in reason.shared if reason.kind is not ReasonKind.FIELD else ():
            assert word.casefold() in reason.need_quote.casefold() and word in reason.offer_quote


def test_everyday_words_tell_nothing_and_rare_ones_all():
    weights = _weighed("注塑模具的管理系统，关键技术", "注塑件的管理系统和关键技术")
    assert weights["注塑"] > 0.25 > 0.05 > weights["管理系统"]
    assert weights["关键技术"] < 0.1
    assert _weighed("温度80度，2025年", "压力80度，2025年").get("80", 0) == 0


@pytest.mark.parametrize(
    ("first", "second", "never"),
    [("电力电子器件", "能力电子版", "力电"), ("室内安防", "国内安全", "内安"), ("列车车门", "客车车灯", "车车")],
)
def test_what_joins_two_words_is_not_shared(first, second, never):
    assert never not in _weighed(first, second)


def test_a_word_counts_most_where_the_subject_is_said():
    subject = Subject("弧菌检测", "水样", lambda term: 9.0)
    weights = {word.text: word.weight for word in subject.shared_with("弧菌试剂盒", "弧菌试剂盒\n水样检测")}
    assert weights["弧菌"] == 1 > weights["检测"] > weights["水样"] > 0


def test_a_long_wish_is_sought_by_the_clauses_that_ask():
    told = "我们是一家物流公司，有四十五台车。" * 6 + "我们希望引入一套自动安排车辆线路的软件。"
    assert subject_of(told) == ("我们希望引入一套自动安排车辆线路的软件", told)
    assert subject_of("低温快充") == ("低温快充", "")


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


def test_a_record_that_is_only_a_title_is_asked_for_less():
    assert level_of(words=1.9, likeness=0.0) < level_of(words=1.9, likeness=0.0, title_only=True) == PROPOSE_AT
    assert level_of(words=0.4, likeness=1.0, title_only=True) < PROPOSE_AT
