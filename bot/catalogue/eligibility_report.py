"""A 政策体检 as a report to read or print: grouped by what to do next, every condition with its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.catalogue.eligibility import ProgrammeResult
from bot.text.status import STATUS_WORDS

CAVEAT = "本结果只对照文件写明的条件，不代表符合申报资格；没有写明的以主管部门答复为准。"
NOTHING = "资料中没有写明与所填需求对应的支持事项。"


def report(results: Sequence[ProgrammeResult]) -> str:
    """Markdown, one line a condition."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Sequence[ProgrammeResult]) -> Iterator[str]:
    yield "# 政策体检"
    yield ""
    yield CAVEAT
    if not results:
        yield ""
        yield NOTHING
    for step, group in groupby(results, key=lambda result: result.next_step):
        yield ""
        yield f"## {step}"
        for result in group:
            programme = result.programme
            yield ""
            yield f"### {programme.name}（{STATUS_WORDS[programme.status.value]}）"
            yield f"{programme.summary.value}"
            for condition in result.conditions:
                quote = f"——“{condition.quote}”（{condition.document_id}）" if condition.quote else ""
                yield f"- {condition.condition}：{condition.outcome}{quote}"
