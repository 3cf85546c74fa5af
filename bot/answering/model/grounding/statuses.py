"""Short answers to whether something is there yet: 集市还没有建好，正在打造。"""

from __future__ import annotations

import re

from bot.answering.model.grounding.clauses import clauses_of, folded
from bot.answering.model.grounding.instructions import without_instructions
from bot.answering.model.grounding.words import sets_aside
from bot.text.status import read_status
from bot.types import Status

#: What may be said of something that a text tells as being built, or as planned.
_PHRASES: dict[Status, tuple[str, ...]] = {
    Status.UNDER_CONSTRUCTION: (
        "还没有建好", "还没建好", "还没有建成", "还没建成", "尚未建成", "还在建设中", "还在建设", "仍在建设",
        "正在建设中", "正在建设", "正在打造中", "正在打造", "还在打造", "仍在打造",
    ),
    Status.PLANNED: ("还在计划中", "尚在计划中", "仍在计划中", "还只是计划", "目前还是计划"),
}  # fmt: skip
_SPOKEN = re.compile("^(.*?)(" + "|".join(phrase for told in _PHRASES.values() for phrase in told) + ")$")
_SEPARATE = re.compile("[,;。!?]+")
_QUOTATION = re.compile("[“”\"'《》\\s]+")
#: Words right after the name of what is planned.
_COMING = re.compile("^(?:拟|计划|预计|正在|将)")
_THERE = re.compile("已|建成|竣工|落成|启用|投入|上线|开业")
#: A shorter run of characters is no name.
MINIMUM_NAME = 4


def is_bare_status(sentence: str) -> bool:
    """Whether a sentence says only how something stands, and not what."""
    spoken = _SPOKEN.match(_SEPARATE.split(_plain(sentence))[0])
    return spoken is not None and not spoken.group(1)


def tells_status(sentence: str, text: str, status: Status) -> bool:
    """Whether ``sentence`` says no more than that something ``text`` names is being built, or is planned.

    A text that no longer holds, a planned thing with a date, and a text that also tells of something that is there
    already tell nothing of it: a date may have passed, and which of the two is meant is not certain.
    """
    said = [_SPOKEN.match(each) for each in _SEPARATE.split(_plain(sentence)) if each]
    if not said or any(each is None for each in said) or status in (Status.EXPIRED, Status.SUPERSEDED):
        return False
    spoken = [each for each in said if each is not None]
    if any(each.group(1) for each in spoken[1:]):
        return False
    name = spoken[0].group(1)
    clauses = clauses_of(without_instructions(text))
    if any(_THERE.search(clause.text) or sets_aside(clause.text) for clause in clauses):
        return False
    for found, phrases in _PHRASES.items():
        if all(each.group(2) in phrases for each in spoken):
            stated = [clause for clause in clauses if read_status(clause.text) is found]
            return any(_names(_plain(clause.text), name) and not clause.has_figure for clause in stated)
    return False


def _plain(text: str) -> str:
    return _QUOTATION.sub("", folded(text))


def _names(clause: str, name: str) -> bool:
    """Whether ``name`` is what the clause is about: its end, or its beginning before the word of the plan."""
    if not name:
        return True
    if len(name) < MINIMUM_NAME:
        return False
    return clause.endswith(name) or (clause.startswith(name) and bool(_COMING.match(clause[len(name) :])))
