"""An answer as a person reads it in a terminal."""

from __future__ import annotations

from bot.text.status import STATUS_WORDS
from bot.types import Answer, TextKind


def print_answer(answer: Answer) -> None:
    """Answer first, then notes, evidence and follow-ups."""
    if answer.standalone_question != answer.question:
        print(f"（按此理解：{answer.standalone_question}）")
    for correction in answer.corrections:
        print(f"更正：您说的是“{correction.asked}”，文件写的是“{correction.stated}”。[{correction.marker}]")
    print(answer.answer)
    for status in answer.statuses[:3]:
        as_of = f"（截至{status.as_of}）" if status.as_of else ""
        print(f"  ▸ {status.subject}：{STATUS_WORDS[status.status]}{as_of}")
    for note in answer.notes:
        print(f"  ▸ {note}")
    for conflict in answer.conflicts:
        versions = "；".join(f"{version.value}[{version.marker}]" for version in conflict.versions)
        print(f"  ▸ 说法不一（{conflict.subject}）：{versions}")
    if answer.citations:
        print("依据")
    for citation in answer.citations:
        kind = "" if citation.text_kind is TextKind.VERBATIM else "（整理，非原文）"
        parts = (citation.title, citation.document_number, citation.date, citation.section)
        print(f"  [{citation.marker}] {' · '.join(part for part in parts if part)}{kind}")
        print(f"      “{' '.join(citation.quote.split())}”")
    if answer.follow_ups:
        print("接着问：" + "  ".join(answer.follow_ups))
