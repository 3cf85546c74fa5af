"""The last gate: what an answer says is checked against the quotes it cites, in every mode."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.text.figures import ParsedFigure, parse_figures, stands_in
from bot.types import Citation, Computed, Correction, Figure

MARKER = re.compile(r"\[(\d+)\]")


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
) -> VerifiedText:
    """Look up every figure of ``text`` in the quotes of the markers it carries.

    A figure counts as traced when it stands in a quote whose marker ``text`` carries, when it is the
    ``asked`` side of a correction, or when code computed it; with ``metadata_counts`` (notes) also when
    it stands in the title, number or date of a cited document.
    """
    by_marker = {citation.marker: citation for citation in citations}
    markers = [int(number) for number in MARKER.findall(text)]
    unknown = tuple(marker for marker in markers if marker not in by_marker)
    cited = [by_marker[marker] for marker in dict.fromkeys(markers) if marker in by_marker]
    exempt = {figure.key for item in corrections for figure in parse_figures(item.asked)}
    exempt |= {figure.key for item in computed for figure in parse_figures(item.text)}
    metadata = "；".join(_metadata_text(item) for item in by_marker.values()) if metadata_counts else ""
    figures: list[Figure] = []
    untraced: list[str] = []
    for figure in parse_figures(strip_markers(text)):
        if figure.key in exempt or (metadata and stands_in(figure, metadata)):
            continue
        # 五家 of one quote must not vouch for 五个 of the next: the quote that prints the figure goes first.
        printed = (c for c in cited if _printed_in(figure.text, c.quote))
        source = next(printed, None) or next((c for c in cited if stands_in(figure, c.quote)), None)
        figures.append(_record(figure, source))
        if source is None:
            untraced.append(figure.text)
    return VerifiedText(tuple(figures), tuple(untraced), unknown)


def _printed_in(text: str, quote: str) -> bool:
    """Whether ``text`` stands in ``quote`` whole: 5万元 does not stand in 15万元."""
    return re.search(rf"(?<![\d.,]){re.escape(text)}(?![\d.,]?\d)", quote) is not None


def _record(figure: ParsedFigure, source: Citation | None) -> Figure:
    value: float | str
    if isinstance(figure.value, str):
        value = figure.value
    else:
        value = int(figure.value) if figure.value == figure.value.to_integral_value() else float(figure.value)
    return Figure(figure.text, value, figure.unit, source.marker if source else None, source is not None)


def _metadata_text(citation: Citation) -> str:
    return "；".join(part for part in (citation.title, citation.document_number, citation.date) if part)
