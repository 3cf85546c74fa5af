"""What helps to ask, beside an answer: a name that was misspelt, what a bare word may stand for, what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.answering.composition import cited_markers
from bot.catalogue.models import Catalogue, ExampleGroup
from bot.catalogue.spelling import NameSpelling, Slip
from bot.encoder import Floats
from bot.lexicon import recogniser
from bot.suggestions.records import EXAMPLE_GROUP, Place, Suggestion, SuggestionList
from bot.suggestions.shelf import SuggestionShelf
from bot.text.figures import parse_figures
from bot.text.language import is_foreign
from bot.text.tokens import fold
from bot.types import Answer, Intent, Outcome, SpellingOffer, Turn

#: Chips below an answer, choices for a bare word, suggestions while typing.
FOLLOW_UPS, CHOICES, SUGGESTED = 3, 5, 5
#: A single choice chooses nothing.
FEWEST_CHOICES = 2
#: A bare word has no more characters.
BARE_CHARACTERS = 6
#: Typed text is compared up to this length: nobody suggests to who has already written a letter.
TYPED_CHARACTERS = 60
#: Examples of a group on the first screen, and what they are grouped under where staff give none.
EXAMPLES_SHOWN = 4
_GROUPS = ((Intent.POLICY, "问政策"), (Intent.PARTNER, "找伙伴"), (Intent.CONTACT, "找联系人"))
#: A longer question does not fit the box.
PLACEHOLDER_CHARACTERS = 20

#: A word as a question for all that is said of it.
_ABOUT = "{}方面的内容"

Ask = Callable[[Turn], Answer]
Vectors = Callable[[str], Floats | None]


class AskingHelp:
    """Over the suggestions and names of one index version. Safe to share between threads."""

    def __init__(
        self,
        kept: SuggestionList,
        catalogue: Catalogue,
        titles: Iterable[str],
        vector: Vectors,
        known: Callable[[str], bool],
    ) -> None:
        self._shelf = SuggestionShelf(kept)
        self._scope = catalogue.scope
        self._vector = vector
        topics = (each.topic for each in self._shelf.suggestions if not each.group.startswith(EXAMPLE_GROUP))
        self._spelling = NameSpelling((*_names(catalogue), *titles, *topics), known)

    def suggest(self, typed: str) -> tuple[str, ...]:
        """Up to five answered questions that fit what was typed so far, best first; none for an empty text."""
        typed = typed.strip()
        if not typed or len(typed) > TYPED_CHARACTERS:
            return ()
        found = self._shelf.near(typed, self._vector(typed), SUGGESTED)
        return tuple(each.question for each in found if each.question != typed)

    @property
    def examples(self) -> tuple[ExampleGroup, ...]:
        """The staff's examples as far as they are answered; without any, answered questions of each kind."""
        answered = self._shelf.questions
        if self._scope.examples:
            own = (
                ExampleGroup(title=group.title, questions=tuple(q for q in group.questions if q in answered))
                for group in self._scope.examples
            )
            # An index without a list (made by an earlier version) knows of none that fails.
            return tuple(group for group in own if group.questions) if answered else self._scope.examples
        return tuple(
            ExampleGroup(title=title, questions=questions)
            for intent, title in _GROUPS
            if (questions := self._spread_over(intent))
        )

    @property
    def placeholder(self) -> str:
        """One example that is short enough to stand in the box; empty without any."""
        questions = [question for group in self.examples for question in group.questions]
        short = [question for question in questions if len(question) <= PLACEHOLDER_CHARACTERS]
        return min(short, key=len, default="")

    def answered(self, turn: Turn, ask: Ask) -> Answer:
        """The answer to a turn, with what a misspelt name was taken for where that is what answers."""
        answer = ask(turn)
        if answer.intent is Intent.SMALLTALK and self._choices(turn.question):
            # A word alone sounds like small talk; the documents speak of it.
            told = ask(replace(turn, question=_ABOUT.format(turn.question.strip()), history=()))
            return replace(told, question=turn.question, standalone_question=turn.question)
        slips = self._spelling.slips(turn.question)
        if not slips:
            return answer
        corrected = _corrected(turn.question, slips)
        other = ask(replace(turn, question=corrected))
        if other.outcome not in (Outcome.ANSWERED, Outcome.NEAREST):
            return answer
        if not _is_answered(answer, slips) and other.outcome is Outcome.ANSWERED and all(slip.alike for slip in slips):
            return replace(other, question=turn.question, spelling=_offers(slips, corrected, applied=True))
        return replace(answer, spelling=_offers(slips, corrected, applied=False))

    def completed(self, answer: Answer, turn: Turn) -> Answer:
        """``answer`` with choices for a bare word and with questions to ask next, all seen to be answered."""
        if answer.follow_ups and answer.outcome is not Outcome.NOT_STATED:
            return answer
        asked = {turn.question.strip(), answer.standalone_question, *turn.history}
        choices = () if answer.spelling or answer.intent is Intent.OUT_OF_SCOPE else self._choices(turn.question)
        offered = {each.question for each in answer.spelling} | set(choices) | asked
        return replace(answer, choices=choices, follow_ups=self._next(answer, offered))

    def _choices(self, question: str) -> tuple[str, ...]:
        word = question.strip()
        if not _is_bare(word) or not any(self._shelf.has(word, each) for each in self._shelf.suggestions):
            return ()
        found = self._shelf.choices(word, self._vector(word), CHOICES)
        return tuple(each.question for each in found) if len(found) >= FEWEST_CHOICES else ()

    def _next(self, answer: Answer, offered: set[str]) -> tuple[str, ...]:
        """What the documents state beside what was answered; of a refusal, what is nearest to the question."""
        limit = FOLLOW_UPS + len(offered)
        found: tuple[Suggestion, ...] = ()
        if not answer.abstained:
            # What stands beside an answer (partners, events, contacts) is cited as well, and not what was told.
            told = set(cited_markers(answer.answer))
            places = [Place(each.document_id, each.start, each.end) for each in answer.citations if each.marker in told]
            found = self._shelf.related(places, self._vector(answer.standalone_question), limit)
        if answer.abstained and answer.outcome is Outcome.NOT_STATED:
            question = answer.standalone_question
            near = self._shelf.near(question, self._vector(question), limit, alike=FOLLOW_UPS)
            found = (*self._shelf.of_topic(question)[: FOLLOW_UPS - 1], *near)
        questions = [*answer.follow_ups, *(each.question for each in found)]
        if not questions and (answer.abstained or answer.outcome is Outcome.SMALLTALK):
            questions = [group.questions[0] for group in self.examples]
        fresh = dict.fromkeys(each for each in questions if each not in offered)
        return tuple(fresh)[:FOLLOW_UPS]

    def _spread_over(self, intent: Intent) -> tuple[str, ...]:
        """Answered questions of one kind, from as many documents as there are."""
        documents: dict[str, Suggestion] = {}
        for each in sorted(self._shelf.suggestions, key=_generality):
            if each.intent is intent and each.places and not each.question.startswith("《"):
                documents.setdefault(each.places[0].document_id, each)
        return tuple(each.question for each in list(documents.values())[:EXAMPLES_SHOWN])


