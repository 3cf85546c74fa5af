"""What happens in the page: asking, stopping, rating, showing again what the browser kept, opening a document.

The functions know nothing of Gradio or of the network: they take records and give back records or markup, so that
each can be read and tested by itself. No conversation is kept here. :mod:`bot.web.app` wires them to the page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from bot.errors import AssistantError
from bot.questions.keeping import QuestionKeeper
from bot.questions.records import AskedAt
from bot.types import Feedback
from bot.web import frame, rendering
from bot.web.conversation import Asked, Ending, Exchange, KeptExchange, read_exchange, within_bounds
from bot.web.evidence import document_view, gather
from bot.web.interface import PageAssistant
from bot.web.markup import Html, tag, text
from bot.web.progress import AnswersInProgress, Progress, Wish, interruptible
from bot.web.telling import page_of, told_problem
from bot.web.texts import Texts, texts_for

_LOGGER = logging.getLogger(__name__)

LONGEST_REASON = 500
"""Characters of a reason that are kept; the form allows no more."""


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat page's behaviour over one assistant; what was said before is handed in."""

    assistant: PageAssistant
    answers: AnswersInProgress = field(default_factory=AnswersInProgress)
    keeper: QuestionKeeper | None = None

    def first_screen(self, language: str) -> Html:
        """What can be asked, before anything is."""
        return frame.welcome(self.assistant, texts_for(language), self.keeper.days if self.keeper is not None else 0)

    def ask(self, asked: Asked) -> Iterator[Exchange]:
        """The exchange with the question alone at once, then with its growing answer; the last one is finished.

        An answer that its reader has left just ends.
        """
        exchange = Exchange(asked.number, asked.question.strip())
        with self.answers.answering(asked.key) as progress:
            yield exchange
            yield from self._answering(exchange, asked, progress)

    def _answering(self, exchange: Exchange, asked: Asked, progress: Progress) -> Iterator[Exchange]:
        texts = texts_for(asked.language)
        open_document = cache(self.assistant.document)
        problem: str | None = None
        try:
            for answer in interruptible(self.assistant.stream(asked.turn()), progress):
                exchange = replace(exchange, answer=answer, evidence=gather(answer.citations, open_document))
                yield exchange
        except AssistantError as error:
            problem = error.public
        except Exception:
            # The outermost place where a reader can still be told; staff find the trace in the log.
            _LOGGER.exception("the question could not be answered")
            problem = texts.unexpected
        if progress.wish is Wish.ABANDON:
            return
        if progress.wish is Wish.STOP:
            problem = texts.stopped
        elif problem is None and exchange.answer is None:
            problem = texts.unexpected
        if self.keeper is not None and problem is None and exchange.answer is not None:
            self.keeper.keep(exchange.answer, AskedAt.PAGE, asked.key)
        yield replace(exchange, problem=problem, finished=True)

    def stop(self, key: str) -> bool:
        """Have the answer in progress left as it stands; :meth:`ask` then ends with it.

        False where no answer for ``key`` is in progress here.
        """
        return self.answers.stop(key)

    def leave(self, key: str) -> None:
        """Have the answer in progress dropped: nobody waits for it any more."""
        self.answers.abandon(key)

    # --- what the browser kept ------------------------------------------------------------------

    def shown_again(self, handed: Sequence[tuple[int, str]], language: str) -> list[Html]:
        """Kept exchanges, each under its number, as markup in the order handed over.

        What cannot be read is a line that says so. Every quote is looked up in the documents on file anew.
        """
        texts = texts_for(language)
        if not within_bounds([written for _, written in handed]):
            return [_unreadable(number, texts) for number, _ in handed]
        open_document = cache(self.assistant.document)
        shown = []
        for number, written in handed:
            kept = read_exchange(written)
            if kept is None:
                shown.append(_unreadable(number, texts))
                continue
            evidence = gather(kept.answer.citations, open_document) if kept.answer is not None else ()
            exchange = Exchange(number, kept.question, kept.answer, evidence, _problem(kept, texts), finished=True)
            shown.append(rendering.exchange(exchange, texts))
        return shown

    def rate(self, written: str, useful: bool, reason: str, language: str, key: str = "") -> Html:
        """Keep a verdict on a kept exchange, that of ``key`` where it is known; gives back the notice to show."""
        texts = texts_for(language)
        rated = read_exchange(written)
        if rated is None or rated.answer is None:
            return frame.notice(texts.feedback_failed, "problem")
        if self.keeper is not None and not self.keeper.days:
            return frame.notice(texts.help.nothing_kept)
        feedback = Feedback(rated.question, rated.answer.answer, useful, reason.strip()[:LONGEST_REASON], key)
        try:
            self.assistant.record_feedback(feedback)
        except AssistantError as error:
            return frame.notice(f"{texts.feedback_failed} {told_problem(error.public, language)}", "problem")
        return frame.notice(texts.feedback_thanks)

    def open_document(self, document_id: str, start: int, end: int, language: str) -> Html:
        """A whole document with ``start:end`` marked, or a sentence that says why not."""
        texts = texts_for(language)
        try:
            document = self.assistant.document(document_id)
        except AssistantError as error:
            return tag("p", text(told_problem(error.public, language)), class_="problem", role="alert")
        return page_of(document_view(document, start, end, texts), language)


def _problem(kept: KeptExchange, texts: Texts) -> str | None:
    """What is said below a kept exchange, in the language of the page where the words are the page's own."""
    if kept.unreadable:
        return texts.kept.unreadable
    known = {Ending.STOPPED: texts.stopped, Ending.INTERRUPTED: texts.kept.interrupted}
    return known.get(kept.ending) or kept.problem or (texts.kept.interrupted if kept.answer is None else None)


def _unreadable(number: int, texts: Texts) -> Html:
    return tag(
        "article",
        tag("p", text(texts.kept.unreadable), class_="problem"),
        class_="exchange unreadable",
        id=f"exchange-{number}",
        data_exchange=number,
    )
