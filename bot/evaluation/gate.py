"""What the bench says of a version that waits: did anything become wrong against the version in force?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.candidates import waiting_candidate
from bot.errors import IndexMissing, SearchIndexError
from bot.evaluation.case_store import CaseStore
from bot.evaluation.circumstances import circumstances
from bot.evaluation.comparison import Comparison, Kind, compare
from bot.evaluation.run_store import Run, RunStore
from bot.index.layout import IndexLayout
from bot.settings import Settings
from bot.store.database import Database


class Standing(StrEnum):
    """Where the bench stands with the version that waits."""

    NOTHING_WAITS = "nothing_waits"
    NO_CASES = "no_cases"
    NOT_RUN = "not_run"
    NO_BASELINE = "no_baseline"
    CLEAR = "clear"
    BECAME_WRONG = "became_wrong"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of the waiting ``version``.

    ``after`` is its newest finished run of the kept cases, ``before`` that of the version in force with the same
    settings, ``comparison`` sets them side by side; each is ``None`` where there is none. ``unasked`` counts the kept
    cases in use that ``after`` did not ask as they stand now.
    """

    standing: Standing
    version: int | None = None
    before: Run | None = None
    after: Run | None = None
    comparison: Comparison | None = None
    unasked: int = 0

    @property
    def became_wrong(self) -> int:
        """How many cases became wrong."""
        return 0 if self.comparison is None else self.comparison.count(Kind.WRONG)

    @property
    def clear(self) -> bool:
        """Whether every case in use was asked of both versions and none became wrong."""
        return self.standing is Standing.CLEAR and not self.unasked

    @property
    def sentence(self) -> str:
        """The verdict as people read it."""
        if self.standing is Standing.NOTHING_WAITS:
            return "没有待启用的版本"
        if self.standing is Standing.NO_CASES:
            return "还没有留下测试用例，无从检验"
        if self.after is None:
            return "待启用的版本还没有跑过测试"
        told = f"{self.after.passed}/{self.after.total} 条通过"
        left = f"；另有 {self.unasked} 条用例在那之后新写或改过，没有问到" if self.unasked else ""
        if self.comparison is None:
            return f"待启用的版本 {told}；现用的版本还没有跑过同样的测试，无从比较{left}"
        right, wrong = self.comparison.count(Kind.RIGHT), self.became_wrong
        changed = f"与现用的版本相比，{self.comparison.changed_answers} 条答案变了：变错 {wrong}，变对 {right}"
        return f"待启用的版本 {told}；{changed}{left}"


def verdict(database: Database, settings: Settings) -> Verdict:
    """The verdict on the version that waits below ``settings.data_dir``.

    The two runs are found by what was indexed, so that a version number used twice misleads nobody.
    """
    candidate = waiting_candidate(settings)
    if candidate is None:
        return Verdict(Standing.NOTHING_WAITS)
    kept = {each.case.id: each.case for each in CaseStore(database).listed(active=True)}
    if not kept:
        return Verdict(Standing.NO_CASES, candidate.version)
    runs = RunStore(database)
    after = runs.newest_of(circumstances(settings, candidate.version).index_digest)
    if after is None:
        return Verdict(Standing.NOT_RUN, candidate.version)
    asked = {case.id: case for case in runs.cases(after.number)}
    unasked = sum(asked.get(name) != case for name, case in kept.items())
    in_force = _digest_in_force(settings)
    before = runs.newest_of(in_force, after.circumstances.setting_digest) if in_force else None
    if before is None:
        return Verdict(Standing.NO_BASELINE, candidate.version, after=after, unasked=unasked)
    comparison = compare(runs.results(before.number), runs.results(after.number))
    standing = Standing.BECAME_WRONG if comparison.count(Kind.WRONG) else Standing.CLEAR
    return Verdict(standing, candidate.version, before, after, comparison, unasked)


def _digest_in_force(settings: Settings) -> str:
    try:
        return circumstances(settings, IndexLayout(settings.data_dir).read_pointer().version).index_digest
    except (IndexMissing, SearchIndexError):
        return ""
