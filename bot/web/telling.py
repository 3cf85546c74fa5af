"""What code composed in Chinese, in the language of the page: as it is, or its English twin from the table."""

from __future__ import annotations

from bot.web.english import phrasebook
from bot.web.english.days import in_words
from bot.web.english.finishing import finished
from bot.web.markup import Html, language_of
from bot.web.texts import ENGLISH, Language


def told(words: str, language: str) -> str:
    """A label, reason, advice or error; what has no English stays as it is."""
    return words if language != Language.ENGLISH else phrasebook.page().told(words) or words


def told_value(words: str, language: str) -> str:
    """A text that is a label, a list of such, a day, or somebody's own words."""
    return words if language != Language.ENGLISH else phrasebook.page().value(words)


def told_problem(words: str, language: str) -> str:
    """What went wrong; where the table does not know it, in the words at hand, with a line that says so."""
    if language != Language.ENGLISH:
        return words
    english = phrasebook.page().told(words)
    if english is None and language_of(words) is None:
        # Said in English by whoever raised it; errors close with a Chinese stop.
        return words.rstrip("。")
    return english or ENGLISH.told_in_chinese.format(words)


def told_answer(words: str, language: str) -> str:
    """An answer or a note: our own frame in the language of the page, what documents say as they say it."""
    if language != Language.ENGLISH:
        return words
    return "\n".join(phrasebook.answers().told(line) or line for line in words.split("\n"))


def told_question(words: str, language: str) -> str:
    """A question that is offered."""
    return words if language != Language.ENGLISH else phrasebook.questions().say(words) or words


def told_day(day: str, language: str) -> str:
    """An ISO day."""
    return day if language != Language.ENGLISH else in_words(day)


def page_of(markup: Html, language: str) -> Html:
    """Markup as it leaves for the page: an English one with its last touch."""
    return finished(markup) if language == Language.ENGLISH else markup
