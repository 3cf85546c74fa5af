"""A check as a report to read, print or take along: what was told, every programme by what to do next, what to ask.

The report is put together once, as plain records; Markdown, Word and PDF are written from the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from bot.catalogue.eligibility.checking import CONDITIONS, REGION, Checkup
from bot.catalogue.eligibility.outcomes import ConditionResult, NextStep, Outcome, ProgrammeResult
from bot.catalogue.eligibility.understood import Understood, understood
from bot.catalogue.models import Catalogue, ContactEntry, Programme
from bot.text.status import STATUS_WORDS
from bot.types import Document, TextKind

TITLE = "政策体检"
CAVEAT = "本结果只对照文件写明的条件，不代表符合申报资格；没有写明的以主管部门答复为准。"
NOTHING = "资料中没有写明与所填需求对应的支持事项。"
EMPTY_CATALOGUE = "资料库里还没有支持事项卡片，不能体检；请工作人员先按资料库的说明填写。"
NOTHING_TOLD = "没有填写情况，只列出各事项写明的条件。"
ENTRY_NAMES = {
    "need": "想解决什么",
    "region": "注册或办公地",
    "industry": "行业",
    "size": "规模或类型",
    "qualifications": "资质",
    "about": "其他情况",
}
#: Programmes of these groups are not to be asked about.
SETTLED = frozenset({NextStep.NOT_FITTING, NextStep.CLOSED})
_UNSTATED = {REGION: "对注册地有没有要求（文件未写明）", CONDITIONS: "申报条件是什么（文件未写明）"}
#: What a firm wants to know of every programme, and what to ask where no document says it.
_WANTED = (
    ("amount", "支持多少"),
    ("how_to_apply", "怎样申请、向谁申请"),
    ("materials", "要交哪些材料"),
    ("deadline", "什么时候截止"),
)


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition as the report tells it; ``source`` is the document's title."""

    condition: str
    outcome: Outcome
    why: str
    quote: str
    source: str


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """One programme of the report with what to bring, what to ask, and whom."""

    name: str
    status: str
    verdict: str
    summary: str
    source: str
    conditions: tuple[ConditionLine, ...]
    bring: tuple[str, ...]
    ask: tuple[str, ...]
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report; ``date`` is ISO, ``groups`` are by next step."""

    region: str
    date: str
    told: tuple[Understood, ...]
    groups: tuple[tuple[NextStep, tuple[ProgrammeEntry, ...]], ...]
    empty: str


def report(catalogue: Catalogue, checkup: Checkup, title: Callable[[str], str]) -> Report:
    """The report of one check; ``title`` names a document by its id, see :func:`source_name`."""
    groups = tuple(
        (step, tuple(_entry(catalogue, result, title) for result in found))
        for step, found in groupby(checkup.results, key=lambda result: result.next_step)
    )
    empty = "" if groups else NOTHING if catalogue.programmes else EMPTY_CATALOGUE
    return Report(catalogue.scope.region, checkup.today.isoformat(), understood(checkup.firm), groups, empty)


def source_name(document: Document) -> str:
    """A document as a source is named: its title, and that it is told in our own words where it is."""
    title = document.metadata.title
    return f"{title}（据网页整理，非原文）" if document.metadata.text_kind is TextKind.OWN_WORDS else title


def _entry(catalogue: Catalogue, result: ProgrammeResult, title: Callable[[str], str]) -> ProgrammeEntry:
    programme = result.programme
    settled = result.next_step in SETTLED
    return ProgrammeEntry(
        programme.name,
        STATUS_WORDS[programme.status.value],
        result.verdict,
        programme.summary.value,
        title(programme.summary.document or programme.document),
        tuple(_line(each, title) for each in result.conditions),
        () if settled else to_bring(programme),
        () if settled else tuple(questions(result)),
        () if settled else tuple(whom(catalogue, programme)),
    )


def _line(result: ConditionResult, title: Callable[[str], str]) -> ConditionLine:
    source = title(result.document_id) if result.document_id else ""
    return ConditionLine(result.condition, result.outcome, result.why or "", result.quote or "", source)


def to_bring(programme: Programme) -> tuple[str, ...]:
    """What the documents say has to be handed in; nothing is made up where they say nothing."""
    return tuple(each.value for each in programme.materials)


def questions(result: ProgrammeResult) -> Iterator[str]:
    """What to ask the office: conditions that could not be decided, and what no document states."""
    for each in result.conditions:
        if each.outcome is Outcome.CANNOT_TELL:
            yield f"我们的情况算不算“{each.condition}”"
        elif each.outcome is Outcome.NOT_STATED:
            yield _UNSTATED[each.condition]
    missing = [words for field, words in _WANTED if not getattr(result.programme, field)]
    if missing:
        yield f"{'；'.join(missing)}（文件未写明）"


def contacts_for(catalogue: Catalogue, programme: Programme) -> tuple[ContactEntry, ...]:
    """Contacts that name the programme; else those of its document, whose purpose is told with them."""
    named = [contact for contact in catalogue.contacts if programme.id in contact.programmes]
    return tuple(
        named or [each for each in catalogue.contacts if each.document == programme.document and not each.programmes]
    )


def whom(catalogue: Catalogue, programme: Programme) -> Iterator[str]:
    """The office in charge and the contacts on file, each with the only purpose it is given for."""
    contacts = contacts_for(catalogue, programme)
    body = programme.responsible_body
    if body and not any(programme.id in contact.programmes for contact in contacts):
        yield f"{body.value}（文件没有写它的联系方式）"
    yield from map(_contact, contacts)


def _contact(contact: ContactEntry) -> str:
    told = (contact.body, contact.name, contact.phone, contact.address)
    known = "，".join(dict.fromkeys(each for each in told if each))
    return f"{known}（用途：{contact.purpose}）"


def markdown(told: Report) -> str:
    """The report as Markdown, one line a condition."""
    return "\n".join(_lines(told)) + "\n"


def _lines(told: Report) -> Iterator[str]:
    yield f"# {TITLE}"
    yield ""
    yield f"{told.region}　{told.date}".strip("　")
    yield ""
    yield CAVEAT
    yield ""
    yield "## 您填的情况"
    yield ""
    for each in told.told:
        yield f"- {ENTRY_NAMES[each.entry]}：{each.typed}{taken_for(each)}"
    if not told.told:
        yield NOTHING_TOLD
    if told.empty:
        yield ""
        yield told.empty
    for step, entries in told.groups:
        yield ""
        yield f"## {step}（{len(entries)}）"
        for entry in entries:
            yield from _entry_lines(entry)


def taken_for(each: Understood) -> str:
    """How an entry was understood, to stand behind it."""
    meanings = f"→ 理解为：{'、'.join(each.meanings)}" if each.meanings else ""
    unclear = f"→ 没有把握：{'、'.join(each.unclear)}" if each.unclear else ""
    return "".join(f" {words}" for words in (meanings, unclear) if words)


def _entry_lines(entry: ProgrammeEntry) -> Iterator[str]:
    yield ""
    yield f"### {entry.name}〔{entry.status}〕"
    yield entry.verdict
    yield f"{entry.summary}——{entry.source}"
    for line in entry.conditions:
        quote = f"——“{line.quote}”（{line.source}）" if line.quote else ""
        why = f"（{line.why}）" if line.why else ""
        yield f"- {line.condition}：{line.outcome}{why}{quote}"
    for label, lines in next_lines(entry):
        yield f"- {label}：{'；'.join(lines)}"


def next_lines(entry: ProgrammeEntry) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(label, lines) of what to bring, to ask and whom; empty parts left out."""
    if entry.bring:
        yield "带上", entry.bring
    if entry.ask:
        yield "要问", entry.ask
        yield "问谁", entry.contacts or ("文件没有写联系方式，请向受理部门询问",)