def _generality(suggestion: Suggestion) -> tuple[bool, int]:
    """How little a question tells of what can be asked: a heading's contents least, then by length from the middle."""
    return suggestion.question.endswith("有哪些内容？"), abs(len(suggestion.question) - PLACEHOLDER_CHARACTERS // 2)


def _names(catalogue: Catalogue) -> Iterable[str]:
    for programme in catalogue.programmes:
        yield from (programme.name, *programme.aliases)
    for organisation in catalogue.organisations:
        yield from (organisation.name, *organisation.aliases)
    scope = catalogue.scope
    yield from filter(None, (scope.region, *scope.region_aliases, *scope.within, *scope.also_covers))


def _corrected(question: str, slips: Iterable[Slip]) -> str:
    for slip in slips:
        question = question.replace(slip.typed, slip.meant, 1)
    return question


def _is_answered(answer: Answer, slips: Iterable[Slip]) -> bool:
    """Whether a question is answered as it is spelt: what was cited has to speak of what was typed."""
    quotes = fold("".join(citation.quote for citation in answer.citations))
    return answer.outcome is Outcome.ANSWERED and all(slip.typed in quotes for slip in slips)


def _offers(slips: Iterable[Slip], question: str, *, applied: bool) -> tuple[SpellingOffer, ...]:
    return tuple(SpellingOffer(slip.typed, slip.meant, question, applied) for slip in slips)


def _is_bare(word: str) -> bool:
    """Whether a message is no question but a word: short, without question words, figures or marks."""
    plain = word.isalnum() and len(word) <= BARE_CHARACTERS and not is_foreign(word)
    return plain and not recogniser("question_words").search(word) and not parse_figures(word)
