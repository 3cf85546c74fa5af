"""Model folders with an ONNX graph, on onnxruntime alone: no torch, loaded in a fraction of a second."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.encoder.configuration import ModelConfiguration, Prompts, model_missing
from bot.encoder.contextual import ContextualEmbedder
from bot.encoder.embedder import Floats

GRAPH_FILE = "model_qint8.onnx"
#: More lanes than this only take memory bandwidth from each other.
_MOST_LANES = 8
#: onnxruntime's level for errors: its warnings say nothing a user could act on.
_ERRORS_ONLY = 3


def open_onnx(folder: Path, configuration: ModelConfiguration, prompts: Prompts, threads: int) -> ContextualEmbedder:
    """The embedder of a folder with :data:`GRAPH_FILE` and ``tokenizer.json``.

    ``threads`` is the number of windows encoded side by side; 0 takes the processors this process may use.
    Raises :class:`EmbedderMissing` for files that are missing, damaged or do not fit each other.
    """
    try:
        tokenizer = _tokenizer(folder)
        session = _session(folder)
        size = int(json.loads((folder / "config.json").read_text(encoding="utf-8"))["hidden_size"])
    except Exception as error:  # onnxruntime and tokenizers raise their own and bare Exceptions
        raise model_missing(str(folder), f"模型文件不全或已损坏（{_first_line(error)}）") from None

    def run(ids: Sequence[int]) -> Floats:
        tokens = np.asarray([ids], dtype=np.int64)
        hidden = session.run(None, {"input_ids": tokens, "attention_mask": np.ones_like(tokens)})[0][0]
        return np.asarray(hidden, dtype=np.float32)

    try:
        found = run(tokenizer.encode("维", add_special_tokens=True).ids).shape[1]
    except Exception as error:
        raise model_missing(str(folder), f"模型跑不起来（{_first_line(error)}）") from None
    if found != size:
        raise model_missing(str(folder), f"模型给出 {found} 维，config.json 写的是 {size} 维")
    lanes = threads or min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, _MOST_LANES)
    return ContextualEmbedder(tokenizer, run, configuration, prompts, dimension=size, lanes=lanes)


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _session(folder: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread a run: windows run side by side, and a question does not wait for an ingest's threads.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(str(folder / GRAPH_FILE), options, providers=["CPUExecutionProvider"])


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
