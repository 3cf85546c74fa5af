"""``python -m bot.benchmarks.kills [--rounds N] [--only NAME] [--seed N]``: killed at any moment, nothing told is lost.

Each round starts one kind of work in a process of its own, which writes a line for everything it has acknowledged,
kills it (SIGKILL) after a random time, and then looks: what was acknowledged is on file, an import is whole or not
there, the index in force answers, no half backup bears the name of one, and the work can be done again. The data folder
is the same for all rounds of a kind, so that remains would add up.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.errors import AssistantError, IndexMissing
from bot.index.legs import damaged_legs
from bot.ingestion import ingest
from bot.inquiries.office import InquiryOffice
from bot.introductions.drafting import draft_introduction
from bot.introductions.letters import Letters
from bot.introductions.records import Form, Stage
from bot.jobs.board import JobBoard
from bot.jobs.records import JobKind, JobState
from bot.market.consents import Consent, ConsentChannel, ConsentStep
from bot.market.records import Need, Offer, Side
from bot.market.service import Market
from bot.questions.feedback import list_feedback, record_feedback
from bot.settings import PROJECT_ROOT, Settings
from bot.store.database import Database, shared_database
from bot.types import Feedback, PrivateContact, RecordKind
from bot.upkeep.backup import check_backup, make_backup

SEED = 20250528
#: Rows of the list that is imported: large enough to be killed within.
ROWS = 2_000
#: The longest a work goes on before it is killed, in seconds after its first sign.
LONGEST = 1.5
_CONTACT = PrivateContact(name="示例", phone="00000000")
Acknowledge = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What rounds came to; ``problems`` name what was lost or left half."""

    rounds: int = 0
    killed: int = 0
    acknowledged: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: what the process does, and what must hold when it is dead."""

    work: Callable[[Settings, int, Acknowledge], None]
    holds: Callable[[Settings, int, Sequence[str]], Iterator[str]]


# --- what is killed ---------------------------------------------------------------------------------


def _import(settings: Settings, number: int, acknowledge: Acknowledge) -> None:
    market = Market(settings)
    for version in (f"{number}甲", f"{number}乙"):
        path = settings.data_dir / f"{version}.jsonl"
        rows = ({"id": f"n{row}", "title": f"示例需求{row}", "description": f"版本{version}"} for row in range(ROWS))
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        acknowledge("ready")
        market.import_records(path, RecordKind.NEED, actor="bench", source="bench")
        acknowledge(version)


def _publish(settings: Settings, number: int, acknowledge: Acknowledge) -> None:
    market = Market(settings)
    acknowledge("ready")
    for item in range(10_000):
        values = {"title": f"示例需求 {number} {item}", "description": "需要提高涂层的耐温能力，示例。"}
        acknowledge(market.submit(RecordKind.NEED, values, owner=f"示例单位{item}", contact=_CONTACT).receipt)


def _inquire(settings: Settings, number: int, acknowledge: Acknowledge) -> None:
    office = InquiryOffice(shared_database(settings.resolved_database_url))
    acknowledge("ready")
    for item in range(100_000):
        acknowledge(office.leave(f"示例问题 {number} {item}", _CONTACT, agreed=True).receipt)


def _log(settings: Settings, number: int, acknowledge: Acknowledge) -> None:
    database = shared_database(settings.resolved_database_url)
    acknowledge("ready")
    for item in range(100_000):
        record_feedback(database, Feedback(f"示例 {number} {item}", "答", True))
        acknowledge(f"示例 {number} {item}")


def _job(settings: Settings, _: int, acknowledge: Acknowledge) -> None:
    board = JobBoard(shared_database(settings.resolved_database_url))
    acknowledge("ready")
    for item in range(100_000):
        job = board.ask(list(JobKind)[item % len(JobKind)], "示例", {}, by="bench")
        acknowledge(str(job.id))
        board.take(job.id)
        board.sign(job.id, "示例", 1, 2)
        board.end(job.id, JobState.DONE, result={"done": item})
        acknowledge(f"{job.id} done")


def _ingest(settings: Settings, number: int, acknowledge: Acknowledge) -> None:
    acknowledge("ready")
    for item in range(100):
        (settings.corpus_dir / "changing.txt").write_text(f"示例文件，第{number}次第{item}版。", encoding="utf-8")
        ingest(settings)
        acknowledge("done")


def _pair(market: Market, number: int) -> tuple[str, str]:
    """A need and an offer of this round, on file."""
    need, offer = f"need-{number}", f"offer-{number}"
    market.keep_trusted([Need(id=need, title="示例需求：低温快充电池")], actor="bench")
    market.keep_trusted([Offer(id=offer, title="示例成果：低温快充电池")], actor="bench")
    return need, offer


def _consent(settings: Settings, number: int, acknowledge: Acknowledge) -> None:
    market = Market(settings)
    need, offer = _pair(market, number)
    acknowledge("ready")
    steps = (ConsentStep.ASKED, ConsentStep.GIVEN, ConsentStep.WITHDRAWN)
    for item in range(100_000):
        told = Consent(
            need_id=need,
            offer_id=offer,
            side=list(Side)[item % len(Side)],
            step=steps[item // len(Side) % len(steps)],
            channel=ConsentChannel.PHONE,
            said_by="示例",
            actor="bench",
        )
        market.record_consent(told)
        acknowledge(str(item + 1))


def _letters(settings: Settings, number: int, acknowledge: Acknowledge) -> None:
    market = Market(settings)
    need, offer = _pair(market, number)
    letters = Letters(market, settings.office)
    draft = draft_introduction(market, need, offer, Form.LETTER, Stage.ASK_NEED_OWNER, today=date.today())
    acknowledge("ready")
    for _ in range(1_000):
        letter = letters.keep(draft, actor="bench")
        acknowledge(f"{letter.id} 1")
        for version in range(1, 20):
            letters.save(letter.id, version, letter.newest.blocks, actor="bench")
            acknowledge(f"{letter.id} {version + 1}")


def _backup(settings: Settings, number: int, acknowledge: Acknowledge) -> None:
    acknowledge("ready")
    for item in range(1_000):
        file = settings.data_dir / f"{number}-{item}.zip"
        make_backup(settings, file)
        acknowledge(file.name)


# --- what must hold ----------------------------------------------------------------------------------


def _import_holds(settings: Settings, _: int, told: Sequence[str]) -> Iterator[str]:
    found = {getattr(record, "description", "") for record in Market(settings).all_records(RecordKind.NEED)}
    if len(found) > 1:
        yield f"a mix of {sorted(found)}"
    if told and not found:
        yield f"{told[-1]} was acknowledged and is not there"


def _publish_holds(settings: Settings, _: int, told: Sequence[str]) -> Iterator[str]:
    market = Market(settings)
    for receipt in told:
        with _reported("receipt") as problems:
            market.claim(receipt)
            if market.contact_of(receipt).phone != _CONTACT.phone:
                problems.append("a contact is lost")
        yield from problems


def _inquiries_hold(settings: Settings, _: int, told: Sequence[str]) -> Iterator[str]:
    office = InquiryOffice(shared_database(settings.resolved_database_url))
    yield from ("a receipt opens nothing" for receipt in told if not office.opens(receipt))


def _log_holds(settings: Settings, _: int, told: Sequence[str]) -> Iterator[str]:
    kept = {entry.feedback.question for entry in list_feedback(_database(settings), limit=1_000_000)}
    yield from (f"{each} is lost" for each in told if each not in kept)


def _jobs_hold(settings: Settings, _: int, told: Sequence[str]) -> Iterator[str]:
    board = JobBoard(_database(settings))
    for each in told:
        number, _sep, ended = each.partition(" ")
        job = board.job(int(number))
        if ended and job.state is not JobState.DONE:
            yield f"job {number} was done and is {job.state}"
    for job in board.newest(1_000):
        if job.state.live:
            board.end(job.id, JobState.FAILED, note="killed")


def _index_holds(settings: Settings, _: int, told: Sequence[str]) -> Iterator[str]:
    try:
        yield from (f"{each.leg}: {each.why}" for each in damaged_legs(settings.data_dir, settings.chroma))
    except IndexMissing:
        if told:
            yield "an index was acknowledged and is not there"


def _consents_hold(settings: Settings, number: int, told: Sequence[str]) -> Iterator[str]:
    kept = len(Market(settings).consent_history(f"need-{number}", f"offer-{number}"))
    if told and kept < int(told[-1]):
        yield f"{told[-1]} steps were acknowledged, {kept} are on record"


def _letters_hold(settings: Settings, number: int, told: Sequence[str]) -> Iterator[str]:
    letters = Letters(Market(settings), settings.office)
    for each in told:
        letter, version = map(int, each.split())
        with _reported(f"letter {letter}") as problems:
            if letters.open(letter).newest.number < version:
                problems.append(f"version {version} of letter {letter} is lost")
        yield from problems


def _backups_hold(settings: Settings, number: int, told: Sequence[str]) -> Iterator[str]:
    there = sorted(path.name for path in settings.data_dir.glob(f"{number}-*.zip"))
    yield from (f"{name} was acknowledged and is not there" for name in told if name not in there)
    for name in there[-2:]:
        with _reported(name) as problems:
            check_backup(settings.data_dir / name)
        yield from problems
    for name in there:
        (settings.data_dir / name).unlink()


KINDS: dict[str, Kind] = {
    "import": Kind(_import, _import_holds),
    "publish": Kind(_publish, _publish_holds),
    "consent": Kind(_consent, _consents_hold),
    "letters": Kind(_letters, _letters_hold),
    "inquiries": Kind(_inquire, _inquiries_hold),
    "feedback": Kind(_log, _log_holds),
    "jobs": Kind(_job, _jobs_hold),
    "backup": Kind(_backup, _backups_hold),
    "ingest": Kind(_ingest, _index_holds),
}


class _reported:  # noqa: N801 - reads as a word at its uses
    """Collects an error of the project as a problem."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._problems: list[str] = []

    def __enter__(self) -> list[str]:
        return self._problems

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, AssistantError):
            self._problems.append(f"{self._what}: {error}")
            return True
        return False


