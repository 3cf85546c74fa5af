"""A scripted model that reads its prompt as a model would, and what its answers are held against."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from bot.answering import wording
from bot.answering.model.clauses import clauses_of
from bot.answering.model.grounding import is_instruction
from bot.answering.model.material import Material, MaterialUnit
from bot.answering.model.pointers import Heading
from bot.answering.model.prompts import POINT, READ
from bot.answering.readers.blocks import item_block, whole_block
from bot.answering.readers.general import Judged, statement_of
from bot.answering.readers.passages import FoundBlock
from bot.assistant import Assistant
from bot.settings import LlmSettings, Settings
from bot.types import Answer, Document, Outcome, Turn
from tests.support.corpora import ingested_copy
from tests.support.loaded import found_in, sentences_of
from tests.support.openai_server import OpenAIServer, Reply

_UNIT = re.compile(
    r'<单元 编号="(?P<number>\d+)" 出自="(?P<about>[^"]*)"(?P<mark>[^>]*)>\n(?P<body>.*?)\n</单元>', re.DOTALL
)
_QUESTION = re.compile(r'<问题 编号="\d+">(.*?)</问题>', re.DOTALL)
_ASKED = re.compile(r"<最后的问题>(.*?)</最后的问题>", re.DOTALL)
_CLAUSE = re.compile(r"⟨\d+⟩")
_MARKER = re.compile(r"\[\d+\]")
_SPACE = re.compile(r"\s+")
#: The framing sentences that code puts into answers, without their blanks.
_FRAMES = tuple(
    sorted(
        {
            stretch
            for name, text in vars(wording).items()
            if name.isupper() and isinstance(text, str)
            for stretch in re.split(r"\{\w+\}", text)
            if len(stretch) > 1
        },
        key=len,
        reverse=True,
    )
)
_HEADINGS = frozenset(f"【{each.value}】" for each in Heading if each)


@dataclass(frozen=True)
class ShownUnit:
    """A unit as it stands in the prompt."""

    number: int
    about: str
    clauses: tuple[str, ...]
    marked: bool

    @property
    def text(self) -> str:
        return "".join(self.clauses)

    def clause_with(self, words: str) -> int:
        """The number of the first clause that holds ``words``."""
        return next(place for place, each in enumerate(self.clauses, start=1) if words in each)


@dataclass(frozen=True)
class Shown:
    """All that one request showed."""

    units: tuple[ShownUnit, ...]
    questions: tuple[str, ...]

    def having(self, words: str) -> ShownUnit | None:
        """The shortest unit that holds ``words``."""
        held = [each for each in self.units if plain(words) in plain(each.text)]
        return min(held, key=lambda each: len(each.text), default=None)

    def numbers(self, *words: str) -> list[int]:
        return [unit.number for each in words if (unit := self.having(each)) is not None]


def shown(prompt: str) -> Shown:
    units = []
    for match in _UNIT.finditer(prompt):
        clauses = [each for each in _CLAUSE.split(match["body"]) if each]
        units.append(ShownUnit(int(match["number"]), match["about"], tuple(clauses), bool(match["mark"])))
    return Shown(tuple(units), tuple(_QUESTION.findall(prompt)))


def pointer(unit: int, **fields: Any) -> dict[str, Any]:
    return {"unit": unit, **fields}


def pointing(*words: str) -> Callable[[Shown], dict[str, Any]]:
    """A model that points to the units with these words, in this order."""
    return lambda offered: {"pointers": [pointer(each) for each in offered.numbers(*words)]}


def part(question: str, *searches: str) -> dict[str, Any]:
    return {"question": question, "searches": list(searches)}


@dataclass
class ScriptedModel:
    """What the model says; ``reading`` to the question, ``points`` to the material, ``other`` to all else.

    Left out, the reading gives the question back as it stands. A text is sent as it is.
    """

    points: Callable[[Shown], Mapping[str, Any] | str] = field(default=lambda offered: {"pointers": []})
    reading: Mapping[str, Any] | str | None = None
    other: Callable[[str], str] = field(default=lambda prompt: "{}")
    offered: list[Shown] = field(default_factory=list)
    read: int = 0

    def __call__(self, body: Mapping[str, Any]) -> str:
        prompt = "\n".join(str(message.get("content")) for message in body["messages"])
        if POINT in prompt:
            self.offered.append(shown(prompt))
            return _json(self.points(self.offered[-1]))
        if READ in prompt:
            self.read += 1
            (asked,) = _ASKED.findall(prompt)
            return _json({"parts": [part(asked)]} if self.reading is None else self.reading)
        return self.other(prompt)


def _json(content: Mapping[str, Any] | str) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


# --- what is held against the documents -----------------------------------------------------------------


def plain(text: str) -> str:
    return _SPACE.sub("", text)


@cache
def _plain_document(text: str) -> str:
    return plain(text)


def not_of_documents(answer: str, documents: Iterable[Document], offline: str = "") -> list[str]:
    """The lines of ``answer`` that are neither a stretch of a document nor a frame.

    Pieces between two ``……`` must stand in one document, in order. ``offline`` is an answer that was made without a
    model: its lines are not the model's.
    """
    texts = [_plain_document(each.text) for each in documents]
    free = {plain(_MARKER.sub("", line)) for line in offline.split("\n")}
    strange = []
    for line in _MARKER.sub("\n", answer).split("\n"):
        told = plain(line)
        if not told or told in free or told in _HEADINGS:
            continue
        if not any(_in_order(told, text) for text in texts) and not _framed(told, texts):
            strange.append(line)
    return strange


def _framed(told: str, texts: Sequence[str]) -> bool:
    """Whether a line is frames alone, or frames before and after what a document holds."""
    for frame in map(plain, _FRAMES):
        told = told.replace(frame, "\n")
    return all(any(_in_order(piece, text) for text in texts) for piece in told.split("\n") if piece)


def _in_order(told: str, text: str) -> bool:
    place = 0
    for piece in told.split("……"):
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def misquoted(answer: Answer, document: Callable[[str], Document]) -> list[str]:
    """The quotes that are not the clean text at their place."""
    return [
        each.quote for each in answer.citations if document(each.document_id).text[each.start : each.end] != each.quote
    ]


# --- whole turns ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """An assistant with a model behind a real HTTP server."""

    assistant: Assistant
    server: OpenAIServer

    def ask(self, model: ScriptedModel, question: str, *earlier: str) -> Answer:
        return self.grown(model, question, *earlier)[-1]

    def grown(self, model: ScriptedModel, question: str, *earlier: str) -> list[Answer]:
        """The answers of a stream; the server's list of requests begins anew."""
        self.server.requests.clear()
        self.server.replies[:] = [Reply(model)]
        return list(self.assistant.stream(Turn(question, earlier)))


