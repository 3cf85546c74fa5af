"""Axe over a page that stands: put into it once, asked for what is wrong only, by rules that can find something new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT

#: Rules that look at colours: all others find the same in the dark, where things are only coloured. These are axe's
#: category ``cat.color`` but for ``color-contrast-enhanced``, which axe leaves out unless asked.
BY_COLOUR = ("color-contrast", "link-in-text-block")
#: Rules that measure: all others find the same in a window of another size, as long as the same things are shown.
#: ``color-contrast`` is among them for it asks what lies behind the words and how large they are. ``target-size`` axe
#: leaves out unless asked.
BY_SIZE = ("target-size", "scrollable-region-focusable", *BY_COLOUR)

# Told of the violations only, axe need not work out how to name all else.
_LOOK = """([rules, without]) => axe.run(without.length ? { exclude: without } : document, {
  resultTypes: ['violations'],
  ...(rules.length ? { runOnly: { type: 'rule', values: rules } } : {}),
  ...(rules.length ? { preload: false } : {}),
}).then((all) => all.violations.flatMap((rule) =>
  rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.html.slice(0, 140)}`)))"""


def violations(page, place: str, rules: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong with what is shown now, each with the name of the place; all rules unless told which."""
    if not page.evaluate("'axe' in window"):  # a page that was gone to is another one
        page.evaluate(AXE_SCRIPT)
    return [f"{place}: {each}" for each in page.evaluate(_LOOK, [list(rules), list(without)])]


@contextmanager
def in_the_dark(page, by_class: bool = True) -> Iterator[None]:
    """The page in dark colours; ``by_class`` where it marks them itself and does not leave them to the browser."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        if by_class:
            page.wait_for_function("dark => document.body.classList.contains('dark') === dark", arg=scheme == "dark")
        if scheme == "dark":
            yield


def shown_there(page) -> list[str]:
    """What is shown, by its place in the document: as long as this stays, only rules that measure find other things."""
    return page.evaluate(
        """() => [...document.body.querySelectorAll('*')].flatMap((each, at) =>
          each.checkVisibility({ visibilityProperty: true }) ? [`${at} ${each.tagName}`] : [])"""
    )