def _database(settings: Settings) -> Database:
    return shared_database(settings.resolved_database_url)


def rounds(folder: Path, number: int, *, seed: int = SEED, only: str = "") -> dict[str, Tally]:
    """Kill ``number`` times, every kind in turn; tallies by kind."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable course, no secret
    names = [name for name in KINDS if only in ("", name)]
    tallies = {name: Tally() for name in names}
    for place in range(number):
        name = names[place % len(names)]
        tally = tallies[name]
        settings = _settings(folder / name)
        told, killed = _killed(name, settings, place, chance.uniform(0, LONGEST))
        tally.rounds += 1
        tally.killed += killed
        tally.acknowledged += len(told)
        tally.problems += [f"{name} {place}: {each}" for each in KINDS[name].holds(settings, place, told)]
        _database(settings).close()
    return tallies


def _settings(folder: Path) -> Settings:
    settings = Settings(data_dir=folder / "data", corpus_dir=folder / "corpus")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    settings.corpus_dir.mkdir(exist_ok=True)
    return settings


def _killed(name: str, settings: Settings, number: int, seconds: float) -> tuple[list[str], bool]:
    """Start a work, kill it ``seconds`` after its first sign; what it acknowledged, and whether it was still at it."""
    command = [sys.executable, "-m", "bot.benchmarks.kills", "--work", name, str(number), str(settings.data_dir.parent)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        alive = process.poll() is None
        process.kill()
        rest = process.stdout.read().decode(errors="replace")
    # The last line may be half: what was not told whole was not told.
    lines = rest.split("\n")[:-1]
    return [line for line in lines if line != "ready"], alive


def _work(name: str, number: int, folder: Path) -> None:
    def acknowledge(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    KINDS[name].work(_settings(folder), number, acknowledge)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and tell; 1 where anything was lost or left half."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", default="", choices=("", *KINDS))
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.work:
        name, number, folder = given.work
        _work(name, int(number), Path(folder))
        return 0
    with tempfile.TemporaryDirectory(prefix="kills-") as folder, suppress(KeyboardInterrupt):
        tallies = rounds(Path(folder), given.rounds, seed=given.seed, only=given.only)
    for name, tally in tallies.items():
        told = f"{tally.rounds} rounds, {tally.killed} killed at work, {tally.acknowledged} acknowledged"
        sys.stdout.write(f"{name}: {told}, {len(tally.problems)} problems\n")
        sys.stdout.writelines(f"  {problem}\n" for problem in tally.problems)
    return 1 if any(tally.problems for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