@dataclass(frozen=True)
class Office:
    """An ingested corpus, asked with a model or without."""

    settings: Settings
    offline: Assistant
    #: A question without a model is answered alike each time: hundreds of answers are held against few.
    _alone: dict[tuple[str, ...], Answer] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, corpus: Path, data: Path, shared: Path) -> Office:
        settings = Settings(corpus_dir=corpus, data_dir=ingested_copy(corpus, data, shared))
        return cls(settings, Assistant.open(settings))

    @cached_property
    def documents(self) -> list[Document]:
        names = sorted(each.name for each in self.settings.corpus_dir.iterdir() if each.suffix != ".yaml")
        return [self.offline.document(name) for name in names]

    @contextmanager
    def served(self, *replies: Reply, **llm: Any) -> Iterator[Served]:
        with OpenAIServer(*replies) as server:
            settings = LlmSettings(base_url=server.base_url, model="x", **llm)
            yield Served(Assistant.open(self.settings.model_copy(update={"llm": settings})), server)

    def alone(self, question: str, *earlier: str) -> Answer:
        """The answer without a model."""
        key = (question, *earlier)
        if key not in self._alone:
            self._alone[key] = self.offline.ask(Turn(question, earlier))
        return self._alone[key]

    def strange(self, answer: Answer, question: str = "", *earlier: str) -> list[str]:
        """What of an answer no document says and no frame, and no answer without a model."""
        offline = self.alone(question, *earlier).answer if question else ""
        return not_of_documents(answer.answer, self.documents, offline) + misquoted(answer, self.offline.document)


# --- units made by hand ---------------------------------------------------------------------------------


def unit_with(document: Document, words: str, number: int = 1, *, item: bool = False) -> MaterialUnit:
    """The unit around ``words`` as it is offered, an ``item`` of a list with its lead-in."""
    found = found_in(document, words)
    block = item_block(document, found.position) if item else whole_block(found, sentences_of(document, words))
    assert block is not None
    statement = statement_of(FoundBlock(block, found, found.score, 0.0))
    judged = Judged(FoundBlock(block, found, found.score, 0.0), 1.0, Outcome.ANSWERED)
    clauses = clauses_of(statement.text)
    return MaterialUnit(number, (statement,), statement.text, clauses, "", judged, is_instruction(statement.text))


def material_of(document: Document, *words: str, items: Sequence[str] = (), asked: int = 1) -> Material:
    """Numbered units around ``words``, then around each of ``items`` with its lead-in."""
    units = [unit_with(document, each) for each in words] + [unit_with(document, each, item=True) for each in items]
    numbered = tuple(replace(each, number=number) for number, each in enumerate(units, start=1))
    return Material(tuple(f"第{number}问" for number in range(1, asked + 1)), numbered)
