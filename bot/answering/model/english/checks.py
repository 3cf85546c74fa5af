"""A translation against its unit, sentence by sentence: placeholders, their order, words, terms, length, talk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.answering.model.english.masking import place_names
from bot.answering.model.english.records import Kind, Mask, MaskedUnit, Objection, Rule
from bot.answering.model.english.words import CLAUSE, order_objections, term_objections, ties, word_objections

PLACEHOLDER = re.compile(r"⟦(\d{1,3})⟧")
#: English words for each Chinese character, at least and at most, with some words given.
FEWEST_WORDS, MOST_WORDS, WORDS_GIVEN = 0.30, 1.1, 6
_SENTENCE = re.compile(r"[。！？!?]|(?<![\d.])\.(?=\s|$)|\n+")
_PART = re.compile(r"[。！？!?；;]|(?<![\d.])\.(?=\s|$)|\n+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*|⟦\d+⟧")


def _any(words: str) -> re.Pattern[str]:
    """Finds any of the words, _ for a space; a word before ⟦ is meant only before a placeholder."""
    each = (word.replace("_", r"\s+").replace("⟦", r"(?=\s⟦)") for word in words.split())
    return re.compile(rf"\b(?:{'|'.join(each)})(?!\w)", re.IGNORECASE)


_NUMBER_WORDS = _any(
    "zero two three four five six seven eight nine ten eleven twelve \\w+teen twenty thirty forty fifty sixty seventy"
    " eighty ninety hundreds? thousands? millions? billions? trillions? half halves dozens? thirds? fourth fifth tenth"
    " double[ds]? twice triple[ds]? treble quadruple twofold threefold score decades? century centuries couple_of pair"
    " twin quarter_of (?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\\w+"
)
_MEASURED = _any(
    "per_?cent percentage_points? percentage yuan rmb cny usd eur euros? dollars? pounds? sterling yen cents? points?"
    " fixed exact(?:ly)? january february april june july august september october november december"
)
_SIGNS = re.compile(r"[%‰$€£¥￥]|\d")
_BOUND = _any(
    "up_to at_most at_least no_(?:more|less|fewer|later|earlier)_than not_(?:more|less|exceed\\w*) more_than less_than"
    " fewer_than maximum minimum exceed\\w* within beyond nearly almost roughly approximately over⟦ under⟦ above⟦"
    " below⟦ about⟦ around⟦ until⟦"
)
_BOUND_AFTER = re.compile(r"⟧ (?:or|and) (?:more|less|above|below|over|higher|lower)\b", re.IGNORECASE)
_ZH_BOUND = re.compile(r"以内|之内|内|超|以上|以下|最高|最低|最多|最长|不足|至少|达|满|近|约|之间|以外|期间|过程中|在")
_TALK = re.compile(
    r"[<>{}\[\]`*#|\\@]|https?:|www\.|\.(?:com|cn|org|net)\b|\b(?:e-?mail|website|online at)\b", re.IGNORECASE
)
_COMMON = frozenset(
    "the of new area district corridor states united kingdom union river delta hong arab emirates european".split()
)
_CAPITAL = re.compile(r"(?<![\w⟧-])[A-Z][\w’'-]*")
_FIGURES = frozenset({Kind.FIGURE, Kind.BOUND, Kind.RATE, Kind.LABEL})
_OPPOSED = ("must", "negation", "may")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the masked unit beside that of its translation."""

    chinese: str
    english: str
    first: bool


def objections(english: str, unit: MaskedUnit) -> Iterator[Objection]:
    """What is wrong with ``english`` (placeholders in it) as a translation of ``unit``."""
    told = [int(place) for place in PLACEHOLDER.findall(english)]
    if sorted(told) != list(range(1, len(unit.masks) + 1)):
        yield Objection(Rule.PLACEHOLDER, f"{len(unit.masks)} wanted, found {told}")
        return
    talk = _TALK.search(english)
    if talk:
        yield Objection(Rule.TALK, talk.group())
    sentences = _aligned(unit.text, english)
    if not sentences:
        yield Objection(Rule.SENTENCES, "another number of sentences")
        return
    for sentence in sentences:
        yield from _sentence_objections(sentence, unit)


def _aligned(chinese: str, english: str) -> tuple[_Sentence, ...]:
    """The sentences of both side by side, cut at semicolons where both have as many; empty where they differ."""
    for cut in (_PART, _SENTENCE):
        here, there = _parts(cut, chinese), _parts(cut, english)
        if len(here) == len(there):
            return tuple(
                _Sentence(one, other, at == 0) for at, (one, other) in enumerate(zip(here, there, strict=True))
            )
    return ()


def _parts(cut: re.Pattern[str], text: str) -> list[str]:
    return [part.strip() for part in cut.split(text) if part.strip()]


def _sentence_objections(sentence: _Sentence, unit: MaskedUnit) -> Iterator[Objection]:
    masks = unit.masks
    here, there = _places(sentence.chinese), _places(sentence.english)
    if set(here) != set(there):
        yield Objection(Rule.ORDER, "a placeholder in another sentence")
        return
    yield from _order(sentence, masks, here, there)
    free = PLACEHOLDER.sub(" ⟦⟧ ", sentence.english)
    chinese = PLACEHOLDER.sub("", sentence.chinese)
    told = " ".join(masks[place - 1].source for place in here if masks[place - 1].kind in _FIGURES | {Kind.DATE})
    yield from _figures(sentence, chinese)
    yield from _names(sentence, free)
    yield from word_objections(chinese, free, told, told + unit.text)
    yield from term_objections(chinese, free, "".join(masks[place - 1].source for place in here))
    yield from _length(chinese, sentence.english)
    for slots in _slots(sentence, masks):
        yield from order_objections(slots, free)


