"""HTML put together so that a plain string cannot slip in unescaped.

:data:`Html` is a type of its own: mypy refuses a ``str`` where markup is expected, and the only
ways to make one are :func:`text` (which escapes) and :func:`tag`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NewType

Html = NewType("Html", str)

EMPTY = Html("")
_HAN = re.compile(r"[\u3400-\u9fff]")
_VOID = frozenset({"br", "hr", "input", "img", "meta"})


def text(value: str) -> Html:
    """Plain text, escaped for element content and attributes alike."""
    return Html(html.escape(value, quote=True))


def tag(name: str, /, *children: Html, **attributes: str | int | bool | None) -> Html:
    """One element. ``class_`` is written ``class``, other underscores become hyphens.

    Attribute values are escaped; ``None`` and ``False`` leave the attribute out, ``True`` writes
    it bare.

    >>> tag("a", text("x < y"), href="#1", class_="marker")
    '<a href="#1" class="marker">x &lt; y</a>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{''.join(children)}</{name}>")


def join(parts: Iterable[Html], separator: Html = EMPTY) -> Html:
    """Markup one after the other."""
    return Html(separator.join(parts))


def language_of(words: str) -> str | None:
    """``zh-CN`` for words with Han characters, so that fonts and screen readers fit; else ``None``."""
    return "zh-CN" if _HAN.search(words) else None


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(str(value))}"'
