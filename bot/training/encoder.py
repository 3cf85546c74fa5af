"""The encoder as a torch module: what is trained, and what the ONNX graph is traced from.

The same computation as transformers' ``BertModel`` without its pooler; the tests hold the two together.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.errors import UsageError
from bot.training.weights import DROPOUT, HEAD_WIDTH, LAYER_NORM_EPSILON, LINEAR_PARTS, NORM_PARTS, Shape, Weights

#: A masked token's score before the softmax of the plain attention.
_MASKED = -1e4


class Layer(nn.Module):
    """One layer: self-attention and feed-forward, each added to its input and normalised."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, inner = shape.width, shape.feed_forward
        self.heads = shape.heads
        sizes = {"intermediate.dense": (width, inner), "output.dense": (inner, width)}
        linears = {_key(part): nn.Linear(*sizes.get(part, (width, width))) for part in LINEAR_PARTS}
        norms = {_key(part): nn.LayerNorm(width, eps=LAYER_NORM_EPSILON) for part in NORM_PARTS}
        self.parts = nn.ModuleDict({**linears, **norms})
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, states: Tensor, mask: Tensor, plain: bool) -> Tensor:
        """``(batch, tokens, width)`` to the same; ``mask`` is ``(batch, tokens)`` bool, True where there is a token."""
        query, key, value = (self._split(self.parts[_key(f"attention.self.{name}")](states)) for name in _ATTENTION)
        attended = _plain_attention(query, key, value, mask) if plain else self._attention(query, key, value, mask)
        joined = attended.transpose(1, 2).reshape(states.shape)
        added = self.dropout(self.parts[_key("attention.output.dense")](joined))
        states = self._norm("attention.output.LayerNorm", states + added)
        inner = functional.gelu(self.parts[_key("intermediate.dense")](states))
        return self._norm("output.LayerNorm", states + self.dropout(self.parts[_key("output.dense")](inner)))

    def _split(self, states: Tensor) -> Tensor:
        batch, tokens, _ = states.shape
        return states.reshape(batch, tokens, self.heads, HEAD_WIDTH).transpose(1, 2)

    def _norm(self, part: str, states: Tensor) -> Tensor:
        normed: Tensor = self.parts[_key(part)](states)
        return normed

    def _attention(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
        dropped = DROPOUT if self.training else 0.0
        return functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask[:, None, None, :], dropout_p=dropped
        )


class Encoder(nn.Module):
    """Token ids to token vectors.

    ``plain`` writes the attention out as products and a softmax: the traced graph then depends on nothing of
    the example it was traced with, and its products can be quantised.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.plain = False
        # Annotated wide: the exported graph reads its words out of int8 blocks.
        self.words: nn.Module = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.types = nn.Embedding(shape.types, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=LAYER_NORM_EPSILON)
        self.layers = nn.ModuleList([Layer(shape) for _ in range(shape.layers)])
        self.dropout = nn.Dropout(DROPOUT)
        # Most rows are seen too rarely to be moved well, and a checkpoint without them is a third of the size.
        self.words.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """``(batch, tokens, width)`` from ids and mask of ``(batch, tokens)``; the mask is 1 where there is a token."""
        places = torch.arange(input_ids.shape[1], device=input_ids.device)[None]
        summed = self.words(input_ids) + self.positions(places) + self.types.weight[0]
        states: Tensor = self.dropout(self.norm(summed))
        mask = attention_mask if self.plain else attention_mask.bool()
        for layer in self.layers:
            states = layer(states, mask, self.plain)
        return states


def load_encoder(weights: Weights, device: torch.device) -> Encoder:
    """An encoder of ``weights`` on ``device``, in evaluation mode."""
    own = {_own_name(name): torch.from_numpy(tensor) for name, tensor in weights.tensors.items()}
    encoder = Encoder(weights.shape)
    encoder.load_state_dict(own)
    return encoder.to(device).eval()


def encoder_weights(encoder: Encoder) -> Weights:
    """The present weights of ``encoder``, copied."""
    return Weights(
        {
            _bert_name(name): np.array(tensor.detach().float().cpu().numpy())
            for name, tensor in encoder.state_dict().items()
        }
    )


def choose_device(name: str) -> torch.device:
    """``auto`` (cuda where there is one), ``cpu`` or ``cuda``. Raises :class:`UsageError` where cuda is missing."""
    present = torch.cuda.is_available()
    if name == "cuda" and not present:
        raise UsageError("没有可用的 CUDA 设备", value=name, tried="torch.cuda", remedy="用 --device cpu")
    return torch.device("cuda" if present and name != "cpu" else "cpu")


_ATTENTION = ("query", "key", "value")
_EMBEDDINGS = {
    "words": "embeddings.word_embeddings",
    "positions": "embeddings.position_embeddings",
    "types": "embeddings.token_type_embeddings",
    "norm": "embeddings.LayerNorm",
}


def _plain_attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    hidden = (1.0 - mask[:, None, None, :].float()) * _MASKED
    scores = query @ key.transpose(-1, -2) / math.sqrt(HEAD_WIDTH)
    return torch.softmax(scores + hidden, -1) @ value


def _key(part: str) -> str:
    """A part's name as a module's: those may not hold dots."""
    return part.replace(".", "_")


def _bert_name(own: str) -> str:
    """``layers.0.parts.output_dense.bias`` → ``encoder.layer.0.output.dense.bias``."""
    head, _, rest = own.partition(".")
    if head != "layers":
        return f"{_EMBEDDINGS[head]}.{rest}"
    number, _, part, kind = rest.split(".")
    named = {_key(name): name for name in (*LINEAR_PARTS, *NORM_PARTS)}
    return f"encoder.layer.{number}.{named[part]}.{kind}"


def _own_name(bert: str) -> str:
    """The other way round."""
    module, _, kind = bert.rpartition(".")
    if bert.startswith("encoder.layer."):
        number, _, part = module.removeprefix("encoder.layer.").partition(".")
        return f"layers.{number}.parts.{_key(part)}.{kind}"
    return f"{ {name: own for own, name in _EMBEDDINGS.items()}[module] }.{kind}"
