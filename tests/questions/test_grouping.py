"""Questions that mean the same come together, others do not: measured on labelled questions."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import yaml

from bot.encoder import load_embedder
from bot.questions.grouping import QuestionVectors, apart, grouped
from bot.questions.records import Asking
from bot.settings import load_settings

LABELLED = yaml.safe_load((Path(__file__).parent / "groups.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def embedder():
    return load_embedder(load_settings(environment={}).embedding)


def askings(questions):
    return [Asking(number, each, 1, f"2026-03-{1 + number % 28:02}") for number, each in enumerate(questions, 1)]


@pytest.mark.parametrize("half", ["a", "b"])
def test_pairs_are_told_alike_or_apart(embedder, half):
    told = [(question, label) for label, group in enumerate(LABELLED[half]) for question in group]
    groups = grouped(askings([each for each, _ in told]), QuestionVectors().of((each for each, _ in told), embedder))
    place = {asking.number: number for number, group in enumerate(groups) for asking in group.members}
    pairs = [
        (place[one + 1] == place[other + 1], told[one][1] == told[other][1])
        for one, other in combinations(range(len(told)), 2)
    ]
    right = sum(found and meant for found, meant in pairs)
    precision, recall = right / sum(found for found, _ in pairs), right / sum(meant for _, meant in pairs)
    assert precision >= 0.95 and recall >= 0.9, (precision, recall)


def test_the_most_central_names_its_group_and_counts_add_up():
    vectors = np.array([[1, 0], [0.9, 0.44], [0.8, 0.6], [0, 1]], dtype=np.float32)
    four = [Asking(1, "甲", 2, "2026-03-01"), Asking(2, "乙", 1, "2026-03-09"), Asking(3, "丙", 5, "2026-03-02")]
    four.append(Asking(4, "丁", 1, "2026-03-03"))
    first, second = grouped(four, vectors / np.linalg.norm(vectors, axis=1, keepdims=True), 0.3)
    assert [each.question for each in first.members] == ["乙", "丙", "甲"] and first.centre.question == "乙"
    assert (first.count, first.newest) == (8, "2026-03-09") and second.members == (four[3],)


def test_one_or_none_is_a_group_of_its_own_or_none():
    assert grouped([], np.zeros((0, 2))) == ()
    (only,) = grouped(askings(["问"]), np.ones((1, 2)))
    assert only.members == (only.centre,)
    assert [each.centre.number for each in apart([Asking(1, "甲", 1, ""), Asking(2, "乙", 3, "")])] == [2, 1]


def test_a_vector_is_made_once():
    class Counting:
        fingerprint, made = "x", 0

        def embed_query(self, text):
            self.made += 1
            return np.array([3.0, 4.0])

    counting, vectors = Counting(), QuestionVectors()
    assert vectors.of(["问", "问", "答"], counting).shape == (3, 2) and counting.made == 2
    assert np.allclose(np.linalg.norm(vectors.of(["答"], counting), axis=1), 1) and counting.made == 2
