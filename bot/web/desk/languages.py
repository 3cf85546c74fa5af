"""The desk in English: pages are written in Chinese, and their fixed words said in English at the edge.

The words stand in ``english/<section>.yaml``, a sentence of code with its English, ``{name}`` for what is filled in.
What people and documents said stays as it is. A page marks such words with ``lang="zh-CN"``
(:func:`bot.web.desk.frame.as_told`), so that a record titled like a button is not taken for one.
"""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

from bot.web.english.finishing import finished
from bot.web.english.phrasebook import Phrasebook, page_sentences
from bot.web.markup import Html
from bot.web.texts import Language

FOLDER = Path(__file__).with_name("english")
#: Sections whose pages lie at another name.
_SECTIONS = {"records": "pipeline", "requests": "pipeline", "pairs": "introductions", "calendar": "figures"}
_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_TAG = re.compile(r"</?([a-z0-9]+)")
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "path", "rect", "circle", "line"})
_KEPT = frozenset({"textarea", "style", "code"})
#: Attributes that people read or hear.
_SPOKEN = re.compile(r' (aria-label|title|placeholder|alt)="([^"]*)"')
_HAN = re.compile(r"[\u3400-\u9fff]")


@cache
def book(section: str = "") -> Phrasebook:
    """Every sentence that the desk says, the public page's words among them; those of ``section`` go before others."""
    told = page_sentences()
    for path in sorted(FOLDER.glob("*.yaml"), key=lambda path: (path.stem == section, path.stem)):
        told |= _read(path)
    return Phrasebook(told)


def section_of(path: str) -> str:
    """The name of the table that holds the words of the page at ``path``."""
    name = path.removeprefix("/desk").strip("/").partition("/")[0]
    return _SECTIONS.get(name, name)


def _read(path: Path) -> dict[str, str]:
    import yaml

    read: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return read


def spoken(markup: Html, language: str, path: str = "") -> Html:
    """A whole page in ``language``; ``path`` is the place it belongs to."""
    if language != Language.ENGLISH:
        return markup
    own = book(section_of(path))
    parts: list[str] = []
    kept = [False]
    for token in _TOKEN.findall(markup):
        if not token.startswith("<"):
            parts.append(token if kept[-1] else _said(token, own))
            continue
        name = _TAG.match(token)
        marked = re.search(r' lang="([^"]*)"', token)
        chinese = kept[-1] or (marked is not None and marked[1].startswith("zh"))
        parts.append(token if chinese else _SPOKEN.sub(lambda found: f' {found[1]}="{_said(found[2], own)}"', token))
        if name is None or name[1] in _VOID:
            continue
        if token.startswith("</"):
            kept.pop()
        else:
            kept.append(chinese or name[1] in _KEPT)
    return finished(Html("".join(parts)))


def _said(words: str, known: Phrasebook) -> str:
    """A text between tags, or of an attribute (escaped), in English where the tables know it."""
    if not _HAN.search(words):
        return words
    bare = html.unescape(words.strip())
    told = known.value(bare)
    return words if told == bare else words.replace(words.strip(), html.escape(told, quote=True))


def language_name(language: str) -> str:
    """The other language, named in itself: what the switch says."""
    return "中文" if language == Language.ENGLISH else "English"
