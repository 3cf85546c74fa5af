"""Weights as arrays: the 4-bit start and the int8 checkpoints of the two trainings.

Tensors bear the names of transformers' ``BertModel`` throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import UsageError

Floats = NDArray[np.float32]
#: multilingual-e5-small is 384 wide with 12 heads.
HEAD_WIDTH = 32
LAYER_NORM_EPSILON = 1e-12
DROPOUT = 0.1
WORDS = "embeddings.word_embeddings.weight"
POSITIONS = "embeddings.position_embeddings.weight"
TYPES = "embeddings.token_type_embeddings.weight"
#: Part of a layer in ``BertModel`` → the same part in the start file.
LINEAR_PARTS = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "intermediate.dense": "fi",
    "output.dense": "fo",
}
NORM_PARTS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
#: A block of the start file: a float16 scale and 32 values of 4 bits.
BLOCK_VALUES = 32
BLOCK_BYTES = 18
#: Values of 4 bits are stored with this added.
_FOUR_BIT_ZERO = 8
_INT8_MOST = 127


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of an encoder; ``heads`` follow from ``width``."""

    vocabulary: int
    width: int
    layers: int
    feed_forward: int
    positions: int
    types: int

    @property
    def heads(self) -> int:
        """Attention heads of :data:`HEAD_WIDTH` each."""
        return self.width // HEAD_WIDTH


@dataclass(frozen=True, slots=True)
class Weights:
    """All tensors of one encoder, float32, by their name in ``BertModel``."""

    tensors: Mapping[str, Floats]

    @property
    def shape(self) -> Shape:
        """The sizes that the tensors have."""
        vocabulary, width = self.tensors[WORDS].shape
        layers = sum(name.endswith(".intermediate.dense.bias") for name in self.tensors)
        feed_forward = len(self.tensors["encoder.layer.0.intermediate.dense.bias"])
        return Shape(vocabulary, width, layers, feed_forward, len(self.tensors[POSITIONS]), len(self.tensors[TYPES]))


def unpacked(blocks: NDArray[np.uint8], width: int) -> Floats:
    """``(rows, width)`` out of flat 4-bit ``blocks``; the first half of a block's values are its low bits."""
    rows = blocks.reshape(-1, BLOCK_BYTES)
    scales = rows[:, :2].copy().view("<f2").astype(np.float32)
    low = (rows[:, 2:] & 15).astype(np.int8) - _FOUR_BIT_ZERO
    high = (rows[:, 2:] >> 4).astype(np.int8) - _FOUR_BIT_ZERO
    return (np.concatenate([low, high], axis=1) * scales).reshape(-1, width).astype(np.float32)


def read_start(path: Path) -> Weights:
    """The start weights of an npz that ``start`` wrote. Raises :class:`UsageError` when it is none."""
    arrays = _arrays(path)
    try:
        width = len(arrays["emb.ln.w"])
        tensors = {
            WORDS: unpacked(arrays["emb.word"].astype(np.uint8), width),
            POSITIONS: arrays["emb.pos"].reshape(-1, width),
            TYPES: arrays["emb.type"].reshape(-1, width),
            "embeddings.LayerNorm.weight": arrays["emb.ln.w"],
            "embeddings.LayerNorm.bias": arrays["emb.ln.b"],
        }
        for layer in range(sum(name.endswith(".fi.b") for name in arrays)):
            tensors |= _layer(arrays, layer, width)
    except (KeyError, ValueError) as error:
        raise UsageError("不是起始权重", value=path, tried=f"按 4 位块读取：{error}", remedy="先运行 start") from error
    return Weights({name: np.ascontiguousarray(tensor, dtype=np.float32) for name, tensor in tensors.items()})


def write_checkpoint(path: Path, weights: Weights) -> None:
    """Write a checkpoint: matrices as int8 with a scale per row, other embeddings as float16, the rest float32.

    The word embeddings stay as they started and are left out. The folder is made when missing.
    """
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, tensor in weights.tensors.items():
        if name == WORDS:
            continue
        if tensor.ndim == 2 and not name.startswith("embeddings."):
            scale = np.maximum(np.abs(tensor).max(axis=1, keepdims=True), np.finfo(np.float32).tiny) / _INT8_MOST
            arrays[f"{name}.q"] = np.round(tensor / scale).astype(np.int8)
            arrays[f"{name}.s"] = scale.astype(np.float32)
        else:
            arrays[name] = tensor.astype(np.float16 if tensor.ndim == 2 else np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_checkpoint(path: Path, start: Weights) -> Weights:
    """The weights of a checkpoint over those of the ``start`` it was trained from.

    Raises :class:`UsageError` when it is no checkpoint or is of an encoder of another shape.
    """
    tensors = dict(start.tensors)
    arrays = _arrays(path)
    for name, array in arrays.items():
        if name.endswith(".s"):
            continue
        own = name.removesuffix(".q")
        values = array.astype(np.float32)
        if own != name:
            values = values * arrays[f"{own}.s"].astype(np.float32)
        if own not in tensors or tensors[own].shape != values.shape:
            raise UsageError(
                "检查点与起始权重不配",
                value=f"{path} 的 {own} {values.shape}",
                tried="按名称与形状对照",
                remedy="用训练它的起始权重",
            )
        tensors[own] = values
    return Weights(tensors)


def _layer(arrays: Mapping[str, NDArray[np.generic]], layer: int, width: int) -> dict[str, NDArray[np.generic]]:
    tensors: dict[str, NDArray[np.generic]] = {}
    for part, short in LINEAR_PARTS.items():
        own = f"encoder.layer.{layer}.{part}"
        columns = len(arrays[f"l{layer}.fi.b"]) if part == "output.dense" else width
        tensors[f"{own}.weight"] = unpacked(arrays[f"l{layer}.{short}.w"].astype(np.uint8), columns)
        tensors[f"{own}.bias"] = arrays[f"l{layer}.{short}.b"]
    for part, short in NORM_PARTS.items():
        tensors[f"encoder.layer.{layer}.{part}.weight"] = arrays[f"l{layer}.{short}.w"]
        tensors[f"encoder.layer.{layer}.{part}.bias"] = arrays[f"l{layer}.{short}.b"]
    return tensors


def _arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        with np.load(path) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError) as error:
        raise UsageError("读不了权重", value=path, tried=f"npz：{error}", remedy="检查路径，或重新生成") from error
