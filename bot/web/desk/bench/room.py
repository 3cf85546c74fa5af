"""What the pages of the bench work with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fastapi.responses import HTMLResponse

from bot.candidates import waiting_candidate
from bot.evaluation.case_store import CaseStore
from bot.evaluation.errand import What
from bot.evaluation.run_store import RunStore
from bot.web.desk.context import Desk
from bot.web.desk.frame import page
from bot.web.desk.guard import ROOT, Signed
from bot.web.markup import Html, tag, text

PATH = f"{ROOT}/bench"
CASES, RUNS = f"{PATH}/cases", f"{PATH}/runs"


@dataclass(frozen=True)
class Room:
    """The desk's doors to cases and runs. Does no I/O until it is asked."""

    desk: Desk

    @cached_property
    def cases(self) -> CaseStore:
        """The cases kept at the desk."""
        return CaseStore(self.desk.database)

    @cached_property
    def runs(self) -> RunStore:
        """The runs."""
        return RunStore(self.desk.database)

    @property
    def encoders(self) -> tuple[str, ...]:
        """The folders of other encoders that the settings allow."""
        return self.desk.settings.desk.encoders

    def choices(self) -> dict[str, str]:
        """What can be run now, words by value; another encoder is ``encoders:`` with its place in the settings."""
        waits = waiting_candidate(self.desk.settings) is not None
        found = {What.IN_FORCE.value: What.IN_FORCE.label}
        if waits:
            found |= {each.value: each.label for each in (What.VERSIONS, What.WAITING)}
        if self.desk.settings.llm.configured:
            found[What.MODES.value] = What.MODES.label
        for place, folder in enumerate(self.encoders):
            found[f"{What.ENCODERS.value}:{place}"] = f"{What.ENCODERS.label}：{Path(folder).name}"
        return found


def shown_page(title: str, body: Html, signed: Signed, *, problem: str = "", status: int = 200) -> HTMLResponse:
    """A page of the bench."""
    return HTMLResponse(page(title, body, signed, path=PATH, problem=problem), status)


def missing_page(title: str, signed: Signed, problem: str, *, back: str, label: str) -> HTMLResponse:
    """What is not there (any more), with the way back."""
    link = tag("p", tag("a", text(label), href=back))
    return HTMLResponse(page(title, link, signed, path=PATH, problem=problem), 404)


def chooser(address: str, *fields: Html, label: str, **kept: str) -> Html:
    """A form that only asks for another view of a page; it changes nothing."""
    carried = (tag("input", type="hidden", name_=name, value=value) for name, value in kept.items())
    button = tag("button", text(label), type="submit")
    return tag("form", *carried, *fields, button, method="get", action=address, class_="chooser")
