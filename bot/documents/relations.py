"""How the documents on file stand to one another: what is repealed by what, what is there twice, which is newer.

A document says whom it repeals, amends or rests on (:mod:`bot.documents.metadata`). Here those words are matched
to the documents on file, by number first and by title where no number decides, and both ends are told.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.documents.metadata.names import TitleName, same_title, title_names, version_key
from bot.documents.metadata.number import normalise_number, number_year
from bot.types.documents import DocumentMetadata, Reference, ReferenceKind, Status

_ENDING = (ReferenceKind.REPEALS, ReferenceKind.REPLACES)
#: A number of one year may be put up early in the next.
_YEARS_APART = 1
#: 2000年的《…》: a year directly before a title tells which of several is meant.
_YEAR_BEFORE = re.compile(r"((?:19|20)\d{2})\s?年(?:的|版|印发的?|发布的?|制定的?)?[《原\s]*$")
_YEAR_REACH = 14
_TAIL = re.compile(r"(?:〔(?:19|20)\d{2}〕|年第|第|—)\d+号?$")
#: 2025年第3号 alone may be anybody's.
_BODILESS = ("1", "2", "第")


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """A document on file: its id, what it says of itself, and its clean text."""

    id: str
    metadata: DocumentMetadata
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """``source`` says ``reference`` of ``target``; its words stand in the text of ``source``."""

    source: str
    target: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Supersession:
    """``document`` gives way to ``by`` from the ISO day ``since`` on, as the words of ``by`` say."""

    document: str
    by: str
    since: str | None
    reference: Reference


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two files with the same clean text, white space aside; ``first`` is first by id."""

    first: str
    other: str


