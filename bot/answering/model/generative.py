"""Grounded writing: a model words the answer, code lets through only what its evidence bears.

Whether there is anything to answer was decided before, by the offline answerer; corrections, statuses,
contacts, conflicts and notes stay its own. The model gets numbered passages and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from bot.answering.cards import closed
from bot.answering.composition import tidy
from bot.answering.draft import Draft, DraftStatus, Passage, Statement
from bot.answering.model.gathering import Gathered, gather
from bot.answering.model.grounding import (
    markers_of,
    verify_english_sentence,
    verify_sentence,
    without_markers,
)
from bot.answering.model.prompts import NOTHING_FOUND, WRITE_CHINESE, WRITE_ENGLISH, evidence_prompt
from bot.answering.model.sentence_stream import whole_sentences
from bot.answering.verification import verify_text
from bot.answering.wording import OWN_WORDS
from bot.errors import ModelServiceError
from bot.llm import Deadline, ModelService, system, user
from bot.text.figures import ParsedFigure, figure_keys, parse_figures
from bot.text.numerals import to_chinese
from bot.text.relative_time import resolve_relative_time
from bot.text.status import NOT_YET, STATUS_WORDS, document_status
from bot.types import Citation, Computed, Document, Hit, Intent, Mode, TextKind
from bot.understanding.asked import FIGURE_KINDS, Asked
from bot.understanding.understanding import Understanding

MAX_SENTENCES = 12
#: Intents that the model may word; greetings and contacts are code's alone.
WRITTEN_INTENTS = frozenset({Intent.POLICY, Intent.PARTNER, Intent.INTRODUCTION})
DROPPED_NOTE = "模型写的有{count}句在依据中核对不到，已略去。"
OFFLINE_NOTE = "模型的表述在依据中核对不到，以下为按原文摘录的回答。"
UNAVAILABLE_NOTE = "模型服务暂时不可用，以下为按原文摘录的回答。"
ENGLISH_REFUSAL = "The documents on file do not state this, so it cannot be answered from them."
_INTRODUCTORY = re.compile(r"^[^\d]{0,24}[：:]$")


@dataclass(frozen=True, slots=True)
class WrittenDraft:
    """A draft on its way; ``mode`` says whose words its statements are. The last one is ``final``."""

    draft: Draft
    mode: Mode
    final: bool


class GroundedWriter:
    """Words drafts with a model. Holds no state of any question; safe to share between threads."""

    def __init__(self, service: ModelService, document: Callable[[str], Document]) -> None:
        self._service = service
        self._document = document

    def write(
        self,
        understanding: Understanding,
        offline: Draft,
        hits: Sequence[Hit],
        deadline: Deadline | None = None,
        *,
        english: bool = False,
    ) -> Iterator[WrittenDraft]:
        """Growing drafts, one more verified sentence each; the last is whole. Raises nothing of the model.

        The model is not called when the offline draft refused, lists things counted by code, or has no
        passage to rest on. A service that fails costs its words, not the answer.
        """
        if not may_be_written(offline):
            yield WrittenDraft(_in_english(offline) if english else offline, Mode.OFFLINE, True)
            return
        gathered = gather(understanding, offline, hits, self._document)
        if not gathered.evidence:
            yield WrittenDraft(offline, Mode.OFFLINE, True)
            return
        writing = _Writing(gathered, english)
        try:
            with closing(self._sentences(understanding, gathered, deadline, english)) as sentences:
                for sentence in sentences:
                    if NOTHING_FOUND in sentence:
                        break
                    if writing.take(sentence):
                        growing = replace(offline, statements=tuple(writing.kept), notes=(), follow_ups=())
                        yield WrittenDraft(growing, Mode.LLM, False)
                    if len(writing.kept) >= MAX_SENTENCES:
                        break
        except ModelServiceError:
            yield WrittenDraft(offline.with_notes(Statement(UNAVAILABLE_NOTE)), Mode.OFFLINE, True)
            return
        yield self._finished(writing, understanding, offline)

    def _sentences(
        self, understanding: Understanding, gathered: Gathered, deadline: Deadline | None, english: bool
    ) -> Generator[str, None, None]:
        instructions = WRITE_ENGLISH if english else WRITE_CHINESE
        question = understanding.question if english else understanding.standalone
        messages = [system(instructions), user(evidence_prompt(question, gathered.shown))]
        with closing(self._service.stream(messages, deadline or self._service.budget())) as pieces:
            yield from whole_sentences(pieces, english=english)

    def _finished(self, writing: _Writing, understanding: Understanding, offline: Draft) -> WrittenDraft:
        if not _still_answers(writing, offline, understanding.asked):
            notes = (Statement(OFFLINE_NOTE),) if writing.dropped or writing.kept else ()
            return WrittenDraft(offline.with_notes(*notes), Mode.OFFLINE, True)
        draft = replace(
            offline,
            statements=tuple(writing.kept),
            listed=any(statement.text.startswith("- ") for statement in writing.kept),
        )
        draft = _with_times(draft, self._document, writing.english)
        draft = draft.with_notes(*_source_notes(draft, offline, self._document))
        draft = replace(draft, statuses=(*draft.statuses, *_new_statuses(draft, offline, self._document)))
        if writing.english:
            draft = draft.with_notes(*_originals(draft, self._document))
        if writing.dropped:
            draft = draft.with_notes(Statement(DROPPED_NOTE.format(count=to_chinese(writing.dropped))))
        return WrittenDraft(draft, Mode.LLM, True)


def answer_with_model(
    service: ModelService,
    document: Callable[[str], Document],
    understanding: Understanding,
    offline: Draft,
    hits: Sequence[Hit],
    deadline: Deadline | None = None,
    *,
    english: bool = False,
) -> Iterator[WrittenDraft]:
    """What :meth:`GroundedWriter.write` yields: growing drafts, the final one last."""
    yield from GroundedWriter(service, document).write(understanding, offline, hits, deadline, english=english)


def may_be_written(offline: Draft) -> bool:
    """Whether a model may word this draft: there is evidence, and nothing that code must tell itself.

    A list counted by code is given whole by code; a model could leave an item out.
    """
    return (
        offline.refusal is None
        and offline.intent in WRITTEN_INTENTS
        and not offline.listed
        and not offline.partners
        and any(statement.passages for statement in offline.statements)
    )


class _Writing:
    """The sentences of one turn, sorted into kept and dropped."""

    def __init__(self, gathered: Gathered, english: bool) -> None:
        self.gathered = gathered
        self.english = english
        self.kept: list[Statement] = []
        self.dropped = 0

    def take(self, sentence: str) -> bool:
        """Keep ``sentence`` if every rule holds; False when it was left out."""
        plain = tidy(without_markers(sentence))
        if _INTRODUCTORY.match(plain):
            return False
        verify = verify_english_sentence if self.english else verify_sentence
        if not (verify(sentence, self.gathered.evidence).ok and self._composable(sentence)):
            self.dropped += 1
            return False
        passages = tuple(self.gathered.passage(marker) for marker in markers_of(sentence))
        text = f"{plain.rstrip('.')}. " if self.english else closed(re.sub(r"\s+(?=[。，；！？])", "", plain))
        if any(text == statement.text for statement in self.kept):
            return False
        self.kept.append(Statement(text, passages))
        return True

    def _composable(self, sentence: str) -> bool:
        """Whether the last gate, which all answers pass, will let the sentence through too."""
        citations = [
            Citation(item.marker, item.document_id, item.title, None, "", item.start, item.end, item.text)
            for item in self.gathered.evidence.values()
        ]
        years = [
            Computed(form, time.year, time.word)
            for item in self.gathered.evidence.values()
            for time in resolve_relative_time(item.text, item.date)
            for form in ((f"{time.year}年", str(time.year)) if self.english else (f"{time.year}年",))
        ]
        return verify_text(sentence, citations, (), years).passed


def _still_answers(writing: _Writing, offline: Draft, asked: Asked) -> bool:
    """Whether the kept sentences rest on what the offline answer rests on, and tell its figure."""
    told = {passage for statement in writing.kept for passage in statement.passages}
    if not told & set(writing.gathered.chosen):
        return False
    kinds = FIGURE_KINDS.get(asked)
    stated = [
        figure
        for statement in offline.statements
        for figure in parse_figures(statement.text)
        if kinds and figure.kind in kinds
    ]
    if not stated:
        return True
    text = "".join(statement.text for statement in writing.kept)
    if writing.english:
        told_numbers = set(re.findall(r"\d+", text.replace(",", "")))
        return any(_written_numbers(figure) & told_numbers for figure in stated)
    return bool({figure.key for figure in stated} & figure_keys(text))


def _written_numbers(figure: ParsedFigure) -> set[str]:
    """The ways in which digits of an English sentence may write ``figure``."""
    return {str(figure.value).split(".")[0], *re.findall(r"\d+", figure.text.replace(",", ""))}


def _passages(draft: Draft) -> list[Passage]:
    return list(dict.fromkeys(p for statement in draft.statements for p in statement.passages))


def _with_times(draft: Draft, document: Callable[[str], Document], english: bool) -> Draft:
    """The years that 去年 and the like mean in the passages told, as the offline answer gives them."""
    computed = list(draft.computed)
    notes: list[Statement] = []
    for passage in _passages(draft):
        source = document(passage.document_id)
        quote = source.text[passage.start : passage.end]
        for time in resolve_relative_time(quote, source.metadata.date):
            year = Computed(f"{time.year}年", time.year, f"“{time.word}”所指的年份")
            if year not in computed:
                computed.append(year)
                notes.append(Statement(f"文中“{time.word}”指{year.text}（按文件日期推算）。", (passage,)))
            if english:
                computed.append(Computed(str(time.year), time.year, f"“{time.word}”所指的年份"))
    return replace(draft, computed=tuple(dict.fromkeys(computed))).with_notes(*notes)


def _new_documents(
    draft: Draft, offline: Draft, document: Callable[[str], Document]
) -> Iterator[tuple[Passage, Document]]:
    """The first passage told of each document that the offline answer does not use."""
    seen = {passage.document_id for passage in _passages(offline)}
    for passage in _passages(draft):
        if passage.document_id not in seen:
            seen.add(passage.document_id)
            yield passage, document(passage.document_id)


def _source_notes(draft: Draft, offline: Draft, document: Callable[[str], Document]) -> Iterator[Statement]:
    for passage, source in _new_documents(draft, offline, document):
        status = document_status(source.metadata)
        if status in NOT_YET:
            text = f"《{source.metadata.title}》的状态：{STATUS_WORDS[status]}。"
            yield Statement(text, (passage,))
        if source.metadata.text_kind is TextKind.OWN_WORDS:
            yield Statement(OWN_WORDS, (passage,))


def _new_statuses(draft: Draft, offline: Draft, document: Callable[[str], Document]) -> Iterator[DraftStatus]:
    for passage, source in _new_documents(draft, offline, document):
        status = document_status(source.metadata)
        if status in NOT_YET:
            yield DraftStatus(f"《{source.metadata.title}》", status, source.metadata.date, passage)


def _originals(draft: Draft, document: Callable[[str], Document]) -> Iterator[Statement]:
    for passage in _passages(draft):
        quote = document(passage.document_id).text[passage.start : passage.end]
        yield Statement(f"原文：“{tidy(quote)}”", (passage,))


def _in_english(offline: Draft) -> Draft:
    if offline.refusal is None:
        return offline
    return replace(offline, statements=(Statement(ENGLISH_REFUSAL), *offline.statements))
