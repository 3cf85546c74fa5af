"""``python -m bot.benchmarks.own_cases [NAME …]``: the project's own cases, each over its corpus.

Each corpus is read into a folder that is thrown away. Told are, by file, how many pass, and of all together what staff
watch (:mod:`bot.evaluation.summary`). Offline, whatever the settings say.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.assistant import Assistant
from bot.evaluation.cases import Case, load_cases
from bot.evaluation.metrics import measure
from bot.evaluation.results import SavedResult, saved
from bot.evaluation.run import run_cases
from bot.evaluation.summary import watched
from bot.ingestion import ingest
from bot.settings import PROJECT_ROOT, load_settings

CASES = PROJECT_ROOT / "tests" / "cases"
#: Files of cases by the corpus they ask, none of which has another's answers.
COLLECTIONS: tuple[tuple[Path, tuple[str, ...]], ...] = (
    (
        PROJECT_ROOT / "corpus",
        ("basics.yaml", "safety.yaml", "held_out.yaml", "partners.yaml", "partners_held_out.yaml"),
    ),
    (CASES / "second_district" / "corpus", ("second_district/cases.yaml",)),
    (CASES / "third_office" / "corpus", ("third_office/cases.yaml",)),
)


def asked(names: Sequence[str]) -> Iterator[tuple[str, list[SavedResult]]]:
    """Each file that holds one of ``names`` (all without any) with what became of its cases."""
    for corpus, files in COLLECTIONS:
        chosen = [each for each in files if not names or any(name in each for name in names)]
        if not chosen:
            continue
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            settings = load_settings(environment={}, corpus_dir=corpus, data_dir=Path(folder) / "data")
            ingest(settings)
            assistant = Assistant.open(settings)
            for file in chosen:
                yield file, _results(assistant, load_cases(CASES / file))


def _results(assistant: Assistant, cases: Iterable[Case]) -> list[SavedResult]:
    report = run_cases(cases, assistant.ask, lambda name: assistant.document(name).text)
    return [saved(each) for each in report.results]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each file and the figures of all together."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="files whose names hold one of these words; all without any")
    together: list[SavedResult] = []
    for file, results in asked(parser.parse_args(arguments).names):
        passed = measure(results).passed
        sys.stdout.write(f"{file}: {passed.hits}/{passed.total}\n")
        sys.stdout.flush()
        together += results
    sys.stdout.writelines(f"{name}：{value}\n" for name, value in watched(measure(together)))


if __name__ == "__main__":
    main()
