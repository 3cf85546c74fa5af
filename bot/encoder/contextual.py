"""Encoders whose token vectors are at hand: one run gives a passage and the sentences in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from bot.encoder.configuration import ModelConfiguration, Prompts
from bot.encoder.embedder import Floats, Passage, PassageVectors, unit_rows
from bot.encoder.windows import Pool, Tokens, Window, passage_windows

if TYPE_CHECKING:
    from tokenizers import Tokenizer

#: Token ids with the marks of beginning and end → ``(len(ids), dimension)`` vectors.
RunTokens = Callable[[Sequence[int]], Floats]
#: Of 949 questions of other people's none has more than 109; more of a pasted letter would cost time and blur what is
#: asked (of 75 technology needs all of which are read, nDCG@10 is 0.738 with twice as many, 0.737 with these).
_QUERY_TOKENS = 128


class ContextualEmbedder:
    """Mean-pooled token vectors; a sentence's vector is the mean of its tokens *within* the passage's run.

    Every run holds one window: whatever stands in the same batch can then not change a vector (kernels with
    int8 activations take their scale from the whole batch), and windows run side by side in ``lanes``.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        run: RunTokens,
        configuration: ModelConfiguration,
        prompts: Prompts,
        *,
        dimension: int,
        lanes: int,
    ) -> None:
        self._tokenizer = tokenizer
        self._run = run
        self._prompts = prompts
        self._fingerprint = configuration.fingerprint(prompts)
        self._dimension = dimension
        self._lanes = max(1, lanes)
        begin, end = tokenizer.encode("", add_special_tokens=True).ids
        self._marks = int(begin), int(end)
        self._room = configuration.max_length - len(self._marks)

    @property
    def fingerprint(self) -> str:
        """The folder's name and a digest of its files and prompts."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def embed_query(self, text: str) -> Floats:
        """``(dimension,)``, length 1; of a long text its beginning counts."""
        ids = self._tokenizer.encode(self._prompts.query + text, add_special_tokens=False).ids
        hidden = self._hidden(ids[: min(self._room, _QUERY_TOKENS)])
        vector: Floats = unit_rows(hidden.mean(axis=0, dtype=np.float32)[None])[0]
        return vector

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of passages and their sentences, in order."""
        windows = self._windows(passages)
        pools = [Pool(len(passage.sentences), self._dimension) for passage in passages]
        # Longest first: the lanes then end at about the same time.
        order = sorted(range(len(windows)), key=lambda index: -len(windows[index][1].ids))
        hidden = self._runs([windows[index][1].ids for index in order])
        place = {index: position for position, index in enumerate(order)}
        for index, (owner, window) in enumerate(windows):
            pools[owner].add(window, hidden[place[index]])
        return [pool.vectors() for pool in pools]

    def _windows(self, passages: Sequence[Passage]) -> list[tuple[int, Window]]:
        """Every passage's windows with the passage's number."""
        heads = [
            f"{self._prompts.passage}{each.heading} " if each.heading else self._prompts.passage for each in passages
        ]
        texts = [head + passage.text for head, passage in zip(heads, passages, strict=True)]
        encodings = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        found: list[tuple[int, Window]] = []
        for number, (head, passage, encoding) in enumerate(zip(heads, passages, encodings, strict=True)):
            tokens = Tokens(encoding.ids, encoding.offsets)
            cut = passage_windows(tokens, len(head), passage, self._room)
            found.extend((number, window) for window in cut)
        return found

    def _runs(self, runs: Sequence[Sequence[int]]) -> list[Floats]:
        if self._lanes == 1 or len(runs) < 2:
            return [self._hidden(ids) for ids in runs]
        with ThreadPoolExecutor(self._lanes, thread_name_prefix="encoder") as pool:
            return list(pool.map(self._hidden, runs))

    def _hidden(self, ids: Sequence[int]) -> Floats:
        begin, end = self._marks
        return self._run([begin, *ids, end])
