"""Answers from one version of the index alone: no model, no market, nothing but documents and their catalogue."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

from bot.answering.asking import FOLLOW_UP_GAIN, Asking
from bot.answering.composition import compose
from bot.answering.coverage import TermWeights
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.planner import Planner
from bot.answering.wording import SUBJECT_NOT_STATED
from bot.catalogue.conflicts import disagreements_from_json
from bot.catalogue.models import Catalogue
from bot.catalogue.names import NameIndex
from bot.catalogue.thesaurus import Thesaurus
from bot.encoder import Embedder
from bot.index import attachments
from bot.index.search_index import SearchIndex
from bot.retrieval.retriever import Retriever
from bot.suggestions.helping import AskingHelp
from bot.suggestions.records import SuggestionList
from bot.types import Answer, Decision, Turn
from bot.understanding.follow_ups import listed_items, ordinal_in
from bot.understanding.understanding import Understander, Understanding

#: What may be left out besides readers and word lists, to see what it earns: the corpus's own lay words.
THESAURUS = "thesaurus"


class OfflineAnswerer:
    """Everything read from one index version; replaced as a whole when a newer one is published.

    ``embedder`` is the one the index was built with, or ``None``: words alone then serve. ``without`` names readers,
    or the thesaurus, to leave out. Safe to share between threads.
    """

    def __init__(
        self,
        index: SearchIndex,
        embedder: Embedder | None,
        today: Callable[[], date],
        without: Collection[str] = (),
    ) -> None:
        self.index = index
        self.retriever = Retriever(index, embedder)
        text = index.attachment(attachments.CATALOGUE)
        self.catalogue = Catalogue.model_validate_json(text) if text else Catalogue()
        self.thesaurus = Thesaurus(() if THESAURUS in without else self.catalogue.thesaurus)
        self.weights = TermWeights(index.document_frequency, index.chunk_count)
        self.names = NameIndex(self.catalogue)
        self.understander = Understander(self.names, self.catalogue.scope, self.retriever.vector, index.fingerprint)
        disagreements = disagreements_from_json(index.attachment(attachments.DISAGREEMENTS) or "[]")
        documents = (index.document, index.catalogued)
        self.planner = Planner(self.catalogue, *documents, self.weights, self.thesaurus, disagreements, without)
        titles = (name for _, known in index.catalogued() for name in (known.title, known.enclosed_title) if name)
        #: What helps to ask this corpus.
        self.help = AskingHelp(
            SuggestionList.from_json(index.attachment(attachments.SUGGESTIONS)),
            self.catalogue,
            titles,
            self.retriever.vector,
            self.weights.known,
        )
        self._today = today

    def ask(self, turn: Turn) -> Answer:
        """The whole answer to a turn. Raises :class:`QuestionError` for what is no question."""
        asking = self.asking(turn)
        planned = self.planner.plan(asking)
        return self.composed(planned.draft, asking.understanding, planned.decisions)

    def asking(self, turn: Turn) -> Asking:
        """The reading of a turn that the evidence bears out best, ready to be answered."""
        turn = self._of_the_list(turn)
        first, *others = self.understander.readings(turn)
        as_asked = self._asked_as(first)
        for other in others:
            followed = self._asked_as(other)
            if followed.nearest >= as_asked.nearest + FOLLOW_UP_GAIN:
                return followed
        return as_asked

    def composed(self, draft: Draft, understanding: Understanding, decisions: tuple[Decision, ...] = ()) -> Answer:
        """A finished draft as an answer that always says something."""
        answer = self.growing(draft, understanding)
        if not answer.answer:
            # Verification left nothing to say.
            refusal = (Statement(SUBJECT_NOT_STATED),)
            refused = Draft(understanding.intent, refusal, draft.notes, refusal=Refusal.SUBJECT_NOT_STATED)
            answer = self.growing(refused, understanding)
        return replace(answer, decisions=decisions)

    def growing(self, draft: Draft, understanding: Understanding) -> Answer:
        """A draft as an answer so far."""
        return compose(draft, understanding.question, understanding.standalone, self.index.document)

    def _asked_as(self, understanding: Understanding) -> Asking:
        return Asking(understanding, self.retriever.evidence, self.index.document, self._today(), self.thesaurus)

    def _of_the_list(self, turn: Turn) -> Turn:
        """A question for the n-th of what was just listed, with that item's name in its place.

        What was just listed is found by asking once more, with the one question before it: a conversation of such
        questions costs no more for being long.
        """
        ordinal = ordinal_in(turn.question) if turn.history else None
        if ordinal is None:
            return turn
        *earlier, last = turn.history
        items = listed_items(self.ask(Turn(last, tuple(earlier[-1:]))).answer)
        if not 0 < ordinal.number <= len(items):
            return turn
        question = turn.question.replace(ordinal.text, items[ordinal.number - 1], 1)
        return replace(turn, question=question, history=())
