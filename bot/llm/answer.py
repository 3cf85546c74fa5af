"""The answer in what a model sends: cleaned of characters nobody sees, without thoughts, held where needed.

A piece that was shown cannot be taken back, and a reply whose thoughts nothing opens tells so only where
they end. So the first reply of a service is held back until it is known how the service marks its
thoughts: by an opening tag, by a field of their own, or by the end of a whole reply without a stray
closing tag. After that its replies pass through piece by piece; those of a service that once sent an
unopened thought are held back until the thought closes.
"""

from __future__ import annotations

import codecs
import unicodedata

from bot.llm.thinking import ThoughtFilter, Unopened

_KEPT = "\n\t"
#: Control characters, format characters (zero-width, bidirectional, tags) and halves of characters.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_LINE_SEPARATORS = {"\u2028": "\n", "\u2029": "\n"}


def cleaned(text: str) -> str:
    """``text`` without zero-width, bidirectional and control characters; line feeds and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    seen = (_LINE_SEPARATORS.get(character, character) for character in text)
    return "".join(each for each in seen if each in _KEPT or unicodedata.category(each) not in _UNSEEN)


class Answer:
    """One reply on its way to its reader.

    ``held``: nothing is given before thoughts are told apart; ``whole``: nothing before the end.
    """

    def __init__(self, *, held: bool, whole: bool = False) -> None:
        self._filter = ThoughtFilter()
        # Joins the halves of a character that a service has split between pieces.
        self._halves = codecs.getincrementaldecoder("utf-16-le")("ignore")
        self._holding = held or whole
        self._whole = whole
        self._waiting: list[str] = []
        #: Whether a thought came that nothing had opened.
        self.unopened = False
        #: How often what was given before has turned out to be thought, or may have.
        self.taken_back = 0
        #: Whether anything that can be seen was given.
        self.visible = False
        self._reasoned = False

    @property
    def told_apart(self) -> bool:
        """Whether the reply itself has shown where its thoughts are."""
        return self._filter.told_apart or self._reasoned

    @property
    def thought(self) -> bool:
        """Whether the model has reasoned in any form."""
        return self._filter.thought or self._reasoned or self.unopened

    @property
    def empty(self) -> bool:
        """Whether nothing that can be seen has come."""
        return not self.visible and not any(piece.strip() for piece in self._waiting)

    def feed(self, piece: str, *, reasoned: bool = False, strictly: bool = False) -> list[str]:
        """The pieces that may be shown now.

        ``reasoned``: a thought came beside it, in a field of its own. ``strictly``: a stray closing tag
        counts also after marked thoughts. ``taken_back`` rises when what was given by earlier calls
        turns out to be thought.
        """
        self._reasoned = self._reasoned or reasoned
        text = cleaned(self._halves.decode(piece.encode("utf-16-le", "surrogatepass")))
        for part in self._filter.feed(text):
            if isinstance(part, str):
                self._waiting.append(part)
            elif strictly or part is Unopened.FIRST:
                self._take_back(first=part is Unopened.FIRST)
        return [] if self._holding and (self._whole or not self.told_apart) else self._given()

    def end(self) -> list[str]:
        """The rest of a reply that is whole."""
        self._waiting.append(self._filter.end())
        return self._given()

    def _take_back(self, *, first: bool) -> None:
        self.unopened = self.unopened or first
        self._waiting.clear()
        if self.visible:
            self.taken_back += 1
            self.visible = False

    def _given(self) -> list[str]:
        pieces = [piece for piece in self._waiting if piece]
        self._waiting.clear()
        self.visible = self.visible or any(piece.strip() for piece in pieces)
        return pieces
