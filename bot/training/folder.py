"""The folder of float weights that transformers and sentence-transformers load."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bot.errors import UsageError
from bot.training.tokens import PAD, PASSAGE_PROMPT, QUESTION_PROMPT
from bot.training.weights import DROPOUT, LAYER_NORM_EPSILON, Shape, Weights

WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
PROMPTS_FILE = "config_sentence_transformers.json"
POOLING_FILE = "1_Pooling/config.json"
#: What the exported graph's folder takes over besides the tokenizer.
SETTINGS_FILES = ("config.json", "tokenizer_config.json", "modules.json", PROMPTS_FILE, POOLING_FILE)
#: Folder and class of the steps that sentence-transformers takes.
_MODULES = (
    ("", "sentence_transformers.base.modules.transformer.Transformer"),
    ("1_Pooling", "sentence_transformers.sentence_transformer.modules.pooling.Pooling"),
    ("2_Normalize", "sentence_transformers.base.modules.normalize.Normalize"),
)
_PROMPTS = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": QUESTION_PROMPT, "document": PASSAGE_PROMPT},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def write_folder(folder: Path, weights: Weights, tokenizer: Path, *, half: bool = False) -> None:
    """Write a folder that transformers and sentence-transformers load: weights, tokenizer, settings, prompts.

    Weights are float32, or float16 (half the size) with ``half``; they are computed with as float32 either way.
    Raises :class:`UsageError` when ``tokenizer`` (a ``tokenizer.json``) is not there.
    """
    from safetensors.numpy import save_file

    if not tokenizer.is_file():
        raise UsageError("找不到分词器", value=tokenizer, tried="复制 tokenizer.json", remedy="先运行 start")
    kind = np.float16 if half else np.float32
    tensors = {name: tensor.astype(kind) for name, tensor in weights.tensors.items()}
    for path, _ in _MODULES:
        (folder / path).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(tokenizer, folder / TOKENIZER_FILE)
    save_file(tensors, folder / WEIGHTS_FILE, metadata={"format": "pt"})
    shape = weights.shape
    pooling = {"embedding_dimension": shape.width, "pooling_mode": "mean", "include_prompt": True}
    modules = [{"idx": i, "name": str(i), "path": path, "type": kind} for i, (path, kind) in enumerate(_MODULES)]
    _write_json(folder / "config.json", _config(shape))
    _write_json(folder / "tokenizer_config.json", _tokenizer_config(shape))
    _write_json(folder / "modules.json", modules)
    _write_json(folder / POOLING_FILE, pooling)
    _write_json(folder / PROMPTS_FILE, _PROMPTS)


def read_folder(folder: Path) -> Weights:
    """The weights of a folder that :func:`write_folder` wrote. Raises :class:`UsageError` when there are none."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(folder / WEIGHTS_FILE)
    except (OSError, SafetensorError) as error:
        raise UsageError(
            "读不了权重", value=folder / WEIGHTS_FILE, tried=str(error), remedy="先运行 assemble"
        ) from error
    return Weights({name: np.ascontiguousarray(tensor, dtype=np.float32) for name, tensor in tensors.items()})


def _config(shape: Shape) -> Mapping[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "hidden_act": "gelu",
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": LAYER_NORM_EPSILON,
        "pad_token_id": PAD,
        "hidden_dropout_prob": DROPOUT,
        "attention_probs_dropout_prob": DROPOUT,
    }


def _tokenizer_config(shape: Shape) -> Mapping[str, object]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "cls_token": "<s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "model_max_length": shape.positions,
    }


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
