"""What the documents are not for: other places, and what no office answers."""

from __future__ import annotations

from collections.abc import Callable

from bot.answering.asking import Asking, Proposal
from bot.answering.draft import Draft, Refusal, Statement
from bot.answering.wording import OTHER_PLACE, OTHER_PLACE_UNKNOWN_REGION, kindly_declined
from bot.catalogue.models import Scope
from bot.lexicon import recogniser
from bot.text.places import places_in
from bot.text.tokens import content_bigrams, fold
from bot.types import Intent

#: A message is off the subject when the classifier is so sure and no sentence comes nearer than this cosine.
OFF_TOPIC_CONFIDENCE, OFF_TOPIC_COSINE = 0.6, 0.5
#: How far after a place its policy is named.
OWNER_REACH = 14
#: Passages whose place is looked for.
_PASSAGES_READ = 3


class OutsideReader:
    """Proposes refusals only; the one for another place is a veto."""

    name = "outside"

    def __init__(self, scope: Scope, known: Callable[[str], bool]) -> None:
        self._scope = scope
        self._known = known

    def propose(self, asking: Asking) -> Proposal | None:
        """A refusal of what is off the subject or of another place."""
        understanding = asking.understanding
        listed = not understanding.names and any(word in understanding.standalone for word in self._scope.out_of_scope)
        if listed or self._off_topic(asking):
            draft = Draft(Intent.OUT_OF_SCOPE, (Statement(kindly_declined(self._scope)),), refusal=Refusal.OUT_OF_SCOPE)
            return Proposal(self.name, draft, 1.0, "off the subject", veto=True)
        place = self._other_place(asking)
        if place is None:
            return None
        region = self._scope.region
        text = (OTHER_PLACE if region else OTHER_PLACE_UNKNOWN_REGION).format(place=place, region=region)
        draft = Draft(understanding.intent, (Statement(text),), refusal=Refusal.OTHER_PLACE)
        return Proposal(self.name, draft, 1.0, "another place", veto=True)

    def _off_topic(self, asking: Asking) -> bool:
        understanding = asking.understanding
        if understanding.intent is not Intent.OUT_OF_SCOPE or understanding.names:
            return False
        units = asking.units(understanding.standalone)
        nearest = max((each.sentence.cosine for each in units), default=0.0)
        return understanding.intent_confidence >= OFF_TOPIC_CONFIDENCE and nearest < OFF_TOPIC_COSINE

    def _other_place(self, asking: Asking) -> str | None:
        scope = self._scope
        home = fold(" ".join((scope.region, *scope.region_aliases, *scope.within)))
        question = asking.understanding.standalone
        for place in places_in(question):
            if place in home or self._is_ordinary(place):
                continue
            if place in scope.also_covers and _owns_policy(place, question):
                return place
            if place not in scope.also_covers and not self._on_file(place, asking):
                return place
        return None

    def _is_ordinary(self, place: str) -> bool:
        """A word before 区 or 县 that the documents use by itself (要贷款区里…) names no place."""
        return place[-1] in "区县" and len(place) == 3 and self._known(place[:2])

    def _on_file(self, place: str, asking: Asking) -> bool:
        if any(place in match.name for match in asking.understanding.names):
            return True
        if not self._scope.region:
            # Nobody said what place this corpus is about: only a place it never names is another one.
            return all(self._known(term) for term in content_bigrams(place))
        return any(
            place in text
            for hit in asking.hits[:_PASSAGES_READ]
            for text in (hit.chunk.text, hit.metadata.title, hit.chunk.section)
        )


def _owns_policy(place: str, question: str) -> bool:
    """Whether the question asks for the policies of ``place``, not for somebody who comes from there."""
    after = question.split(place, 1)[1][:OWNER_REACH]
    return bool(recogniser("policy_words").search(after)) and not recogniser("coming_words").search(after)
