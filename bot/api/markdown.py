"""An answer as one Markdown text, for programs that show nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from bot.types import Answer, Citation

_MARKER = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Annotation:
    """The marker at ``start:end`` of a text stands for this source."""

    start: int
    end: int
    url: str
    title: str


def answer_markdown(answer: Answer) -> str:
    """The answer, what qualifies it, whom to contact, and the numbered evidence with its wording."""
    parts = [answer.answer, *_qualifications(answer)]
    evidence = [f"[{each.marker}] {_source(each)}：“{' '.join(each.quote.split())}”" for each in answer.citations]
    if evidence:
        parts.append("**依据**\n\n" + "\n\n".join(evidence))
    return "\n\n".join(part for part in parts if part.strip())


def after_the_answer(answer: Answer) -> str:
    """What :func:`answer_markdown` puts behind the answer itself."""
    return answer_markdown(answer)[len(answer.answer) :]


def source_annotations(text: str, answer: Answer, documents: str, begin: int = 0) -> tuple[Annotation, ...]:
    """The markers in ``text`` from ``begin`` on with the web address of what they stand for.

    A document that is nowhere on the web is read here: ``documents`` is the address below which they are.
    """
    sources = {each.marker: each for each in answer.citations}
    found = []
    for match in _MARKER.finditer(text, begin):
        source = sources.get(int(match[1]))
        if source is not None:
            url = source.source_url or f"{documents}/{quote(source.document_id)}"
            found.append(Annotation(match.start(), match.end(), url, source.title))
    return tuple(found)


def _standing(settled: bool, place: int) -> str:
    """Which version staff decided for; nothing where nobody decided."""
    if not settled:
        return ""
    return "另有说法：" if place else "工作人员核对后以此为准："


def _qualifications(answer: Answer) -> list[str]:
    corrections = [f"您提到“{each.asked}”，文件写的是“{each.stated}”。" for each in answer.corrections]
    notes = [f"- {each}" for each in answer.notes]
    contacts = [
        "- " + "，".join(filter(None, (each.name, each.phone, each.address, f"用途：{each.purpose}")))
        for each in answer.contacts
    ]
    conflicts = [
        f"文件之间说法不一：{each.subject}\n"
        + "\n".join(f"- {_standing(each.settled, place)}{v.value}" for place, v in enumerate(each.versions))
        for each in answer.conflicts
    ]
    lists = [("", corrections), ("", notes), ("**联系方式**\n\n", contacts)]
    return [*(head + "\n".join(lines) for head, lines in lists if lines), *conflicts]


def _source(citation: Citation) -> str:
    known = (citation.document_number, citation.issuer, citation.date, citation.section, citation.source_url)
    return f"《{citation.title}》" + "".join(f"，{each}" for each in known if each)