@dataclass(frozen=True, slots=True)
class Versions:
    """Documents of one title or number with different texts, the newest first, undated ones last."""

    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relations:
    """All relations between the documents on file."""

    links: tuple[Link, ...] = ()
    superseded: tuple[Supersession, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    versions: tuple[Versions, ...] = ()

    def links_of(self, document: str) -> tuple[Link, ...]:
        """The links in which ``document`` is either end."""
        return tuple(link for link in self.links if document in (link.source, link.target))

    def supersession(self, document: str) -> Supersession | None:
        """What ``document`` gives way to, if anything."""
        return next((each for each in self.superseded if each.document == document), None)

    def current(self, document: str) -> str:
        """The document that stands at the end of the chain that begins with ``document``."""
        seen = {document}
        step = self.supersession(document)
        while step and step.by not in seen:
            seen.add(step.by)
            document = step.by
            step = self.supersession(document)
        return document


def resolve_relations(documents: Iterable[FiledDocument]) -> Relations:
    """Match what each document says of others to the documents on file.

    A document is never matched to itself or to a copy of itself. A draft repeals nothing yet. Where a title alone
    fits several, the newest that is not newer than the citing document is meant.
    """
    filed = sorted(documents, key=lambda each: each.id)
    matcher = _Matcher(filed)
    links = tuple(link for each in filed for link in matcher.links(each))
    return Relations(links, tuple(_supersessions(links, matcher)), matcher.duplicates(), tuple(_versions(matcher)))


def marked(document: FiledDocument, relations: Relations) -> DocumentMetadata:
    """The metadata of ``document`` with what others on file say of it: who replaces it, how long it is prolonged."""
    metadata = document.metadata
    replaced = relations.supersession(document.id)
    if replaced and not metadata.superseded_by:
        metadata = replace(metadata, superseded_by=replaced.by, superseded_from=replaced.since)
    prolonged = [
        link.reference.until
        for link in relations.links
        if link.target == document.id and link.reference.kind is ReferenceKind.EXTENDS and link.reference.until
    ]
    if prolonged and metadata.valid_until and max(prolonged) > metadata.valid_until:
        metadata = replace(metadata, valid_until=max(prolonged))
    return metadata


class _Matcher:
    """The documents on file by text, number and title."""

    def __init__(self, filed: Sequence[FiledDocument]) -> None:
        self.by_id = {each.id: each for each in filed}
        self._copies: dict[str, list[FiledDocument]] = {}
        self._names: dict[str, tuple[TitleName, ...]] = {}
        self._numbers: dict[str, tuple[str, ...]] = {}
        self._numbered: dict[str, list[FiledDocument]] = {}
        self._titled: dict[str, list[FiledDocument]] = {}
        for each in filed:
            self._copies.setdefault("".join(each.text.split()), []).append(each)
        for each in self.originals():
            known = each.metadata
            numbers = known.document_numbers or ((known.document_number,) if known.document_number else ())
            self._numbers[each.id] = tuple(normalise_number(number) for number in numbers)
            self._names[each.id] = title_names(known.title, known.enclosed_title, known.issuers)
            for tail in {_tail(number) for number in self._numbers[each.id]}:
                self._numbered.setdefault(tail, []).append(each)
            for ending in {name.ending for name in self._names[each.id]}:
                self._titled.setdefault(ending, []).append(each)

    def copies(self, document: FiledDocument) -> list[FiledDocument]:
        """The documents with the same text, ``document`` among them."""
        return self._copies["".join(document.text.split())]

    def duplicates(self) -> tuple[Duplicate, ...]:
        """Each copy beside the first of its kind."""
        return tuple(Duplicate(copies[0].id, other.id) for copies in self._copies.values() for other in copies[1:])

    def originals(self) -> Iterator[FiledDocument]:
        """One document of each text."""
        return (copies[0] for copies in self._copies.values())

    def numbers(self, document: FiledDocument) -> tuple[str, ...]:
        """The numbers of an original in their one spelling, those without an issuing body aside."""
        return tuple(number for number in self._numbers[document.id] if not number.startswith(_BODILESS))

    def links(self, source: FiledDocument) -> Iterator[Link]:
        """What ``source`` says of documents on file, copies of them included."""
        own = {each.id for each in self.copies(source)}
        for reference in source.metadata.references:
            for target in self._targets(source, reference, own):
                yield from (Link(source.id, copy.id, reference) for copy in self.copies(target))

    def _targets(self, source: FiledDocument, reference: Reference, own: Container[str]) -> list[FiledDocument]:
        number = normalise_number(reference.number) if reference.number else None
        if number:
            # Words before a number may run into it, so the number on file decides where it begins.
            numbered = [
                each
                for each in self._numbered.get(_tail(number), [])
                if each.id not in own and any(number.endswith(known) for known in self.numbers(each))
            ]
            if numbered:
                return numbered
        if not reference.title:
            return []
        asked = title_names(reference.title, None, source.metadata.issuers or (source.metadata.title,))
        endings = dict.fromkeys(name.ending for name in asked)
        fitting = [
            each
            for ending in endings
            for each in self._titled.get(ending, [])
            if each.id not in own
            and not (number and self.numbers(each))
            and _year_fits(source, reference, each)
            and not (reference.kind in _ENDING and _is_newer(each, source))
        ]
        for exact in (True, False):
            named = [each for each in fitting if same_title(asked, self._names[each.id], exact=exact)]
            if named:
                return _newest_before(source, named)
        return []


def _tail(number: str) -> str:
    """The year and count of a number, where no other word can run into it."""
    match = _TAIL.search(number)
    return match.group() if match else number[-4:]


def _year_fits(source: FiledDocument, reference: Reference, target: FiledDocument) -> bool:
    """Whether the year that the reference gives, if any, is that of ``target``, as far as it has one."""
    before = source.text[max(0, reference.start - _YEAR_REACH) : reference.start]
    said = _YEAR_BEFORE.search(before)
    year = int(said.group(1)) if said else number_year(reference.number or "")
    known = target.metadata.date
    if year is None or not known:
        return True
    return abs(int(known[:4]) - year) <= (0 if said else _YEARS_APART)


def _is_newer(target: FiledDocument, source: FiledDocument) -> bool:
    known, day = target.metadata.date, source.metadata.date
    return bool(known and day and known > day)


def _newest_before(source: FiledDocument, named: Sequence[FiledDocument]) -> list[FiledDocument]:
    """The newest of ``named`` that is not newer than ``source``; all of them where dates do not tell."""
    before = [each for each in named if each.metadata.date and not _is_newer(each, source)]
    if not before:
        return list(named) if len(named) == 1 else []
    return [max(before, key=lambda each: each.metadata.date or "")]


def _supersessions(links: Sequence[Link], matcher: _Matcher) -> Iterator[Supersession]:
    """For each document that another in force ends, the first that does."""
    found: dict[str, Supersession] = {}
    for link in links:
        source = matcher.by_id[link.source].metadata
        if link.reference.kind not in _ENDING or source.status is Status.DRAFT:
            continue
        made = Supersession(link.target, link.source, source.effective_from or source.date, link.reference)
        known = found.get(link.target)
        if known is None or (made.since or "9999") < (known.since or "9999"):
            found[link.target] = made
    yield from (found[document] for document in sorted(found))


def _versions(matcher: _Matcher) -> Iterator[Versions]:
    """Groups of documents that share a number, or a title and, where both name them, an issuer."""
    group_of: dict[str, list[FiledDocument]] = {}
    shelves: dict[str, list[FiledDocument]] = {}
    for document in matcher.originals():
        group_of[document.id] = [document]
        key = version_key(document.metadata.title, document.metadata.enclosed_title)
        for shelf in (*matcher.numbers(document), *((f"《{key}》",) if key else ())):
            shelves.setdefault(shelf, []).append(document)
    for shelf, documents in shelves.items():
        for group in [documents] if not shelf.startswith("《") else _by_issuer(documents):
            for other in group[1:]:
                mine, theirs = group_of[group[0].id], group_of[other.id]
                if mine is not theirs:
                    mine.extend(theirs)
                    group_of.update((each.id, mine) for each in theirs)
    for group in {id(group): group for group in group_of.values()}.values():
        if len(group) > 1:
            yield Versions(tuple(each.id for each in _newest_first(group)))


def _newest_first(group: Sequence[FiledDocument]) -> list[FiledDocument]:
    by_id = sorted(group, key=lambda each: each.id)
    return sorted(by_id, key=lambda each: each.metadata.date or "", reverse=True)


def _by_issuer(documents: Sequence[FiledDocument]) -> list[list[FiledDocument]]:
    """Documents of one title by who issued them; those that do not say join where there is only one choice."""
    groups: list[list[FiledDocument]] = []
    for document in documents:
        issuers = set(document.metadata.issuers)
        met = [group for group in groups if any(issuers & set(each.metadata.issuers) for each in group)]
        if issuers:
            groups = [group for group in groups if group not in met]
            groups.append([document, *(each for group in met for each in group)])
    silent = [document for document in documents if not document.metadata.issuers]
    if len(groups) == 1:
        groups[0].extend(silent)
        return groups
    return [*groups, silent]