def _places(text: str) -> list[int]:
    return [int(place) for place in PLACEHOLDER.findall(text)]


# --- placeholders ---------------------------------------------------------------------------------------


def _order(
    sentence: _Sentence, masks: Sequence[Mask], here: Sequence[int], there: Sequence[int]
) -> Iterator[Objection]:
    """Figures stand in their order, but unlike ones of one clause; dates and names in theirs among their kind."""
    clause_of = {place: at for at, clause in enumerate(CLAUSE.split(sentence.chinese)) for place in _places(clause)}
    bounds = any(masks[place - 1].kind is Kind.BOUND for place in here)
    for at, one in enumerate(there):
        for other in there[at + 1 :]:
            if other > one:
                continue
            first, second = masks[one - 1], masks[other - 1]
            if _FIGURES >= {first.kind, second.kind}:
                free = clause_of[one] == clause_of[other] and _unlike(first, second) and not bounds
            else:
                free = first.kind is not second.kind
            if not free:
                yield Objection(Rule.ORDER, f"{first.source} before {second.source}")
    if here and masks[here[0] - 1].kind is Kind.LABEL and there[0] != here[0]:
        yield Objection(Rule.ORDER, "the item's number comes first")


def _unlike(one: Mask, other: Mask) -> bool:
    return _class(one) != _class(other)


def _class(mask: Mask) -> str:
    """What a figure counts: its English without numbers and bounds."""
    return re.sub(
        r"^(?:up to|no more than|at least|less than|more than|within|about|from|before|after)|[\d.,]+|s$",
        "",
        mask.english,
    ).strip()


def _slots(sentence: _Sentence, masks: Sequence[Mask]) -> Iterator[list[str]]:
    """Stretches that like figures, or opposite words of permission and denial, tell apart."""
    clauses = [clause for clause in CLAUSE.split(sentence.chinese) if clause.strip()]
    classes = [
        {_class(masks[place - 1]) for place in _places(clause) if masks[place - 1].kind is Kind.FIGURE}
        for clause in clauses
    ]
    for each in sorted(set().union(*classes)) if classes else ():
        slots = [PLACEHOLDER.sub("", clause) for clause, held in zip(clauses, classes, strict=True) if each in held]
        if len(slots) > 1:
            yield slots
        for clause in clauses:
            yield _slots_in(clause, masks, each)
    opposed = [tie for tie in ties() if tie.name in _OPPOSED]
    stances = [tuple(bool(tie.in_chinese(clause)) for tie in opposed) for clause in clauses]
    taken = [
        (PLACEHOLDER.sub("", clause), stance) for clause, stance in zip(clauses, stances, strict=True) if any(stance)
    ]
    if len({stance for _, stance in taken}) > 1:
        yield [clause for clause, _ in taken]


def _slots_in(clause: str, masks: Sequence[Mask], counted: str) -> list[str]:
    """What each of several like figures of one clause is said of: a bare count goes before it, all others after."""
    pieces = PLACEHOLDER.split(clause)
    like = [
        at
        for at in range(1, len(pieces), 2)
        if masks[int(pieces[at]) - 1].kind is Kind.FIGURE and _class(masks[int(pieces[at]) - 1]) == counted
    ]
    return [pieces[at + (1 if not counted else -1)] for at in like]


# --- figures and names --------------------------------------------------------------------------------


def _figures(sentence: _Sentence, chinese: str) -> Iterator[Objection]:
    bare = PLACEHOLDER.sub("⟦0⟧", sentence.english)
    free = PLACEHOLDER.sub(" ", sentence.english)
    for match in (*_SIGNS.finditer(free), *_NUMBER_WORDS.finditer(free), *_MEASURED.finditer(free)):
        yield Objection(Rule.FIGURE, match.group())
    if re.search(r"\bone\b", free, re.IGNORECASE) and not re.search(r"一|之一|单", chinese):
        yield Objection(Rule.FIGURE, "one")
    bound = _BOUND.search(bare) or _BOUND_AFTER.search(bare)
    if bound and not _ZH_BOUND.search(chinese):
        yield Objection(Rule.FIGURE, bound.group())


def _names(sentence: _Sentence, free: str) -> Iterator[Objection]:
    han = _HAN.search(free)
    if han:
        yield Objection(Rule.NAME, han.group())
    start = re.match(r"(?:⟦\d+⟧|[\W_])*", sentence.english)
    first = start.end() if start else 0
    for match in _CAPITAL.finditer(sentence.english):
        if match.start() != first and match.group() != "PhD":
            yield Objection(Rule.NAME, match.group())
    for word in re.findall(r"[\w’'-]+", free):
        if word.casefold() in _place_words():
            yield Objection(Rule.NAME, word)


@cache
def _place_words() -> frozenset[str]:
    words = {word.casefold() for _, english in place_names() for word in re.split(r"[ –]", english)}
    return frozenset(words - _COMMON)


def _length(chinese: str, english: str) -> Iterator[Objection]:
    characters, words = len(_HAN.findall(chinese)), len(_WORD.findall(english))
    if not FEWEST_WORDS * characters <= words <= MOST_WORDS * characters + WORDS_GIVEN + 2 * len(_places(english)):
        yield Objection(Rule.LENGTH, f"{words} words for {characters} characters")
