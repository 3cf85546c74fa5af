"""What the page looks like: theme, style sheet and script, all read from this package."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes.base import Base as Theme

_STATIC = Path(__file__).resolve().parent / "static"

STYLES = (
    "base.css",
    "frame.css",
    "evidence.css",
    "chat.css",
    "exchange.css",
    "office.css",
    "help.css",
    "views.css",
    "forms.css",
    "cards.css",
    "outcomes.css",
    "market.css",
    "kept.css",
    "narrow.css",
)
SCRIPTS = (
    *("base.js", "keeping.js", "places.js", "menu.js", "panel.js", "copying.js", "log.js", "asking.js"),
    *("suggesting.js", "tables.js"),
    *("conversations.js", "actions.js", "forms.js", "office.js", "views.js", "exporting.js"),
    *("browsing.js", "registering.js", "receipts.js", "page.js"),
)
"""Parts of one function; a part uses what the parts before it define."""

_SCRIPT_FRAME = 'window.assistantPage = (() => {{\n"use strict";\n{parts}\nreturn {{ connect }};\n}})();'

TEXT_FONTS = (
    "-apple-system",
    "PingFang SC",
    "HarmonyOS Sans SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)
"""Fonts that come with the systems people use; nothing is loaded."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Markup for the page's head; everything is inline, so that nothing is fetched for it."""

    head: str
    icon: Path

    @classmethod
    def read(cls) -> Assets:
        """Read the package's static files."""
        style = _joined(STYLES)
        script = _SCRIPT_FRAME.format(parts=_joined(SCRIPTS))
        icon = _STATIC / "icon.svg"
        encoded = base64.b64encode(icon.read_bytes()).decode("ascii")
        head = (
            f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,{encoded}">\n'
            f"<style>\n{style}\n</style>\n<script>\n{script}\n</script>"
        )
        return cls(head, icon)


def _joined(names: tuple[str, ...]) -> str:
    return "\n".join((_STATIC / name).read_text("utf-8") for name in names)


def theme() -> Theme:
    """Gradio's plainest theme on system fonts; the style sheet does the rest."""
    from gradio.themes import Base, sizes

    return Base(font=TEXT_FONTS, font_mono=("ui-monospace", "Consolas", "monospace"), text_size=sizes.text_lg)
