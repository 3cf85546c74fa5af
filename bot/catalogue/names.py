"""Names of the catalogue recognised in a question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.catalogue.models import Catalogue, OrganisationEntry, Programme
from bot.text.tokens import fold

#: Quotation marks and brackets come and go around names.
_IGNORED = frozenset("“”\"'‘’《》「」『』()（）")


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name or alias at ``start:end`` of the folded question."""

    name: str
    start: int
    end: int
    programmes: tuple[Programme, ...] = ()
    organisations: tuple[OrganisationEntry, ...] = ()

    @property
    def spellings(self) -> frozenset[str]:
        """The name as it was found, and every name and alias of what it stands for."""
        programmes = (name for each in self.programmes for name in (each.name, *each.aliases))
        organisations = (name for each in self.organisations for name in (each.name, *each.aliases))
        return frozenset((self.name, *programmes, *organisations))


class NameIndex:
    """All names and aliases of a catalogue; the longest match wins where names overlap."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._programmes: dict[str, list[Programme]] = {}
        self._organisations: dict[str, list[OrganisationEntry]] = {}
        for programme in catalogue.programmes:
            for name in dict.fromkeys(map(_key, (programme.name, *programme.aliases))):
                self._programmes.setdefault(name, []).append(programme)
        for organisation in catalogue.organisations:
            for name in dict.fromkeys(map(_key, (organisation.name, *organisation.aliases))):
                self._organisations.setdefault(name, []).append(organisation)
        names = {*self._programmes, *self._organisations}
        self._names = tuple(sorted(names, key=lambda name: (-len(name), name)))

    def find(self, text: str) -> tuple[NameMatch, ...]:
        """Names in ``text``, in order, never overlapping."""
        folded = _key(text)
        taken = [False] * len(folded)
        found: list[NameMatch] = []
        for name in self._names:
            start = folded.find(name)
            if start < 0 or any(taken[start : start + len(name)]):
                continue
            taken[start : start + len(name)] = [True] * len(name)
            found.append(
                NameMatch(
                    name,
                    start,
                    start + len(name),
                    tuple(self._programmes.get(name, ())),
                    tuple(self._organisations.get(name, ())),
                )
            )
        return tuple(sorted(found, key=lambda match: match.start))

    def named_in(self, text: str) -> frozenset[str]:
        """The full names of what ``text`` names, by whatever alias."""
        found = self.find(text)
        return frozenset(
            name
            for match in found
            for name in (*(each.name for each in match.programmes), *(each.name for each in match.organisations))
        )


def _key(text: str) -> str:
    return "".join(character for character in fold(text) if not character.isspace() and character not in _IGNORED)


def first_programme(matches: Iterable[NameMatch]) -> Programme | None:
    """The programme of the longest name that names exactly one programme."""
    single = [match for match in matches if len(match.programmes) == 1]
    return max(single, key=lambda match: len(match.name)).programmes[0] if single else None
