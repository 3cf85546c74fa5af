"""Lines of a template with facts become blocks; what does not fit is left out by whole sentences, and named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.introductions.facts import ENDS, MAX_FACT, MAX_SENTENCE, Slots, Told, joined, one
from bot.introductions.records import Form, Stage, TracedFact, as_text
from bot.introductions.templates import Line, Templates
from bot.printing import layout
from bot.printing.blocks import Block, BlockKind

#: Characters of a short message.
MAX_MESSAGE = 200
#: What a page gives room to first. Whatever of these does not fit is left out; all else always stands.
IMPORTANCE = (
    *(
        "need.long_title",
        "offer.long_title",
        "need_owner.contact",
        "offer_owner.contact",
        "need_owner.name",
        "offer_owner.name",
    ),
    *("match.reasons",),
    *("need.description", "offer.description", "offer.ip_status", "need.indicators"),
    *("offer.benefit", "need.cooperation"),
    *("offer.cooperation", "offer.trl", "need.budget", "offer.price", "need.deadline", "offer.available_from"),
    *("conditions.against", "conditions.fits", "need.solver_conditions", "need.trl_required"),
    *("need.ip_ownership", "need.solver_region", "offer.trl_evidence", "need.current_state", "offer.missing"),
    *("conditions.open", "need.funder", "need.region", "offer.region", "need.as_of", "offer.as_of"),
)
_RANK = {name: place for place, name in enumerate(IMPORTANCE)}
_WHOM = ("need_owner.", "offer_owner.")
LEFT_OUT = "left_out"
#: Room kept for a sentence that has to name more than it did at first, from try to try.
_SPARE = ("", "　" * 40, "　" * 80)
#: What was left out is named up to so many, then counted.
MOST_NAMED = 6
#: Ems of two items that stand in one line of running text.
_SHORT = 34


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with the facts it tells."""

    block: Block
    facts: tuple[TracedFact, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """The blocks of a draft; ``cut`` and ``dropped`` are the labels of what is told in part or not at all."""

    pieces: tuple[Piece, ...]
    cut: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(slots=True)
class _Part:
    """A line with its facts; ``taken`` sentences of the one that may be cut are told, in a message at most one."""

    line: Line
    told: Mapping[str, Told]
    cuttable: str | None
    turn: int
    brief: bool
    taken: int = 0

    @property
    def sentences(self) -> int:
        return len(self.told[self.cuttable].pieces) if self.cuttable else 0

    def fact(self, name: str, taken: int) -> TracedFact:
        told = self.told[name]
        if name != self.cuttable:
            return TracedFact(joined(told.pieces), told.source)
        text = joined(told.pieces[:taken])
        return TracedFact(text.rstrip(ENDS) if self.brief else text, told.source)

    def block(self, taken: int) -> Block:
        text = self.line.filled({name: self.fact(name, taken).text for name in self.told})
        return Block(self.line.kind, text)

    def may_take(self, taken: int) -> bool:
        if taken == 1:
            return len(self.fact(self.cuttable or "", 1).text) <= MAX_SENTENCE
        return not self.brief and len(self.fact(self.cuttable or "", taken).text) <= MAX_FACT


def compose(templates: Templates, form: Form, stage: Stage, slots: Slots, *, latin: bool) -> Composition:
    """The draft within its page, or within the length of a message."""
    lines = templates.lines(form, stage)

    def composed(note: str) -> tuple[list[_Part], tuple[str, ...], tuple[str, ...]]:
        parts = _chosen(lines, {**slots, LEFT_OUT: one(note, "")} if note else slots, form)
        _fill(parts, lambda: fits(parts))
        return parts, *_left_out(parts, templates)

    def fits(parts: Sequence[_Part]) -> bool:
        return _fits([piece.block for piece in _pieces(parts, templates)], form, latin)

    parts, cut, dropped = composed("")
    if any(LEFT_OUT in line.slots for group in lines for line in group):
        # The sentence that says what was left out needs room of its own, and may have to name more for it.
        for spare in _SPARE:
            note = excerpt_note(templates, cut, dropped)
            if not note:
                break
            parts, cut, dropped = composed(f"{note}{spare}")
            for part in parts:
                if LEFT_OUT in part.told:
                    part.told = {LEFT_OUT: Told((excerpt_note(templates, cut, dropped) or note,), "")}
            if fits(parts):
                break
    return Composition(tuple(_numbered(_pieces(parts, templates), templates, form)), cut, dropped)


def excerpt_note(templates: Templates, cut: Sequence[str], dropped: Sequence[str]) -> str:
    """The sentence that says what was left out for want of room."""
    said = [
        templates.say(way, labels=_named(templates, labels))
        for way, labels in (("cut", cut), ("dropped", dropped))
        if labels
    ]
    return templates.say("excerpt", what=templates.say("and").join(said)) if said else ""


def _named(templates: Templates, labels: Sequence[str]) -> str:
    quoted = [templates.say("quoted", text=label) for label in labels]
    joined_labels = templates.say("join").join(quoted[:MOST_NAMED])
    return templates.say("more", labels=joined_labels, count=len(labels)) if len(labels) > MOST_NAMED else joined_labels


def _fits(blocks: Sequence[Block], form: Form, latin: bool) -> bool:
    if form is Form.MESSAGE:
        return len(as_text(blocks)) <= MAX_MESSAGE
    return layout.fits_a_page(blocks, latin=latin)


def _chosen(lines: Iterable[Sequence[Line]], slots: Slots, form: Form) -> list[_Part]:
    parts: list[_Part] = []
    brief = form is Form.MESSAGE
    for alternatives in lines:
        line = next((line for line in alternatives if all(slots.get(name) for name in line.slots)), None)
        if line is None:
            continue
        many = next((name for name in line.slots if len(slots[name]) > 1), None)
        for turn in range(len(slots[many]) if many else 1):
            told = {name: slots[name][turn if name == many else 0] for name in line.slots}
            parts.append(_Part(line, told, _cuttable(line, brief), turn, brief))
    return parts


def _cuttable(line: Line, brief: bool) -> str | None:
    """The fact of a line that may be told in part; only a message may leave out whom it introduces."""
    name = next((name for name in line.slots if name in _RANK), None)
    if name is None or brief:
        return name
    return name if line.kind is BlockKind.ITEM and not name.startswith(_WHOM) else None


def _fill(parts: Sequence[_Part], fits: Callable[[], bool]) -> None:
    """Give room to sentences: the most important facts first, one more sentence of each in every round."""
    waiting = sorted((p for p in parts if p.cuttable), key=lambda part: (part.turn, _RANK[part.cuttable or ""]))
    while waiting:
        going_on = []
        for part in waiting:
            if not part.may_take(part.taken + 1):
                continue
            part.taken += 1
            if not fits():
                part.taken -= 1
            elif part.taken < part.sentences:
                going_on.append(part)
        waiting = going_on


def _left_out(parts: Iterable[_Part], templates: Templates) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels of facts told in part, and of those not told at all."""
    told: dict[str, list[_Part]] = {}
    for part in parts:
        if part.cuttable:
            label = part.line.label or templates.say(f"{part.cuttable.partition('.')[0]}_label")
            told.setdefault(label, []).append(part)
    short = {label for label, each in told.items() if any(part.taken < part.sentences for part in each)}
    dropped = tuple(label for label, each in told.items() if not any(part.taken for part in each))
    return tuple(label for label in told if label in short and label not in dropped), dropped


def _pieces(parts: Iterable[_Part], templates: Templates) -> list[Piece]:
    kept = [part for part in parts if not part.cuttable or part.taken]
    found: list[Piece] = []
    for place, part in enumerate(kept):
        if part.line.kind is BlockKind.HEADING and not _has_items(kept[place + 1 :]):
            continue
        facts = tuple(part.fact(name, part.taken) for name in part.told if name != LEFT_OUT)
        block = part.block(part.taken)
        if part.line.joining and found and _joins(found[-1].block, block):
            between = templates.say("after_short")
            text = f"{found[-1].block.text.rstrip(ENDS)}{between}{block.text}"
            found[-1] = Piece(Block(BlockKind.ITEM, text), (*found[-1].facts, *facts))
        else:
            found.append(Piece(block, facts))
    return found


def _joins(before: Block, block: Block) -> bool:
    """Whether two items are short enough to stand in one line."""
    return before.kind is BlockKind.ITEM and layout.ems(before.text) + layout.ems(block.text) <= _SHORT


def _has_items(following: Iterable[_Part]) -> bool:
    """Whether a section holds any item before the next heading."""
    for part in following:
        if part.line.kind in (BlockKind.ITEM, BlockKind.HEADING):
            return part.line.kind is BlockKind.ITEM
    return False


def _numbered(pieces: Sequence[Piece], templates: Templates, form: Form) -> Iterable[Piece]:
    """Headings of a letter are counted as the language does it."""
    ordinals = iter(templates.ordinals if form is Form.LETTER else ())
    for piece in pieces:
        lead = next(ordinals, "") if piece.block.kind is BlockKind.HEADING else ""
        yield Piece(Block(piece.block.kind, lead + piece.block.text), piece.facts)
