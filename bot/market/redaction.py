"""Find what must not stand in public or blind text: names, ways to reach somebody, addresses, codes, patents.

Rules see written forms; they cannot see that a description fits only one firm. Text disguised with
full-width forms, spaces, dashes, zero-width characters, numerals or spelt-out marks is still found.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.market.names import patterns, straddles
from bot.market.private.codes import codes
from bot.market.private.findings import CONTACT_KINDS, Finding, FindingKind
from bot.market.private.people import names_by_form
from bot.market.private.phones import phones, spoken_digits
from bot.market.private.places import addresses
from bot.market.private.reach import reachable
from bot.market.private.reading import Reading, read

__all__ = ["CONTACT_KINDS", "Finding", "FindingKind", "redact", "scan", "without_contacts"]

#: Texts kept with what was found in them: records are shown more often than they change.
_KEPT = 8_192
#: A number given as private has at least so many digits.
_LEAST_DIGITS = 7
_NUMBERS = frozenset({FindingKind.PHONE, FindingKind.ACCOUNT, FindingKind.CODE, FindingKind.PATENT})
#: Of two kinds found at one place the one that says more.
_TELLS_MORE = (
    *(FindingKind.EMAIL, FindingKind.LINK, FindingKind.PATENT, FindingKind.CODE, FindingKind.ACCOUNT),
    *(FindingKind.PHONE, FindingKind.ADDRESS, FindingKind.PERSON, FindingKind.ORGANISATION),
)
_MARKS = frozenset(f"〔{kind.label}略〕" for kind in FindingKind)


def scan(text: str, names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Everything private found in ``text``, in order, never overlapping.

    ``names`` are names that must not stand there besides what the rules recognise: both sides'
    organisations, contact persons, their numbers and addresses. Usual short forms are found too (星火新材料 of
    上海星火新材料科技有限公司, 钱工 of 钱多多), and both in Latin letters; translations and nicknames cannot be
    derived, so give them as names of their own.
    """
    return _scanned(text, tuple(dict.fromkeys(names)))


@functools.lru_cache(maxsize=_KEPT)
def _scanned(text: str, names: tuple[str, ...]) -> tuple[Finding, ...]:
    reading = read(text)
    own = frozenset(filter(None, map(_digits_of, names)))
    # Rules first: where a rule and a given name find the same words, the rule knows what they are.
    found = [*phones(reading, own), *codes(reading), *reachable(reading), *addresses(reading), *names_by_form(reading)]
    spoken = spoken_digits(reading)
    if spoken is not reading:
        found += phones(spoken, own)
    found += _named(reading, (name for name in names if not _digits_of(name)))
    return tuple(replace(each, text=text[each.start : each.end]) for each in _apart(found, text))


def redact(text: str, findings: Iterable[Finding]) -> str:
    """``text`` with every finding replaced by a mark that says what was left out."""
    pieces: list[str] = []
    position = 0
    for finding in sorted(findings, key=lambda item: item.start):
        pieces += [text[position : finding.start], f"〔{finding.kind.label}略〕"]
        position = finding.end
    return "".join([*pieces, text[position:]])


def without_contacts(text: str) -> str:
    """``text`` without ways to reach somebody, all else stands."""
    return redact(text, [finding for finding in scan(text) if finding.kind in CONTACT_KINDS])


def _apart(found: Iterable[Finding], text: str) -> list[Finding]:
    """Findings in order and apart: what overlaps becomes one, of the kind that tells more."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda item: (item.start, -item.end, _TELLS_MORE.index(item.kind))):
        before = kept[-1] if kept else None
        if before is None or finding.start >= before.end:
            kept.append(finding)
        elif finding.end > before.end or finding.kind in _NUMBERS:
            # Half of the second must not stay behind.
            kind = min(before.kind, finding.kind, key=_TELLS_MORE.index)
            kept[-1] = replace(before, kind=kind, end=max(before.end, finding.end))
    return [finding for finding in kept if not _is_mark(text, finding)]


def _is_mark(text: str, finding: Finding) -> bool:
    """Whether a finding lies within a mark that stands for something left out before."""
    start = text.rfind("〔", 0, finding.end)
    end = text.find("〕", finding.start)
    return start >= 0 and end >= 0 and text[start : end + 1] in _MARKS and start <= finding.start


def _digits_of(name: str) -> str:
    """The digits of a telephone number given as a name; empty for any other name."""
    digits = "".join(each for each in read(name).digits if each.isdigit())
    return digits if len(digits) >= _LEAST_DIGITS and "@" not in name and 2 * len(digits) >= len(name) else ""


def _named(reading: Reading, names: Iterable[str]) -> Iterator[Finding]:
    text = reading.text
    for name in names:
        for person, pattern in patterns(read(name.strip()).text):
            kind = FindingKind.PERSON if person else FindingKind.ORGANISATION
            for match in pattern.finditer(text):
                # Two characters may meet by chance: 企业创新 holds no firm called 业创.
                if len(match.group()) > 2 or person or not straddles(text, *match.span()):
                    yield reading.found(kind, match.start(), match.end())
