"""What a firm may choose from: the names, places and needs that occur in one catalogue's own conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.catalogue.eligibility.checking import OVER
from bot.catalogue.eligibility.places import Places
from bot.catalogue.eligibility.terms import Vocabulary, tidy
from bot.catalogue.models import Catalogue, Condition, Dimension, Programme

#: So many needs are offered; rarer ones can be typed.
MOST_NEEDS = 16


@dataclass(frozen=True, slots=True)
class Choice:
    """A word to choose and how many programmes that are not over ask for it."""

    value: str
    programmes: int


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of every entry, the most asked for first. ``measures`` are what conditions count."""

    needs: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    industries: tuple[Choice, ...]
    sizes: tuple[Choice, ...]
    qualifications: tuple[Choice, ...]
    measures: tuple[Choice, ...]


def choices(catalogue: Catalogue) -> Choices:
    """The choices that ``catalogue`` gives rise to; all empty for an empty one."""
    vocabulary, places = Vocabulary.of(catalogue), Places(catalogue.scope)
    programmes = [programme for programme in catalogue.programmes if programme.status.value not in OVER]

    def asked(*dimensions: Dimension) -> tuple[Choice, ...]:
        return _counted(
            {vocabulary.term(word).name for each in _asking(programme, dimensions) for word in _printed(each)}
            for programme in programmes
        )

    needs = tuple(_needs(programmes))[:MOST_NEEDS]
    measures = _counted(
        {vocabulary.term(each.measure).name for each in programme.conditions if each.measure}
        for programme in programmes
    )
    return Choices(
        needs=needs,
        regions=tuple(_regions(catalogue, places, programmes)),
        industries=asked(Dimension.INDUSTRY),
        sizes=asked(Dimension.SIZE, Dimension.APPLICANT),
        qualifications=asked(Dimension.QUALIFICATION),
        measures=measures,
    )


def _asking(programme: Programme, dimensions: tuple[Dimension, ...]) -> Iterator[Condition]:
    return (each for each in programme.conditions if each.dimension in dimensions)


def _printed(condition: Condition) -> Iterator[str]:
    """The names accepted that the document itself prints, the whole ones; others are ways to say the same."""
    quote = tidy(condition.quote)
    printed = [word for word in condition.accepts if tidy(word) in quote]
    for word in printed or condition.accepts[:1]:
        if not any(word != other and word in other for other in printed):
            yield word


def _needs(programmes: Sequence[Programme]) -> Iterator[Choice]:
    """Needs by how many programmes they lead to, each leading to one that no need before leads to."""
    leads: dict[str, set[str]] = {}
    official: Counter[str] = Counter()
    for programme in programmes:
        for word in programme.needs:
            leads.setdefault(word, set()).add(programme.id)
            official[word] += word in f"{programme.kind}{programme.name}{programme.summary.value}"
    taken: list[set[str]] = []
    for word in sorted(leads, key=lambda word: (-len(leads[word]), -official[word])):
        if not any(leads[word] <= other for other in taken):
            taken.append(leads[word])
            yield Choice(word, len(leads[word]))


def _counted(names: Iterable[set[str]]) -> tuple[Choice, ...]:
    """Each name with the number of programmes it occurs in, ties in the order of the catalogue."""
    counted: Counter[str] = Counter()
    for found in names:
        counted.update(sorted(found))
    return tuple(Choice(name, number) for name, number in counted.most_common())


def _regions(catalogue: Catalogue, places: Places, programmes: list[Programme]) -> Iterator[Choice]:
    """The region and its places; in a place one is in the region as well."""
    scope = catalogue.scope
    wanted = [
        {places.canonical(word) for each in _asking(programme, (Dimension.REGION,)) for word in each.accepts}
        for programme in programmes
    ]
    whole = sum(scope.region in names for names in wanted)
    if scope.region:
        yield Choice(scope.region, whole)
    for place in scope.places:
        yield Choice(place.name, sum(bool({scope.region, place.name} & names) for names in wanted))
