"""Words of the form for letters, in Chinese and in English; the rest of it stands with the other views' words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.introductions.records import Language as Written
from bot.web.texts import Language


@dataclass(frozen=True, slots=True)
class LetterTexts:
    """The words in one language."""

    language: str
    languages: dict[Written, str]
    pdf: str


CHINESE = LetterTexts("信函语言", {Written.CHINESE: "中文", Written.ENGLISH: "英文"}, "下载 PDF")
ENGLISH = LetterTexts(
    "Language of the letter", {Written.CHINESE: "Chinese", Written.ENGLISH: "English"}, "Download PDF"
)


def letter_texts(language: Language) -> LetterTexts:
    """The words in ``language``."""
    return ENGLISH if language is Language.ENGLISH else CHINESE
