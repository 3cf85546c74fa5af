"""What happens in the page: asking, stopping, rating, changing language, starting anew.

The functions know nothing of Gradio's components: they take records and give back markup, so that
each can be read and tested by itself. :mod:`bot.web.app` wires them to the page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from bot.errors import AssistantError
from bot.types import Feedback
from bot.web import frame, rendering
from bot.web.conversation import Conversation
from bot.web.evidence import document_view, gather
from bot.web.interface import PageAssistant
from bot.web.markup import EMPTY, Html, tag, text
from bot.web.progress import AnswersInProgress, Progress, Wish, interruptible
from bot.web.texts import Texts, texts_for

_LOGGER = logging.getLogger(__name__)

LONGEST_REASON = 500
"""Characters of a reason that are kept; the form allows no more."""


@dataclass(frozen=True, slots=True)
class View:
    """The conversation as shown: settled exchanges apart from the one that may still grow."""

    earlier: Html
    current: Html


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat page's behaviour over one assistant; conversations are handed in and given back."""

    assistant: PageAssistant
    answers: AnswersInProgress = field(default_factory=AnswersInProgress)

    def view(self, conversation: Conversation, language: str) -> View:
        """The conversation, or the first screen when there is none yet."""
        texts = texts_for(language)
        if conversation.current is None:
            return View(EMPTY, frame.welcome(self.assistant, texts))
        return View(
            rendering.exchanges(conversation.earlier, texts),
            rendering.exchange(conversation.current, texts),
        )

    def ask(self, question: str, conversation: Conversation, language: str) -> Iterator[Conversation]:
        """The conversation with the new question at once, then with its growing answer."""
        texts = texts_for(language)
        conversation = conversation.asking(question.strip())
        with self.answers.answering(conversation.key) as progress:
            yield conversation
            yield from self._answering(conversation, progress, texts)

    def _answering(self, conversation: Conversation, progress: Progress, texts: Texts) -> Iterator[Conversation]:
        open_document = cache(self.assistant.document)
        problem: str | None = None
        try:
            for answer in interruptible(self.assistant.stream(conversation.turn()), progress):
                conversation = conversation.growing(answer, gather(answer.citations, open_document))
                yield conversation
        except AssistantError as error:
            problem = str(error)
        except Exception:
            # The outermost place where a reader can still be told; staff find the trace in the log.
            _LOGGER.exception("the question could not be answered")
            problem = texts.unexpected
        if progress.wish is Wish.ABANDON:
            return
        if progress.wish is Wish.STOP:
            problem = texts.stopped
        elif problem is None and conversation.exchanges[-1].answer is None:
            problem = texts.unexpected
        yield conversation.settled(problem)

    def stop(self, conversation: Conversation) -> None:
        """Have the answer in progress left as it stands; :meth:`ask` then ends."""
        self.answers.stop(conversation.key)

    def restart(self, conversation: Conversation) -> Conversation:
        """A new conversation; an answer in progress for the old one is dropped."""
        self.answers.abandon(conversation.key)
        return Conversation()

    def rate(self, conversation: Conversation, number: int, useful: bool, reason: str, language: str) -> Html:
        """Keep a verdict on one answer; gives back the notice to show."""
        texts = texts_for(language)
        rated = conversation.exchange(number)
        if rated is None or rated.answer is None:
            return frame.notice(texts.feedback_failed, "problem")
        feedback = Feedback(rated.question, rated.answer.answer, useful, reason.strip()[:LONGEST_REASON])
        try:
            self.assistant.record_feedback(feedback)
        except AssistantError as error:
            return frame.notice(f"{texts.feedback_failed} {error}", "problem")
        return frame.notice(texts.feedback_thanks)

    def open_document(self, document_id: str, start: int, end: int, language: str) -> Html:
        """A whole document with ``start:end`` marked, or a sentence that says why not."""
        texts = texts_for(language)
        try:
            document = self.assistant.document(document_id)
        except AssistantError as error:
            return tag("p", text(str(error)), class_="problem", role="alert")
        return document_view(document, start, end, texts)

    def opened(self, request: Sequence[object]) -> Html:
        """:meth:`open_document` for what the browser sends: id, start, end, language."""
        match list(request):
            case [str() as document_id, int() as start, int() as end, str() as language]:
                return self.open_document(document_id, start, end, language)
        return tag("p", text(texts_for("").document_failed), class_="problem", role="alert")
