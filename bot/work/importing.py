"""Looking through and importing large lists from the desk."""

from __future__ import annotations

from typing import Any

from bot.market.service import Market
from bot.pipeline.imports import ImportRoom
from bot.work.progress import Work


def importing(work: Work) -> dict[str, Any]:
    """Look through a list, or import it where ``run`` is asked for; done again it takes in what is missing."""
    room = ImportRoom.below(work.settings, Market(work.settings))
    token = str(work.parameters["token"])
    if not work.parameters.get("run"):
        work.progress("核对每一行", 0, 0)
        return {"rows": len(room.check(token).rows)}

    def told(done: int, total: int) -> None:
        work.progress("导入", done, total)

    report = room.run(token, told)
    return {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}
