"""The linear model that labels questions: fitted on a tiny set, and as it is bundled."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.encoder.load import load_embedder
from bot.retrieval.foreign import QuestionVectors
from bot.search.classifier import PLACES, Classifier, Floats, Prediction, Weights, fit, gram_row, save
from bot.settings import EmbeddingSettings
from bot.understanding.asked import BY_VALUE
from bot.understanding.fitting import NAMES, labelled
from bot.understanding.message import Role
from bot.understanding.understanding import WEIGHTS_FILE

EXAMPLES = (
    ("费用", "竹编课一节收多少钱"),
    ("费用", "陶艺课要多少钱"),
    ("费用", "木工课的学费是多少"),
    ("地点", "竹编课在哪里上"),
    ("地点", "陶艺课的教室在什么地方"),
    ("地点", "木工课的地址在哪"),
    ("时间", "竹编课几点开始"),
    ("时间", "陶艺课什么时候上"),
    ("时间", "木工课周几开课"),
)
LABELS, TEXTS = zip(*EXAMPLES, strict=True)
#: One direction for each label, so that a vector tells what the characters do not.
VECTORS: Floats = np.eye(3, dtype=np.float32)[[0, 0, 0, 1, 1, 1, 2, 2, 2]]
DIRECTIONS = dict(zip(("费用", "地点", "时间"), np.eye(3, dtype=np.float32), strict=True))
#: So many lines of each file are looked at.
SAMPLE = 200
#: Measured: all lines of asked.tsv and 99.6% of intents.tsv are given their label without vectors, 99.9% with them;
#: of the label that does worst 97.5%.
RIGHT, RIGHT_OF_A_LABEL = 0.98, 0.9
#: The middle share of the label told first is 0.79 and 0.96; unsharpened shares are all alike.
SURE = 0.7


@pytest.fixture(scope="module")
def weights() -> Weights:
    return fit(TEXTS, LABELS, VECTORS, "encoder-a")


def best(told: Classifier, text: str, vector: Floats | None = None, fingerprint: str = "encoder-a") -> str:
    return told.predict(text, vector, fingerprint)[0].label


def test_a_fitted_set_gives_back_its_labels_with_and_without_vectors(weights: Weights) -> None:
    told = Classifier(weights)
    assert [best(told, text) for text in TEXTS] == list(LABELS)
    assert [best(told, text, vector) for text, vector in zip(TEXTS, VECTORS, strict=True)] == list(LABELS)


@pytest.mark.parametrize(
    ("text", "label"), [("剪纸课多少钱", "费用"), ("剪纸课在哪里", "地点"), ("剪纸课什么时候开始", "时间")]
)
def test_words_that_were_fitted_tell_in_a_new_text(weights: Weights, text: str, label: str) -> None:
    assert best(Classifier(weights), text) == label


@pytest.mark.parametrize("label", sorted(DIRECTIONS))
def test_a_vector_tells_where_the_characters_do_not(weights: Weights, label: str) -> None:
    assert best(Classifier(weights), "剪纸", DIRECTIONS[label]) == label


@pytest.mark.parametrize("fingerprint", ["encoder-b", ""])
def test_a_vector_of_another_encoder_is_not_used(weights: Weights, fingerprint: str) -> None:
    told = Classifier(weights)
    for text in (*TEXTS, "剪纸"):
        for vector in (*DIRECTIONS.values(), np.ones(7, dtype=np.float32)):
            assert told.predict(text, vector, fingerprint) == told.predict(text, None, "encoder-a")


def test_without_a_vector_the_weights_for_characters_alone_are_used(weights: Weights) -> None:
    assert not np.allclose(weights.alone, weights.words)
    row = gram_row("陶艺课在哪里")
    scores = row @ weights.alone + weights.bias
    told = {each.label: each.confidence for each in Classifier(weights).predict("陶艺课在哪里", None, "")}
    assert max(told, key=told.__getitem__) == weights.labels[int(scores.argmax())]


@given(st.text(alphabet="竹编课多少钱在哪里几点 ？?a7", max_size=20), st.sampled_from([None, *DIRECTIONS.values()]))
def test_shares_are_of_all_labels_sum_to_one_and_fall(text: str, vector: Floats | None) -> None:
    for told in (Classifier(fit(TEXTS, LABELS, VECTORS, "encoder-a")), Classifier.stored(WEIGHTS_FILE, "asked")):
        shares = [each.confidence for each in told.predict(text, vector, "encoder-a")]
        assert sum(shares) == pytest.approx(1, abs=1e-5) and shares == sorted(shares, reverse=True)
        assert all(0 <= share <= 1 for share in shares)


def test_every_label_is_told_once(weights: Weights) -> None:
    assert sorted(each.label for each in Classifier(weights).predict("剪纸", None, "")) == sorted(set(LABELS))


def test_saved_weights_predict_what_they_did(weights: Weights, tmp_path: Path) -> None:
    other = fit(TEXTS[:6], LABELS[:6], VECTORS[:6], "encoder-b")
    save(tmp_path / "weights.npz", {"crafts": weights, "fewer": other})
    for fitted, name in ((weights, "crafts"), (other, "fewer")):
        before, after = Classifier(fitted), Classifier.stored(tmp_path / "weights.npz", name)
        for text in (*TEXTS, "剪纸", ""):
            for vector in (None, *DIRECTIONS.values()):
                one, two = (each.predict(text, vector, fitted.fingerprint) for each in (before, after))
                assert dict(confidences(two)) == pytest.approx(dict(confidences(one)), abs=0.01)
                assert one[0].label == two[0].label or one[0].confidence - one[1].confidence < 0.01


def confidences(predictions: tuple[Prediction, ...]) -> list[tuple[str, float]]:
    return [(each.label, each.confidence) for each in predictions]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("竹编课多少钱？", "竹编课多少钱", True),
        ("  竹编课  多少钱。。", "竹编课 多少钱", True),
        ("ＡＢ课", "ab课", True),
        ("竹编课多少钱", "竹编课 多少钱", False),
        ("多少钱竹编课", "竹编课多少钱", False),
    ],
)
def test_marks_case_and_width_at_the_ends_make_no_difference(one: str, other: str, same: bool) -> None:
    assert np.allclose(gram_row(one), gram_row(other)) is same


@given(st.text(max_size=30))
def test_a_row_has_length_one(text: str) -> None:
    row = gram_row(text)
    assert row.shape == (PLACES,) and row.min() >= 0 and np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


def sample(name: str) -> list[tuple[str, str]]:
    """Some of the lines of each label, spread over the file."""
    lines = sorted(labelled(name))
    return [lines[place] for place in np.linspace(0, len(lines) - 1, SAMPLE).astype(int)]


def shares_right(lines: list[tuple[str, str]], predicted: list[str]) -> tuple[float, float]:
    """Of all lines, and of those of the label that does worst."""
    right = Counter(label for (label, _), told in zip(lines, predicted, strict=True) if label == told)
    every = Counter(label for label, _ in lines)
    return right.total() / len(lines), min(right[label] / every[label] for label in every)


@pytest.mark.parametrize("name", NAMES)
def test_the_bundled_weights_give_their_own_lines_their_labels_by_characters_alone(name: str) -> None:
    lines, told = sample(name), Classifier.stored(WEIGHTS_FILE, name)
    overall, worst = shares_right(lines, [best(told, text) for _, text in lines])
    assert overall >= RIGHT and worst >= RIGHT_OF_A_LABEL
    assert np.median([told.predict(text, None, "")[0].confidence for _, text in lines]) >= SURE


@pytest.mark.parametrize("name", NAMES)
def test_the_bundled_weights_give_their_own_lines_their_labels_with_the_bundled_encoder(name: str) -> None:
    embedder = load_embedder(EmbeddingSettings())
    vectors, told = QuestionVectors(embedder), Classifier.stored(WEIGHTS_FILE, name)
    lines = sample(name)[::4]
    predicted = [best(told, text, vectors.embed(text), embedder.fingerprint) for _, text in lines]
    assert shares_right(lines, predicted)[0] >= RIGHT
    changed = [told.predict(text, vectors.embed(text), embedder.fingerprint) for _, text in lines]
    assert changed != [told.predict(text, None, "") for _, text in lines]


def test_every_label_of_the_labelled_lines_is_known_and_fitted() -> None:
    known = {"asked": set(BY_VALUE), "intents": {each.value for each in Role}}
    for name in NAMES:
        labels = {label for label, _ in labelled(name)}
        fitted = {each.label for each in Classifier.stored(WEIGHTS_FILE, name).predict("", None, "")}
        assert labels == fitted == known[name]
        assert all(text.strip() for _, text in labelled(name))
