"""What the market adds to an answer: fitting needs and offers on file, and a draft of a told wish.

Matches stand beside the cited answer and never in it: they are records, not documents. A market that
cannot be read leaves the answer as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.answering.wording import NO_MATCH_EITHER, matches_on_file
from bot.errors import AssistantError
from bot.market.drafting import draft_state, start_draft
from bot.market.matching import MatchResult, looked_for
from bot.market.service import Market
from bot.market.wishes import WishReader
from bot.partners.registration import waiting_note
from bot.types import Answer, Computed, Intent, RecordKind, Turn

_LOGGER = logging.getLogger(__name__)

#: Cards beside an answer; all others are a click away.
MAX_MATCHES = 3
_CANDIDATES = 10


class MarketReader:
    """Completes answers with what is on file. The constructor does no I/O."""

    def __init__(self, market: Market, reader: WishReader, today: Callable[[], date] = date.today) -> None:
        self._market, self._reader, self._today = market, reader, today

    def complete(self, answer: Answer, turn: Turn) -> Answer:
        """``answer`` with matches and a draft where a partner is sought; else unchanged but for a waiting draft."""
        answer = self._with_waiting_draft(answer, turn)
        if answer.intent is not Intent.PARTNER:
            return answer
        wish = answer.standalone_question
        if answer.draft is None and self._reader.recognise(turn.question) is not None:
            draft = start_draft(turn.question, today=self._today(), reader=self._reader)
            answer = replace(answer, draft=draft_state(draft)) if draft is not None else answer
        result = self._matched(wish)
        if result is None:
            return answer
        matches = result.proposed[:MAX_MATCHES]
        answer = replace(answer, matches=matches, historic=result.historic, fellows=result.fellows)
        if not answer.abstained:
            return answer
        if not matches:
            return replace(answer, notes=(NO_MATCH_EITHER, *answer.notes))
        text = matches_on_file(len(matches), matches[0].kind)
        count = Computed(f"{len(matches)} 条", len(matches), "所列的匹配记录")
        return replace(answer, abstained=False, answer=text, computed=(*answer.computed, count))

    def _with_waiting_draft(self, answer: Answer, turn: Turn) -> Answer:
        if turn.draft is None or not turn.draft.started:
            return answer
        note = waiting_note(turn.draft)
        return replace(answer, draft=draft_state(turn.draft), notes=(*answer.notes, note) if note else answer.notes)

    def _matched(self, wish: str) -> MatchResult | None:
        """Counterparts for a wish; ``None`` when there is no market or it cannot be read."""
        if not self._market.on_file:
            return None
        sought = looked_for(wish, self._reader) or RecordKind.OFFER
        try:
            result = self._market.matcher.match_text(wish, _CANDIDATES, kind=sought, fellows=True)
            # What was sought before by others is worth knowing, also for those who seek the same now.
            past = self._market.matcher.match_text(wish, 1, kind=sought.counterpart).historic
        except (AssistantError, OSError):
            # Staff find the reason in the log; the cited answer does not suffer.
            _LOGGER.exception("the market could not be read")
            return None
        return replace(result, historic=(*result.historic, *past))
