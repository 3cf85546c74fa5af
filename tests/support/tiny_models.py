"""Small models as folders on disk, made in the test that uses them."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors

CHARACTERS = sorted(set("贷款企业公寓人才租期科技支持补贴贴息维"))


def character_tokenizer(folder: Path, *, marks: bool = False) -> int:
    """A tokenizer of single characters in ``folder``; returns how many pieces it has."""
    vocabulary = {"[UNK]": 0, "[PAD]": 1, "[CLS]": 2, "[SEP]": 3}
    vocabulary |= {character: number for number, character in enumerate(CHARACTERS, start=4)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    if marks:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
        )
    tokenizer.save(str(folder / "tokenizer.json"))
    return len(vocabulary)


def static_model(folder: Path, dimension: int = 8) -> Path:
    """A static sentence-transformers model of random vectors: one vector a text, no token vectors."""
    folder.mkdir(parents=True)
    pieces = character_tokenizer(folder)
    table = np.random.default_rng(3).normal(size=(pieces, dimension)).astype(np.float32)
    save_file({"embedding.weight": table}, folder / "model.safetensors")
    kind = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": kind}]))
    return folder


def bert_model(folder: Path, pooling: str = "mean", **prompts: str) -> Path:
    """A transformer of two narrow layers with random weights, as sentence-transformers saves it."""
    import torch
    from transformers import BertConfig, BertModel

    folder.mkdir(parents=True)
    pieces = character_tokenizer(folder, marks=True)
    torch.manual_seed(5)
    model = BertModel(
        BertConfig(
            vocab_size=pieces,
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=40,
            pad_token_id=1,
        )
    )
    model.save_pretrained(folder)
    marks = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 40, **marks}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    kinds = (
        ("", "sentence_transformers.base.modules.transformer.Transformer"),
        ("1_Pooling", "sentence_transformers.sentence_transformer.modules.pooling.Pooling"),
    )
    modules = [{"idx": i, "name": str(i), "path": path, "type": kind} for i, (path, kind) in enumerate(kinds)]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"embedding_dimension": 16, "pooling_mode": pooling, "include_prompt": True})
    )
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": prompts}))
    return folder
