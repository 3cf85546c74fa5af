"""The templates of one language: lines of text with slots for facts, and the words the facts are told in."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.errors import MarketError
from bot.introductions.records import Form, Language, Stage
from bot.printing.blocks import BlockKind
from bot.types import GateName

_FOLDER = Path(__file__).resolve().parent
FILES = {Language.CHINESE: _FOLDER / "templates.yaml", Language.ENGLISH: _FOLDER / "templates.en.yaml"}
_SLOT = re.compile(r"\{([a-z_]{1,40}(?:\.[a-z_]{1,40})?)\}")
_MARKS = {
    "= ": BlockKind.LETTERHEAD,
    "No ": BlockKind.NUMBER,
    "# ": BlockKind.TITLE,
    "~ ": BlockKind.SALUTATION,
    "## ": BlockKind.HEADING,
    "- ": BlockKind.ITEM,
    "+ ": BlockKind.ITEM,
    "> ": BlockKind.SIGNATURE,
    "| ": BlockKind.CONTACT,
    "@ ": BlockKind.SUBJECT,
}


_JOINING = "+ "


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a template; one that is ``joining`` goes on in the line of the item before where both are short."""

    kind: BlockKind
    text: str
    joining: bool = False

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the facts it needs."""
        return tuple(_SLOT.findall(self.text))

    @property
    def label(self) -> str:
        """What an item calls its fact."""
        return self.text.partition("{")[0].strip().rstrip("：:").strip()

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with ``values`` in its slots, in one pass: what looks like a slot in a value stays."""
        return _SLOT.sub(lambda match: values[match.group(1)], self.text)


@dataclass(frozen=True, slots=True)
class Templates:
    """What a language's file says. Raises :class:`MarketError` where the file lacks something."""

    path: Path
    content: Mapping[str, Any]

    @classmethod
    def of(cls, language: Language) -> Templates:
        """The templates of ``language``."""
        return _read(FILES[language])

    def say(self, way: str, **values: object) -> str:
        """The words called ``way``, with ``values`` put in."""
        try:
            return str(self.content["words"][way]).format(**values)
        except (KeyError, IndexError, TypeError) as error:
            raise self._lacks(f"words / {way}", error) from error

    def day(self, day: date) -> str:
        """A date as a letter writes it."""
        months = self.content["words"].get("months", "").split()
        return self.say("date", year=day.year, month=months[day.month - 1] if months else day.month, day=day.day)

    @property
    def ordinals(self) -> tuple[str, ...]:
        """What stands before the headings of a letter, in order; may be empty."""
        return tuple(re.findall(r"[^、]、", self.content["words"].get("ordinals", "")))

    @property
    def tells_gates(self) -> bool:
        """Whether the market's own words on a condition, which are Chinese, fit into this language."""
        return "gates" not in self.content["words"]

    def gate(self, name: GateName) -> str:
        """What a condition is called."""
        return str(self.content["words"].get("gates", {}).get(name.value, name.label))

    def lines(self, form: Form, stage: Stage) -> tuple[tuple[Line, ...], ...]:
        """The lines of a draft in order, each with its alternatives, of which the first with all facts is written."""
        try:
            return tuple(_alternatives(entry) for entry in self._spliced(self.content[form.value][stage.value]))
        except (KeyError, TypeError, AttributeError) as error:
            raise self._lacks(f"{form.label} / {stage.label}", error) from error

    def _spliced(self, entries: list[Any]) -> list[Any]:
        found: list[Any] = []
        for entry in entries:
            # A list of one name stands for the lines of that name.
            found += self._spliced(self.content[entry[0]]) if isinstance(entry, list) else [entry]
        return found

    def _lacks(self, what: str, error: Exception) -> MarketError:
        return MarketError("没有这个引荐模板", value=what, tried=repr(error), remedy=f"补进 {self.path.name}")


def _alternatives(entry: Any) -> tuple[Line, ...]:
    return tuple(map(_line, entry["first"])) if isinstance(entry, dict) else (_line(entry),)


def _line(text: str) -> Line:
    mark = next((mark for mark in sorted(_MARKS, key=len, reverse=True) if text.startswith(mark)), "")
    return Line(_MARKS.get(mark, BlockKind.PARAGRAPH), text.removeprefix(mark), mark == _JOINING)


@functools.cache
def _read(path: Path) -> Templates:
    try:
        return Templates(path, yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise MarketError("引荐模板读不了", value=path, tried=str(error), remedy="按 YAML 语法改正") from error
