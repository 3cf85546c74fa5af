"""Technology fields: which ones a text speaks of, and how alike two records are in that."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.errors import MarketError
from bot.text.tokens import fold

FILE = Path(__file__).resolve().parent / "taxonomy.yaml"
#: A field named by the owner says more than a word that happens to occur.
_NAMED_WEIGHT = 4.0
_TITLE_WEIGHT = 3.0
_BODY_WEIGHT = 1.0
#: Titles remembered: the same ones come up match after match.
_MOST_CACHED = 20_000

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TechnologyField:
    """A field with the terms it is recognised by."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldHit:
    """``word`` of ``field`` stands in the text."""

    field: str
    word: str


class Taxonomy:
    """Recognises technology fields in text."""

    def __init__(self, fields: Sequence[TechnologyField]) -> None:
        self.fields = tuple(fields)
        self._of_word: dict[str, list[int]] = {}
        self._hits: dict[str, tuple[FieldHit, ...]] = {}
        for index, field in enumerate(self.fields):
            for word in dict.fromkeys(map(fold, (field.name, *field.words))):
                self._of_word.setdefault(word, []).append(index)
        # Longest first: 中药材 is not counted as 药 again.
        words = sorted(self._of_word, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, words)))

    @property
    def size(self) -> int:
        """The number of fields."""
        return len(self.fields)

    def vector(self, title: str, body: str = "", named: Sequence[str] = ()) -> Floats:
        """How much of each field the texts speak of: ``(size,) float32``, length 1 or all zero."""
        counts = np.zeros(self.size, dtype=np.float32)
        for text, weight in ((" ".join(named), _NAMED_WEIGHT), (title, _TITLE_WEIGHT), (body, _BODY_WEIGHT)):
            for word in set(self._pattern.findall(fold(text))):
                fields = self._of_word[word]
                counts[fields] += weight / len(fields)
        length = float(np.linalg.norm(counts))
        return counts / np.float32(length) if length else counts

    def hits(self, text: str) -> tuple[FieldHit, ...]:
        """Every term found, each once for every field it belongs to."""
        known = self._hits.get(text)
        if known is None:
            known = self._found(text)
            if len(self._hits) < _MOST_CACHED:
                self._hits[text] = known
        return known

    def _found(self, text: str) -> tuple[FieldHit, ...]:
        found = dict.fromkeys(self._pattern.findall(fold(text)))
        return tuple(FieldHit(self.fields[index].name, word) for word in found for index in self._of_word[word])

    def best(self, title: str, body: str = "", limit: int = 2) -> tuple[str, ...]:
        """The names of the fields that stand out, strongest first."""
        vector = self.vector(title, body)
        order = np.argsort(-vector, kind="stable")[:limit]
        return tuple(self.fields[index].name for index in order if vector[index] > 0)


@functools.cache
def load_taxonomy(path: Path = FILE) -> Taxonomy:
    """The fields of ``path``; raises :class:`MarketError` when the file is not a list of fields."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        fields = [TechnologyField(str(item["name"]), tuple(map(str, item["words"]))) for item in content]
    except (OSError, yaml.YAMLError, TypeError, KeyError) as error:
        raise MarketError("领域分类读不了", value=path, tried=str(error), remedy="每项写 name 和 words") from error
    return Taxonomy(fields)
