"""Ask every case and keep what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.errors import AssistantError
from bot.evaluation.cases import Case
from bot.evaluation.checks import CheckResult, check_answer
from bot.evaluation.invariants import Violation, check_invariants
from bot.types import Answer, Turn


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case asked; ``answer`` is ``None`` when asking failed, and ``error`` says why."""

    case: Case
    answer: Answer | None
    checks: tuple[CheckResult, ...] = ()
    violations: tuple[Violation, ...] = ()
    error: str = ""

    @property
    def passed(self) -> bool:
        """Every expectation holds and no rule is broken."""
        return not self.reasons

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the case fails, one reason a line; empty when it passes."""
        failed = [f"{check.name}：{check.reason}" for check in self.checks if not check.passed]
        broken = [f"{violation.rule}：{violation.reason}" for violation in self.violations]
        return tuple([*([f"error：{self.error}"] if self.error else []), *failed, *broken])


@dataclass(frozen=True, slots=True)
class RunReport:
    """All results of one run, in the order of the cases."""

    results: tuple[CaseResult, ...]


def run_cases(
    cases: Iterable[Case],
    ask: Callable[[Turn], Answer],
    document_text: Callable[[str], str],
    on_result: Callable[[CaseResult], object] = lambda result: None,
) -> RunReport:
    """Ask each case in order; an error of the project's tree fails that case alone.

    ``document_text`` gives the clean text of a document id; ``on_result`` is told each result as it
    comes (progress).
    """
    results = []
    for case in cases:
        result = _run_case(case, ask, document_text)
        on_result(result)
        results.append(result)
    return RunReport(tuple(results))


def _run_case(case: Case, ask: Callable[[Turn], Answer], document_text: Callable[[str], str]) -> CaseResult:
    try:
        answer = ask(case.turn)
        violations = check_invariants(answer, document_text)
    except AssistantError as error:
        return CaseResult(case, None, error=str(error))
    return CaseResult(case, answer, check_answer(answer, case.expect), violations)
