"""Train the bundled static embedding model: ``python -m bot.training.train_embedding``.

A text's vector is the mean of its tokens' rows in one table. The table is learnt by telling which
passage a sentence was taken from: the other passages of the batch are the wrong answers.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.training.pairs import PairBatch, pair_batches
from bot.training.text import read_passages
from bot.training.tokens import EncodedPassages, encode_passages, train_tokenizer

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer

DIMENSION = 256
BATCH_PAIRS = 1_024
PASSES = 2
LEARNING_RATE = 0.02
#: The learning rate falls in a straight line to this share of itself.
LAST_RATE_SHARE = 0.02
#: Cosines are multiplied by this before the softmax.
SCALE = 20.0
SEED = 20250528
_TOLD_EVERY = 20


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights besides the text."""

    dimension: int = DIMENSION
    batch_pairs: int = BATCH_PAIRS
    passes: int = PASSES
    learning_rate: float = LEARNING_RATE
    scale: float = SCALE
    seed: int = SEED


def train_weights(passages: EncodedPassages, vocabulary_size: int, recipe: Recipe) -> NDArray[np.float32]:
    """``(vocabulary_size, dimension)`` float32; the same input and seed give the same table."""
    import torch

    torch.manual_seed(recipe.seed)
    random = np.random.default_rng(recipe.seed)
    table = torch.nn.EmbeddingBag(vocabulary_size, recipe.dimension, mode="mean")
    optimizer = torch.optim.Adam(table.parameters(), lr=recipe.learning_rate)
    steps = max(1, len(passages) * recipe.passes // recipe.batch_pairs)
    step = 0
    started = time.perf_counter()
    for _ in range(recipe.passes):
        for batch in pair_batches(passages, recipe.batch_pairs, random):
            share = max(LAST_RATE_SHARE, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = recipe.learning_rate * share
            loss = _loss(table, batch, recipe.scale)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            step += 1
            if step % _TOLD_EVERY == 0:
                _tell(f"step {step}/{steps} loss {loss.item():.3f} {time.perf_counter() - started:.0f}s")
    weights: NDArray[np.float32] = table.weight.detach().numpy()
    return weights


def save_model(folder: Path, tokenizer: Tokenizer, weights: NDArray[np.float32]) -> None:
    """Write a sentence-transformers folder with float16 weights; a model card there is left alone."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    module = StaticEmbedding(tokenizer, embedding_weights=torch.from_numpy(weights.astype(np.float16)))
    SentenceTransformer(modules=[module], device="cpu").save(str(folder), create_model_card=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read text, learn tokenizer and table, write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus-of-text", type=Path, required=True, help="folder of the gzip JSON lines")
    parser.add_argument("--output", type=Path, required=True, help="folder the model is written to")
    options = parser.parse_args(arguments)
    passages = tuple(read_passages(options.corpus_of_text))
    _tell(f"{len(passages)} passages")
    tokenizer = train_tokenizer(passages)
    _tell(f"{tokenizer.get_vocab_size()} pieces")
    encoded = encode_passages(tokenizer, passages)
    _tell(f"{len(encoded.ids)} tokens")
    weights = train_weights(encoded, tokenizer.get_vocab_size(), Recipe())
    save_model(options.output, tokenizer, weights)
    return 0


def _loss(table: torch.nn.EmbeddingBag, batch: PairBatch, scale: float) -> torch.Tensor:
    """Cross-entropy of finding each pair's other side within the batch, both ways."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    first = normalize(table(*batch.first), dim=1)
    second = normalize(table(*batch.second), dim=1)
    scores = scale * first @ second.T
    own = torch.arange(len(scores))
    return (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
