from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from bot.index.search_index import SearchIndex
from bot.ingestion import ingest
from bot.settings import Settings
from bot.types import IngestReport

LOAN = "关于科技贷款的通知\n\n一、支持对象\n对科技型中小企业的贷款给予贴息，贴息期限不超过一年。\n"
HOUSING = "人才公寓管理办法\n\n第一条 为引进的青年人才提供公寓，租期三年。\n第二条 申请人向街道递交材料。\n"


@dataclass(frozen=True)
class Workplace:
    """A corpus and a data folder that tests may change."""

    corpus: Path
    data: Path

    def write(self, name: str, text: str) -> None:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def settings(self, **values: object) -> Settings:
        return Settings(corpus_dir=self.corpus, data_dir=self.data, **values)  # type: ignore[arg-type]

    def ingest(self, *, rebuild: bool = False, **values: object) -> IngestReport:
        return ingest(self.settings(**values), rebuild=rebuild)

    def open(self) -> SearchIndex:
        return SearchIndex.open(self.data)


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path / "corpus", tmp_path / "data")
    place.write("贷款.txt", LOAN)
    place.write("住房/公寓.txt", HOUSING)
    return place


@pytest.fixture
def tiny_model(tmp_path: Path) -> Path:
    """A static model of single characters with random vectors of length 8, as sentence-transformers saves it."""
    folder = tmp_path / "tiny-model"
    folder.mkdir()
    characters = sorted(set("贷款企业公寓人才租期科技支持补贴"))
    vocabulary = {"[UNK]": 0, **{character: number for number, character in enumerate(characters, start=1)}}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(3).normal(size=(len(vocabulary), 8)).astype(np.float32)
    save_file({"embedding.weight": table}, folder / "model.safetensors")
    kind = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
    modules = [{"idx": 0, "name": "0", "path": "", "type": kind}]
    (folder / "modules.json").write_text(json.dumps(modules))
    return folder
