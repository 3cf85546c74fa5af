"""The one door: Turn → Answer, used alike by the page, the command line and the tests."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from bot.answering.offline import OfflineAnswerer
from bot.answering.planner import log_decisions
from bot.catalogue.models import Catalogue, ExampleGroup, Scope
from bot.index.search_index import SearchIndex
from bot.introductions.records import Form, Language, Stage
from bot.llm import ModelService
from bot.retrieval.encoder import query_encoder
from bot.settings import OfficeSettings, Settings
from bot.types import Answer, Document, Evidence, Feedback, Hit, Intent, Mode, RecordKind, Turn
from bot.understanding.understanding import checked_question

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.answering.model.told import ToldDraft
    from bot.inquiries.office import InquiryOffice
    from bot.introductions.wording import WordedIntroduction
    from bot.market.service import Market


class Assistant:
    """Answers turns from the index in force. Safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        today: Callable[[], date] = date.today,
        without: Collection[str] = (),
        version: int | None = None,
    ) -> None:
        self._settings = settings
        self._without = frozenset(without)
        self._version = version
        self._today = today
        self._lock = threading.Lock()
        self._service = ModelService(settings.llm) if settings.llm.configured else None
        self._answerer: OfflineAnswerer | None = None
        #: Told of every whole answer: counts, never words, leave through it.
        self.watchers: list[Callable[[Answer], None]] = []

    @classmethod
    def open(cls, settings: Settings, without: Collection[str] = (), version: int | None = None) -> Assistant:
        """Open the index in ``settings.data_dir``, ``without`` some readers or the thesaurus.

        Without ``version`` it is the one in force, now and after each ingest. Raises :class:`IndexMissing` with the
        remedy.
        """
        assistant = cls(settings, without=without, version=version)
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
        """The whole answer from the documents and the market, without a model."""
        started = time.perf_counter()
        answerer = self._current()
        answer = self._completed(answerer.help.answered(turn, answerer.ask), turn)
        return self._timed(answerer.help.completed(answer, turn), started)

    def _timed(self, answer: Answer, started: float) -> Answer:
        log_decisions(secrets.token_hex(4), answer.decisions)
        timed = replace(answer, elapsed_ms=round((time.perf_counter() - started) * 1000, 1))
        for watcher in self.watchers:
            watcher(timed)
        return timed

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
        answerer = self._current()
        modelled = ModelledAnswerer(
            service,
            answerer.planner,
            answerer.asking,
            answerer.names.named_in,
            answerer.index.document,
            self._today(),
            self._settings.llm.summary,
        )
        for step in modelled.steps(turn):
            if step.final:
                answer = answerer.composed(step.draft, step.understanding, step.decisions)
                answer = answerer.help.completed(self._completed(answer, turn), turn)
                yield self._timed(replace(answer, mode=step.mode), started)
            else:
                elapsed = round((time.perf_counter() - started) * 1000, 1)
                growing = answerer.growing(step.draft, step.understanding)
                yield replace(growing, mode=step.mode, elapsed_ms=elapsed)

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

    def suggest(self, typed: str) -> tuple[str, ...]:
        """Questions that were seen to be answered and fit what was typed so far, best first, at most five."""
        return self._current().help.suggest(typed)

    @property
    def examples(self) -> tuple[ExampleGroup, ...]:
        """Answered questions for the first screen, grouped; the staff's own where they give any."""
        return self._current().help.examples

    @property
    def placeholder(self) -> str:
        """One of the examples, short enough for the box; empty for a corpus that answers none."""
        return self._current().help.placeholder

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

    @property
    def model_waits(self) -> float:
        """Seconds until a model service that failed is tried again; 0 while it is well or none is configured."""
        return self._service.breaker.open_seconds if self._service is not None else 0.0

    def check_index(self) -> None:
        """Raise :class:`SearchIndexError` where no index can be asked."""
        self._current()

    def record_feedback(self, feedback: Feedback) -> None:
        """Keep what a user said of an answer, masked; nothing where the settings keep no questions."""
        from bot.questions.feedback import record_feedback

        if self._settings.desk.question_days:
            record_feedback(self._settings.resolved_database_url, feedback)

    def as_runnable(self) -> Runnable[Turn, Answer]:
        """The assistant as a LangChain runnable: Turn in, Answer out."""
        from langchain_core.runnables import RunnableLambda

        return RunnableLambda(self.ask, name="assistant")

    @cached_property
    def market(self) -> Market:
        """Needs, offers and organisations behind the same door."""
        from bot.market.service import Market

        return Market(self._settings, self._today)

    @cached_property
    def inquiries(self) -> InquiryOffice:
        """Questions left to the office."""
        from bot.inquiries.office import InquiryOffice
        from bot.store.database import shared_database

        return InquiryOffice(shared_database(self._settings.resolved_database_url))

    def draft_record(self, told: str, kind: RecordKind | None = None) -> ToldDraft:
        """A need or offer from plain words: by a configured model, checked against them, else by rules.

        Raises :class:`UsageError` when ``told`` tells neither and no ``kind`` is given. Needs no index.
        """
        from bot.answering.model.told import draft_told

        return draft_told(told, kind, self._today(), self._service, self.market.reader)

    @property
    def office(self) -> OfficeSettings:
        """The office that writes letters."""
        return self._settings.office

    def introduce(
        self, need_id: str, offer_id: str, form: Form, stage: Stage, language: Language = Language.CHINESE
    ) -> WordedIntroduction:
        """A draft introduction for a pair on file, put in order by a configured model; nothing is saved.

        Raises :class:`MarketError` for an unknown need or offer. Needs no index.
        """
        from bot.introductions.drafting import draft_introduction
        from bot.introductions.wording import WordedIntroduction, word_introduction

        drafted = draft_introduction(
            self.market, need_id, offer_id, form, stage, today=self._today(), office=self.office, language=language
        )
        if self._service is None:
            return WordedIntroduction(drafted, Mode.OFFLINE)
        return word_introduction(self._service, drafted)

    def _registering(self, turn: Turn) -> Answer | None:
        """The answer of a registration under way or begun by this turn."""
        from bot.partners.registration import continue_registration

        started = time.perf_counter()
        asked = replace(turn, question=checked_question(turn.question))
        answer = continue_registration(asked, self._today(), self._current().understander.wishes)
        return None if answer is None else self._timed(answer, started)

    def _completed(self, answer: Answer, turn: Turn) -> Answer:
        """``answer`` with what the market adds to it."""
        from bot.partners.market_reader import MarketReader

        if answer.intent is not Intent.PARTNER and (turn.draft is None or not turn.draft.started):
            return answer
        return MarketReader(self.market, self._current().understander.wishes).complete(answer, turn)

    def _current(self) -> OfflineAnswerer:
        with self._lock:
            if self._answerer is None or (self._version is None and not self._answerer.index.is_current()):
                stale = self._answerer
                self._answerer = self._load()
                if stale is not None:
                    stale.index.close()
            return self._answerer

    def _load(self) -> OfflineAnswerer:
        index = SearchIndex.open(self._settings.data_dir, self._version, chroma=self._settings.chroma)
        return OfflineAnswerer(index, query_encoder(index, self._settings.embedding), self._today, self._without)


def _growing(text: str) -> list[str]:
    from bot.text.sentences import split_sentences

    return [text[: span.end] for span in split_sentences(text)] or [text]
