import math
from random import Random

import numpy as np
import pytest
import torch
from torch.nn import functional

from bot.errors import UsageError
from bot.training.contrastive import batches, hide_other_right
from bot.training.encoder import choose_device, load_encoder
from bot.training.examples import Role
from bot.training.negatives import HardNegatives, Mining, RightPassages, mine
from bot.training.optimising import Optimiser, Schedule
from bot.training.records import Source
from bot.training.sentences import NULL_SCORE, TEMPERATURE, UNANSWERABLE_WEIGHT, answer_loss, answering_places
from bot.training.tokens import EncodedExamples, IntegerLists, read_examples
from bot.training.vectors import PLACES, Hidden, SentenceVectors, sentence_vectors, text_vectors
from bot.training.weights import read_start

pytestmark = pytest.mark.slow


def small(questions, passages, answering=None) -> EncodedExamples:
    count = len(questions)
    return EncodedExamples(
        IntegerLists.of(questions),
        IntegerLists.of(passages),
        IntegerLists.of([[1] * len(own) for own in passages]),
        IntegerLists.of(answering or [[] for _ in range(count)]),
        (Source.COUNSEL,) * count,
        (Role.PAIR,) * count,
    )


def test_text_vector_is_the_mean_of_all_tokens():
    states = torch.tensor([[[3.0, 0.0], [1.0, 4.0], [9.0, 9.0]]])
    vector = text_vectors(Hidden(states, torch.tensor([[1, 1, 0]])))[0]
    assert torch.allclose(vector, torch.tensor([2.0, 2.0]) / math.sqrt(8))


def test_sentence_vectors_are_means_of_their_tokens():
    states = torch.randn(2, 6, 8, generator=torch.Generator().manual_seed(1))
    numbers = torch.tensor([[0, 1, 1, 2, 2, 0], [0, 1, 1, 1, 2, 0]])
    found = sentence_vectors(Hidden(states, torch.ones(2, 6)), numbers)
    assert found.vectors.shape == (2 * PLACES, 8)
    expected = functional.normalize(states[0, 3:5].mean(0), dim=0)
    assert torch.allclose(found.vectors[2], expected, atol=1e-6)
    # One token alone is a stray mark, and place 0 is no sentence.
    assert found.present.nonzero().flatten().tolist() == [1, 2, PLACES + 1]


def test_answering_places_point_into_the_passages_own_sentences():
    examples = small([[5], [6]], [[7], [8]], [[2], [1, 3]])
    assert answering_places(examples, [1, 0]).nonzero().tolist() == [[0, 1], [0, 3], [1, PLACES + 2]]


@pytest.mark.parametrize(("cosine", "unanswerable"), [(0.8, False), (0.4, False), (0.8, True), (0.4, True)])
def test_answers_and_the_null_score_compete(cosine, unanswerable):
    question = torch.tensor([[1.0, 0.0]])
    vectors = torch.zeros(PLACES, 2)
    vectors[1] = torch.tensor([cosine, math.sqrt(1 - cosine**2)])
    present = torch.zeros(PLACES, dtype=torch.bool)
    present[1] = True
    answering = torch.zeros(1, PLACES, dtype=torch.bool)
    answering[0, 1] = not unanswerable
    loss = answer_loss(question, SentenceVectors(vectors, present), answering, torch.tensor([unanswerable]))
    wanted, other = (NULL_SCORE, cosine) if unanswerable else (cosine, NULL_SCORE)
    expected = math.log1p(math.exp((other - wanted) / TEMPERATURE)) * (UNANSWERABLE_WEIGHT if unanswerable else 1)
    assert loss.item() == pytest.approx(expected, abs=1e-4)


def test_a_question_whose_answer_was_cut_off_does_not_count():
    vectors, present = torch.zeros(2 * PLACES, 2), torch.ones(2 * PLACES, dtype=torch.bool)
    vectors[:, 1] = 1.0
    nothing = torch.zeros(2, 2 * PLACES, dtype=torch.bool)
    loss = answer_loss(torch.eye(2), SentenceVectors(vectors, present), nothing, torch.tensor([False, False]))
    assert loss.item() == 0


def test_other_right_passages_do_not_count_as_wrong():
    examples = small([[1], [1], [2]], [[5, 6], [7, 8], [9]])
    right = RightPassages.of(examples).is_right([0, 1, 2], [0, 1, 2])
    assert right.tolist() == [[True, True, False], [True, True, False], [False, False, True]]
    hidden = hide_other_right(torch.zeros(3, 3), torch.arange(3), right)
    assert (hidden < 0).tolist() == [[False, True, False], [True, False, False], [False, False, False]]


def test_mined_passages_are_near_and_wrong(world):
    encoder = load_encoder(read_start(world.start), torch.device("cpu"))
    examples = read_examples(world.prepared / "first.npz")
    rows = [row for row in range(len(examples)) if examples.sources[row] is Source.CMRC]
    right = RightPassages.of(examples)
    found = mine(encoder, examples, right, rows, rows, Mining(nearest=9, first=1, step=2, most=3, margin=None)).found
    assert set(found) == set(rows)
    assert all(0 < len(near) <= 3 and set(near.tolist()) <= set(rows) for near in found.values())
    assert not any(right.is_right([row], near.tolist()).any() for row, near in found.items())


def test_without_near_passages_any_other_is_drawn():
    negatives = HardNegatives({1: np.array([7]), 2: np.array([], np.int64)})
    assert negatives.draw(1, [3], Random(0)) == 7
    assert negatives.draw(2, [3], Random(0)) == 3
    assert negatives.draw(9, [3], Random(0)) == 3


def test_batches_hold_every_row_once_but_for_a_small_rest():
    cut = batches(range(29), 10, Random(1))
    assert sorted(row for batch in cut for row in batch) == sorted(
        set(range(29)) & {row for batch in cut for row in batch}
    )
    assert [len(batch) for batch in cut] == [10, 10, 9]
    assert [len(batch) for batch in batches(range(23), 10, Random(1))] == [10, 10]


def test_rate_rises_then_falls():
    schedule = Schedule(1.0, warm_steps=4, last_share=0.1, steps=100, seconds=None)
    assert schedule.rate(0, 0.0) == 0.25
    assert schedule.rate(50, 0.5) == pytest.approx(0.5)
    assert schedule.rate(99, 1.0) == 0.1


def test_training_ends_by_time_or_by_steps():
    model, now = torch.nn.Linear(2, 1), [0.0]

    def taken(steps: int | None, seconds: float | None) -> int:
        now[0] = 0.0
        optimiser = Optimiser(model, Schedule(0.01, 1, 0.1, steps, seconds), clock=lambda: now[0])
        while not optimiser.is_done:
            optimiser.step(model(torch.ones(1, 2)).square().sum(), "square")
            now[0] += 1
        return len(optimiser.trained().losses)

    assert taken(5, None) == 5
    assert taken(None, 3) == 3
    assert taken(9, 3) == 3
    with pytest.raises(UsageError, match="--steps"):
        taken(None, None)


def test_device_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto").type == choose_device("cpu").type == "cpu"
    with pytest.raises(UsageError, match="--device cpu"):
        choose_device("cuda")
