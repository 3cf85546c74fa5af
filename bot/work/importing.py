"""Looking through and importing large lists from the desk."""

from __future__ import annotations

from typing import Any

from bot.market.importing import ImportStage
from bot.market.service import Market
from bot.pipeline.imports import ImportRoom
from bot.work.progress import Work


def importing(work: Work) -> dict[str, Any]:
    """Look through a list, or import it where ``run`` is asked for; stopped or killed, nothing of it went in."""
    room = ImportRoom.below(work.settings, Market(work.settings))
    token = str(work.parameters["token"])

    def told(stage: ImportStage, done: int, total: int) -> None:
        work.progress(stage.label, done, total)

    if not work.parameters.get("run"):
        return {"rows": len(room.check(token, told).rows)}
    report = room.run(token, told)
    return {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}
