"""The encoder as an ONNX graph with int8 weights.

Every 32 weights share a scale, so that one large weight does not make its whole row coarse.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from bot.errors import UsageError
from bot.training.encoder import Encoder, load_encoder
from bot.training.folder import SETTINGS_FILES, TOKENIZER_FILE, read_folder
from bot.training.weights import WORDS, Weights

INT8_GRAPH = "model_qint8.onnx"
_FLOAT_GRAPH = "traced.onnx"
INPUTS = ("input_ids", "attention_mask")
OUTPUT = "last_hidden_state"
OPSET = 17
#: Weights of one scale.
BLOCK = 32
_MOST = 127
#: onnxruntime's number for products of int8 with int8.
_INT8_PRODUCTS = 4
#: Any size will do to trace with; the plain graph depends on none of it.
_TRACED = (3, 64)
_NEEDED = ("onnx", "onnx_ir")


class BlockEmbedding(nn.Module):
    """Word embeddings as int8 with a float16 scale for every :data:`BLOCK` values of a row."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        rows, self._width = table.shape
        blocks = table.reshape(rows, -1, BLOCK)
        scales = (blocks.abs().amax(-1) / _MOST).half()
        divisors = scales.float().clamp(min=torch.finfo(torch.float16).tiny)
        values = torch.round(blocks / divisors[..., None]).clamp(-_MOST, _MOST)
        self.values = nn.Buffer(values.to(torch.int8).reshape(rows, self._width))
        self.scales = nn.Buffer(scales)

    def forward(self, ids: Tensor) -> Tensor:
        """``(batch, tokens, width)`` float32 of ids ``(batch, tokens)``."""
        batch, tokens = ids.shape
        blocks = self.values[ids].float().reshape(batch, tokens, self._width // BLOCK, BLOCK)
        return (blocks * self.scales[ids].float()[..., None]).reshape(batch, tokens, self._width)


def plain_encoder(weights: Weights) -> Encoder:
    """The encoder with its attention written out, on the CPU: the form that the graph is traced from."""
    encoder = load_encoder(weights, torch.device("cpu"))
    encoder.plain = True
    return encoder


def export(folder: Path, output: Path) -> None:
    """Write the int8 graph of an assembled ``folder``, with its tokenizer and settings, to ``output``.

    Inputs :data:`INPUTS` are int64 ``(batch, tokens)``, the output is float32 ``(batch, tokens, width)``.
    Raises :class:`UsageError` when a package needed for it is not installed.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        names = " ".join(missing)
        raise UsageError("导出 ONNX 缺少软件包", value=names, tried="import", remedy=f"pip install {names}")
    weights = read_folder(folder)
    encoder = plain_encoder(weights)
    encoder.words = BlockEmbedding(torch.from_numpy(weights.tensors[WORDS]))
    output.mkdir(parents=True, exist_ok=True)
    _trace(encoder, output / _FLOAT_GRAPH)
    _quantise(output / _FLOAT_GRAPH, output / INT8_GRAPH)
    (output / _FLOAT_GRAPH).unlink()
    for name in (TOKENIZER_FILE, *SETTINGS_FILES):
        (output / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(folder / name, output / name)


def _trace(encoder: Encoder, path: Path) -> None:
    sizes = {0: "batch", 1: "tokens"}
    ids = torch.full(_TRACED, 1, dtype=torch.long)
    with warnings.catch_warnings():
        # The tracing exporter is told to go away; the graph it writes is what the quantiser understands.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            encoder,
            (ids, torch.ones_like(ids)),
            path,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes={name: sizes for name in (*INPUTS, OUTPUT)},
            opset_version=OPSET,
            dynamo=False,
        )


def _quantise(traced: Path, path: Path) -> None:
    """Products with a constant matrix become products of int8 blocks; the attention's own stay as they are."""
    onnx = importlib.import_module("onnx")
    quantiser = importlib.import_module("onnxruntime.quantization.matmul_nbits_quantizer")
    settings = quantiser.DefaultWeightOnlyQuantConfig(
        block_size=BLOCK, is_symmetric=True, accuracy_level=_INT8_PRODUCTS, bits=8
    )
    work = quantiser.MatMulNBitsQuantizer(onnx.load(traced), algo_config=settings)
    work.process()
    onnx.save(work.model.model, path)
