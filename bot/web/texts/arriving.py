"""The words a visitor sees before the page stands, or when it does not come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArrivingTexts:
    """These words in one language; which one a visitor reads is not known yet, so both are shown."""

    opening: str
    lost: str
    again: str
    needs_scripts: str


ARRIVING_CHINESE = ArrivingTexts(
    opening="正在打开……",
    lost="页面有一部分没有传到，打不开。多半是网络断了一下，再试一次就好；还是不行，请告诉管理这个网站的人。",
    again="重新打开",
    needs_scripts="这个页面要用 JavaScript 才能提问。请在浏览器里允许它，再重新打开。",
)

ARRIVING_ENGLISH = ArrivingTexts(
    opening="Opening…",
    lost="A part of the page did not arrive. The connection may have dropped for a moment; please try again, and tell "
    "whoever runs this site if it keeps failing.",
    again="Open again",
    needs_scripts="This page needs JavaScript. Please allow it in your browser and open the page again.",
)
