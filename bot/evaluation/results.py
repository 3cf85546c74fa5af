"""What is kept of one case that was asked: enough to read it again, to score it and to compare it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.evaluation.cases import Case, Expectation
from bot.evaluation.checks import told_text
from bot.evaluation.rouge import rouge_l
from bot.evaluation.run import CaseResult
from bot.evaluation.verbatim import stands_in
from bot.text.figures import parse_figures
from bot.types import Answer

#: Characters kept of a quote.
_LONGEST_QUOTE = 400


class SavedCitation(BaseModel):
    """Where an answer comes from, with the beginning of what was quoted."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    document_id: str
    section: str = ""
    quote: str = ""


class SavedResult(BaseModel):
    """One case of a kept run. Runs of older programs lack what has a default.

    ``rules`` are those the answer breaks, ``other_figures`` says that it tells figures but not the one expected,
    ``rouge_l`` is from 0 to 1 where the case has a reference, ``error`` says why asking failed.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str
    tags: tuple[str, ...]
    passed: bool
    abstained: bool | None
    answer: str
    reasons: tuple[str, ...]
    history: tuple[str, ...] = ()
    expect: Expectation | None = None
    outcome: str = ""
    notes: tuple[str, ...] = ()
    citations: tuple[SavedCitation, ...] = ()
    status_right: bool | None = None
    rules: tuple[str, ...] = ()
    other_figures: bool = False
    rouge_l: float | None = None
    error: str = ""
    mode: str = ""
    elapsed_ms: float | None = None

    @property
    def cited(self) -> tuple[str, ...]:
        """The documents quoted, each once."""
        return tuple(dict.fromkeys(citation.document_id for citation in self.citations))


def saved(result: CaseResult) -> SavedResult:
    """What is kept of one result."""
    case, answer = result.case, result.answer
    told: dict[str, Any] = {
        "passed": result.passed,
        "abstained": None if answer is None else answer.abstained,
        "answer": "" if answer is None else answer.answer,
        "reasons": result.reasons,
        "rules": tuple(dict.fromkeys(violation.rule.value for violation in result.violations)),
        "error": result.error,
    }
    if case.expect.status:
        told["status_right"] = any(check.name == "status" and check.passed for check in result.checks)
    if answer is not None:
        told |= _of_answer(answer, case)
    return SavedResult(
        id=case.id, question=case.question, tags=case.tags, history=case.history, expect=case.expect, **told
    )


def _of_answer(answer: Answer, case: Case) -> dict[str, Any]:
    reference = case.expect.reference
    cited = (
        SavedCitation(document_id=each.document_id, section=each.section, quote=each.quote[:_LONGEST_QUOTE])
        for each in answer.citations
    )
    return {
        "outcome": answer.outcome.value,
        "notes": answer.notes,
        "citations": tuple(cited),
        "other_figures": _tells_other_figures(answer, case.expect),
        "rouge_l": None if reference is None else rouge_l(answer.answer, reference),
        "mode": answer.mode.value,
        "elapsed_ms": answer.elapsed_ms,
    }


def _tells_other_figures(answer: Answer, expected: Expectation) -> bool:
    if answer.abstained or not parse_figures(answer.answer):
        return False
    told = told_text(answer)
    wanted = [text for text in expected.contains_all if _has_digit(text)]
    one_of = [text for text in expected.contains_any if _has_digit(text)]
    none_of = bool(one_of) and not any(stands_in(text, told) for text in expected.contains_any)
    return none_of or any(not stands_in(text, told) for text in wanted)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
