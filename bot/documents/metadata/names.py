"""When two titles name the same document: quotes, brackets, blanks and the name of the issuer aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.documents.markers import BODY_SUFFIX

#: Fewer characters name a genre or a subject and no document.
SHORTEST_NAME = 6
_DROPPED = str.maketrans("", "", "《》〈〉“”\"'‘’「」『』")
_BRACKETS = str.maketrans("([【［", "（（（（") | str.maketrans(")]】］", "））））")
_ENCLOSING = re.compile(r"(?:印发|公布|发布|转发|修订|重新印发)(?P<title>.{6,}?)的(?:通知|公告|决定|命令|通告)$")
#: （试行） may be left out where a document is named; （征求意见稿） makes it another.
_TRIAL = re.compile(r"（(?:试行|暂行)）$")
_STAGE = re.compile(r"（[^（）]{0,14}(?:稿|草案|试行|暂行|修订|修正)）$")
#: What may stand before a name that is left short elsewhere: places and bodies.
_PREFIX = re.compile(rf"[\u4e00-\u9fff、（）·]*(?:[省市区县州盟旗镇]|街道|新区|园区|{BODY_SUFFIX}|共和国)")


@dataclass(frozen=True, slots=True)
class TitleName:
    """A title in one spelling, with the names among which a short one may be understood."""

    text: str
    context: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        """The last characters, which two names of one document share."""
        return self.text[-SHORTEST_NAME:]


def title_names(title: str, enclosed: str | None, context: Sequence[str]) -> tuple[TitleName, ...]:
    """The names that a document answers to: its title, and the text that it brings."""
    known = (*context, title)
    texts = [plain_title(title), *([plain_title(enclosed)] if enclosed else [])]
    brought = _ENCLOSING.search(texts[0])
    if brought:
        texts.append(brought["title"])
    names = dict.fromkeys(_TRIAL.sub("", text) for text in texts)
    return tuple(TitleName(name, known) for name in names if len(name) >= SHORTEST_NAME)


def plain_title(title: str) -> str:
    """A title without blanks and quotes, its brackets and digits in one width.

    >>> plain_title("《云汀市 科技创新券 管理办法(试行)》")
    '云汀市科技创新券管理办法（试行）'
    """
    folded = unicodedata.normalize("NFKC", title).translate(_DROPPED)
    return "".join(folded.split()).translate(_BRACKETS)


def same_title(one: Sequence[TitleName], other: Sequence[TitleName], *, exact: bool) -> bool:
    """Whether any name of ``one`` is a name of ``other``, not ``exact``ly: but for the place or body before it.

    >>> short = title_names("科技创新券管理办法", None, ["云汀市科学技术局"])
    >>> same_title(title_names("云汀市科技创新券管理办法", None, []), short, exact=False)
    True
    >>> same_title(title_names("南樟区科技创新券管理办法", None, []), short, exact=False)
    False
    """
    return any(_same(left, right, exact=exact) for left in one for right in other)


def version_key(title: str, enclosed: str | None) -> str | None:
    """What the versions of one document share: the name of its text without 试行, 修订 or 征求意见稿."""
    brought = _ENCLOSING.search(plain_title(title))
    name = plain_title(enclosed or (brought["title"] if brought else title))
    name = _STAGE.sub("", name)
    return name if len(name) >= SHORTEST_NAME else None


def _same(left: TitleName, right: TitleName, *, exact: bool) -> bool:
    if exact or left.text == right.text:
        return left.text == right.text
    short, long = sorted((left, right), key=lambda name: len(name.text))
    if not long.text.endswith(short.text):
        return False
    before = long.text[: -len(short.text)]
    if _PREFIX.fullmatch(before) is None:
        return False
    # A short name is understood where it is used: 本市's own rules, not those of the next town.
    named = [name for name in short.context if _PREFIX.match(name)]
    return not named or any(before[:2] in name for name in named)
