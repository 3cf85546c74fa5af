"""The one door: Turn → Answer, used alike by the page, the command line and the tests."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from bot.answering.asking import FOLLOW_UP_GAIN, Asking
from bot.answering.composition import compose
from bot.answering.coverage import TermWeights
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.planner import Planned, Planner, log_decisions
from bot.catalogue.conflicts import disagreements_from_json
from bot.catalogue.models import Catalogue, Scope
from bot.catalogue.names import NameIndex
from bot.catalogue.thesaurus import Thesaurus
from bot.index.search_index import SearchIndex
from bot.ingestion import CATALOGUE_ATTACHMENT, DISAGREEMENTS_ATTACHMENT
from bot.llm import ModelService
from bot.retrieval.encoder import query_encoder
from bot.retrieval.retriever import Retriever
from bot.settings import Settings
from bot.types import Answer, Document, Evidence, Feedback, Hit, Intent, Mode, RecordKind, Turn
from bot.understanding.follow_ups import listed_items, ordinal_in
from bot.understanding.understanding import Understander, Understanding, checked_question

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.answering.model.told import ToldDraft
    from bot.introductions.records import Form, Stage
    from bot.introductions.wording import WordedIntroduction
    from bot.market.service import Market


#: What may be left out besides readers and word lists, to see what it earns: the corpus's own lay words.
THESAURUS = "thesaurus"


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """Everything read from one index version; replaced as a whole when a newer one is published."""

    index: SearchIndex
    retriever: Retriever
    catalogue: Catalogue
    understander: Understander
    planner: Planner
    thesaurus: Thesaurus
    weights: TermWeights
    names: NameIndex


class Assistant:
    """Answers turns from the index in force. Safe to share between threads."""

    def __init__(
        self, settings: Settings, today: Callable[[], date] = date.today, without: Collection[str] = ()
    ) -> None:
        self._settings = settings
        self._without = frozenset(without)
        self._today = today
        self._lock = threading.Lock()
        self._service = ModelService(settings.llm) if settings.llm.configured else None
        self._snapshot: _Snapshot | None = None

    @classmethod
    def open(cls, settings: Settings, without: Collection[str] = ()) -> Assistant:
        """Open the index in ``settings.data_dir``, ``without`` some readers or the thesaurus.

        Raises :class:`IndexMissing` with the remedy.
        """
        assistant = cls(settings, without=without)
        assistant._current()
        return assistant

    def ask(self, turn: Turn) -> Answer:
        """Answer one turn. Raises :class:`QuestionError` for what is no question."""
        registering = self._registering(turn)
        if registering is not None:
            return registering
        if self._service is not None:
            *_, last = self._worded(turn, self._service)
            return last
        return self._offline(turn)

    def _offline(self, turn: Turn) -> Answer:
        """The whole answer from the documents alone."""
        started = time.perf_counter()
        snapshot = self._current()
        asking = self._asking(snapshot, turn)
        planned = snapshot.planner.plan(asking)
        answer = self._completed(self._composed(planned, asking.understanding, snapshot), turn)
        return self._timed(answer, started)

    def _composed(self, planned: Planned, understanding: Understanding, snapshot: _Snapshot) -> Answer:
        answer = compose(planned.draft, understanding.question, understanding.standalone, snapshot.index.document)
        return replace(self._never_empty(answer, understanding, planned.draft), decisions=planned.decisions)

    def _timed(self, answer: Answer, started: float) -> Answer:
        log_decisions(secrets.token_hex(4), answer.decisions)
        return replace(answer, elapsed_ms=round((time.perf_counter() - started) * 1000, 1))

    def stream(self, turn: Turn) -> Iterator[Answer]:
        """Growing answers, sentence by sentence; the last one is whole."""
        registering = self._registering(turn)
        if registering is None and self._service is not None:
            yield from self._worded(turn, self._service)
            return
        whole = registering or self._offline(turn)
        sentences = _growing(whole.answer)
        for text in sentences[:-1]:
            yield replace(whole, answer=text, notes=(), follow_ups=())
        yield whole

    def _worded(self, turn: Turn, service: ModelService) -> Iterator[Answer]:
        """Growing answers of the units that the model points to; the offline answer stands by."""
        from bot.answering.model.modelled import ModelledAnswerer

        started = time.perf_counter()
        snapshot = self._current()
        modelled = ModelledAnswerer(
            service,
            snapshot.planner,
            lambda asked: self._asking(snapshot, asked),
            snapshot.names.named_in,
            snapshot.index.document,
            self._today(),
            self._settings.llm.summary,
        )
        for step in modelled.steps(turn):
            understanding = step.understanding
            answer = compose(step.draft, understanding.question, understanding.standalone, snapshot.index.document)
            if step.final:
                answer = self._completed(self._never_empty(answer, understanding, step.draft), turn)
                answer = self._timed(replace(answer, decisions=step.decisions), started)
            elapsed = round((time.perf_counter() - started) * 1000, 1)
            yield replace(answer, mode=step.mode, elapsed_ms=elapsed)

    def warm_up(self) -> None:
        """Load what the first question would wait for."""
        if self._service is not None:
            self._service.warm_up()

    def search(self, query: str, k: int) -> tuple[Hit, ...]:
        """The best ``k`` chunks for ``query``."""
        return self._current().retriever.search(query, k)

    def evidence(self, question: str) -> Evidence:
        """All that ``question`` finds: passages and the sentences in them, with where their scores came from."""
        return self._current().retriever.evidence(question)

    def document(self, document_id: str) -> Document:
        """A document of the index in force."""
        return self._current().index.document(document_id)

    @property
    def scope(self) -> Scope:
        """What the assistant is for, as the corpus says."""
        return self._current().catalogue.scope

    @property
    def catalogue(self) -> Catalogue:
        """The staff-kept records of the corpus in force."""
        return self._current().catalogue

    @property
    def as_of(self) -> str | None:
        """The newest date of any document, ISO."""
        dates = (metadata.date for metadata in self._current().index.documents_metadata())
        return max((date for date in dates if date), default=None)

    @property
    def mode(self) -> Mode:
        """Whether a model words the answers."""
        return Mode.LLM if self._settings.llm.configured else Mode.OFFLINE

    def record_feedback(self, feedback: Feedback) -> None:
        """Keep what a user said of an answer."""
        from bot.store.feedback import record_feedback

        record_feedback(self._settings.resolved_database_url, feedback)

    def as_runnable(self) -> Runnable[Turn, Answer]:
        """The assistant as a LangChain runnable: Turn in, Answer out."""
        from langchain_core.runnables import RunnableLambda

        return RunnableLambda(self.ask, name="assistant")

    @cached_property
    def market(self) -> Market:
        """Needs, offers and organisations behind the same door."""
        from bot.market.service import Market

        return Market(self._settings)

    def draft_record(self, told: str, kind: RecordKind | None = None) -> ToldDraft:
        """A need or offer from plain words: by a configured model, checked against them, else by rules.

        Raises :class:`UsageError` when ``told`` tells neither and no ``kind`` is given. Needs no index.
        """
        from bot.answering.model.told import draft_told

        return draft_told(told, kind, self._today(), self._service)

    def introduce(self, need_id: str, offer_id: str, form: Form, stage: Stage) -> WordedIntroduction:
        """A draft introduction for a pair on file, worded by a configured model; nothing is saved.

        Raises :class:`MarketError` for an unknown need or offer. Needs no index.
        """
        from bot.introductions.drafting import draft_introduction
        from bot.introductions.wording import WordedIntroduction, word_introduction

        drafted = draft_introduction(self.market, need_id, offer_id, form, stage)
        if self._service is None:
            return WordedIntroduction(drafted, Mode.OFFLINE)
        return word_introduction(self._service, drafted)

    def _registering(self, turn: Turn) -> Answer | None:
        """The answer of a registration under way or begun by this turn."""
        from bot.partners.registration import continue_registration

        started = time.perf_counter()
        answer = continue_registration(replace(turn, question=checked_question(turn.question)), self._today())
        if answer is None:
            return None
        return replace(answer, elapsed_ms=round((time.perf_counter() - started) * 1000, 1))

    def _completed(self, answer: Answer, turn: Turn) -> Answer:
        """``answer`` with what the market adds to it."""
        from bot.partners.market_reader import MarketReader

        if answer.intent is not Intent.PARTNER and (turn.draft is None or not turn.draft.started):
            return answer
        return MarketReader(self.market).complete(answer, turn)

    def _asking(self, snapshot: _Snapshot, turn: Turn) -> Asking:
        """The reading of a turn that the evidence bears out best, ready to be answered."""
        turn = self._of_the_list(turn)
        first, *others = snapshot.understander.readings(turn)
        as_asked = self._asked_as(snapshot, first)
        for other in others:
            followed = self._asked_as(snapshot, other)
            if followed.nearest >= as_asked.nearest + FOLLOW_UP_GAIN:
                return followed
        return as_asked

    def _asked_as(self, snapshot: _Snapshot, understanding: Understanding) -> Asking:
        return Asking(
            understanding,
            snapshot.retriever.evidence,
            snapshot.index.document,
            self._today(),
            snapshot.thesaurus,
        )

    def _of_the_list(self, turn: Turn) -> Turn:
        """A question for the n-th of what was just listed, with that item's name in its place."""
        ordinal = ordinal_in(turn.question) if turn.history else None
        if ordinal is None:
            return turn
        *earlier, last = turn.history
        items = listed_items(self._offline(Turn(last, tuple(earlier))).answer)
        if not 0 < ordinal.number <= len(items):
            return turn
        question = turn.question.replace(ordinal.text, items[ordinal.number - 1], 1)
        return replace(turn, question=question, history=())

    def _never_empty(self, answer: Answer, understanding: Understanding, draft: Draft) -> Answer:
        """Say so when verification left nothing to say."""
        if answer.answer:
            return answer
        from bot.answering.wording import SUBJECT_NOT_STATED

        refused = Draft(
            understanding.intent,
            (Statement(SUBJECT_NOT_STATED),),
            draft.notes,
            refusal=Refusal.SUBJECT_NOT_STATED,
        )
        return compose(refused, understanding.question, understanding.standalone, self.document)

    def _current(self) -> _Snapshot:
        with self._lock:
            if self._snapshot is None or not self._snapshot.index.is_current():
                stale = self._snapshot
                self._snapshot = self._load()
                if stale is not None:
                    stale.index.close()
            return self._snapshot

    def _load(self) -> _Snapshot:
        index = SearchIndex.open(self._settings.data_dir)
        text = index.attachment(CATALOGUE_ATTACHMENT)
        catalogue = Catalogue.model_validate_json(text) if text else Catalogue()
        thesaurus = Thesaurus(() if THESAURUS in self._without else catalogue.thesaurus)
        disagreements = disagreements_from_json(index.attachment(DISAGREEMENTS_ATTACHMENT) or "[]")
        weights = TermWeights(index.document_frequency, index.chunk_count)
        retriever = Retriever(index, query_encoder(index, self._settings.embedding))
        documents = (index.document, index.catalogued)
        planner = Planner(catalogue, *documents, weights, thesaurus, disagreements, self._without)
        names = NameIndex(catalogue)
        return _Snapshot(
            index=index,
            retriever=retriever,
            catalogue=catalogue,
            understander=Understander(names, catalogue.scope, retriever.vector, index.fingerprint),
            planner=planner,
            thesaurus=thesaurus,
            weights=weights,
            names=names,
        )


def _growing(text: str) -> list[str]:
    from bot.text.sentences import split_sentences

    return [text[: span.end] for span in split_sentences(text)] or [text]
