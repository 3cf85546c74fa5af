"""The last gate: what an answer says is checked against the quotes it cites, in every mode."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.text.figures import ParsedFigure, parse_figures, stands_in
from bot.types import Citation, Computed, Correction, Figure

#: A marker is a small number: the year of 科[2021]12号 is none.
MARKER = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class VerifiedText:
    """A text whose figures were looked up; ``untraced`` stand in no cited quote."""

    figures: tuple[Figure, ...]
    untraced: tuple[str, ...]
    unknown_markers: tuple[int, ...]

    @property
    def passed(self) -> bool:
        """Whether everything in the text can be traced."""
        return not self.untraced and not self.unknown_markers


def strip_markers(text: str) -> str:
    """``text`` without its ``[n]``."""
    return MARKER.sub("", text)


def verify_text(
    text: str,
    citations: Iterable[Citation],
    corrections: Iterable[Correction] = (),
    computed: Iterable[Computed] = (),
    *,
    metadata_counts: bool = False,
    markers: Iterable[int] | None = None,
) -> VerifiedText:
    """Look up every figure of ``text`` in the quotes of the markers it carries.

    A figure counts as traced when it stands in a quote whose marker ``text`` carries, when it is the
    ``asked`` side of a correction, or when code computed it; with ``metadata_counts`` (notes) also when
    it stands in the title, number or date of a cited document. The markers are those in ``text``, or ``markers``
    where they are given apart from it: an ``[n]`` within it must then be printed by a quote.
    """
    by_marker = {citation.marker: citation for citation in citations}
    bracketed = [int(number) for number in MARKER.findall(text)]
    carried = bracketed if markers is None else list(markers)
    cited = [by_marker[marker] for marker in dict.fromkeys(carried) if marker in by_marker]
    unknown = [marker for marker in carried if marker not in by_marker]
    if markers is not None:
        unknown += [number for number in bracketed if not any(f"[{number}]" in each.quote for each in cited)]
    exempt = {figure.key for item in corrections for figure in parse_figures(item.asked)}
    exempt |= {figure.key for item in computed for figure in parse_figures(item.text)}
    metadata = "；".join(_metadata_text(item) for item in by_marker.values()) if metadata_counts else ""
    looked_up = [
        figure
        for figure in parse_figures(strip_markers(text))
        if figure.key not in exempt and not (metadata and stands_in(figure, metadata))
    ]
    sources = _sources(looked_up, cited)
    figures = tuple(map(_record, looked_up, sources))
    untraced = tuple(figure.text for figure, source in zip(looked_up, sources, strict=True) if source is None)
    return VerifiedText(figures, untraced, tuple(unknown))


def _sources(figures: list[ParsedFigure], cited: list[Citation]) -> list[Citation | None]:
    """The quote that states each figure; as a figure of its own: 十五万元 does not state 五万元."""
    printed = [(citation, {each.text for each in parse_figures(citation.quote)}) for citation in cited]
    found: list[Citation | None] = []
    for figure in figures:
        # 五家 of one quote must not vouch for 五个 of the next: the quote that prints the figure goes first.
        same = next((citation for citation, texts in printed if figure.text in texts), None)
        found.append(same or next((each for each in cited if stands_in(figure, each.quote)), None))
    return found


def _record(figure: ParsedFigure, source: Citation | None) -> Figure:
    value: float | str
    if isinstance(figure.value, str):
        value = figure.value
    else:
        value = int(figure.value) if figure.value == figure.value.to_integral_value() else float(figure.value)
    return Figure(figure.text, value, figure.unit, source.marker if source else None, source is not None)


def _metadata_text(citation: Citation) -> str:
    return "；".join(part for part in (citation.title, citation.document_number, citation.date) if part)
