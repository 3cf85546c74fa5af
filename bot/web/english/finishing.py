"""The last touch to an English page: days in words, English punctuation, and what is Chinese marked as Chinese.

Only texts that no ``lang`` marks yet are touched, and never what somebody typed into a box.
"""

from __future__ import annotations

import re

from bot.web.english.days import in_words
from bot.web.markup import Html

_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_TAG = re.compile(r"</?([a-z0-9]+)")
_VOID = frozenset({"br", "hr", "img", "input"})
#: Their text is a value: it is sent, copied or typed as it stands. They take no markup inside.
_VALUES = frozenset({"textarea", "option", "code", "title"})
_HAN = re.compile(r"[\u3400-\u9fff]")
#: A run of Chinese: from a Han character or an opening mark to the last one, with figures and spaces between.
_CHINESE = re.compile(
    r"[《〔（“「『〈]{0,2}[\u3400-\u9fff]"
    r"(?:[\w\u3000-\u303f\uff00-\uffef%℃°·.~+/-]|[ “”‘’—](?=[\u3400-\u9fff《（“]))*"
)
#: What follows a run and is none of it: a count in brackets, a mark that leads on.
_AFTER = re.compile(r"(?:（[\w ]{0,20}）)?[，、：；]{0,3}$", re.ASCII)
#: A text with letters, or a count in brackets, is ours.
_ENGLISH = re.compile(r"[A-Za-z]|（\d{1,6}）")
_MARKS = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
_BETWEEN = str.maketrans({"、": ", ", "，": ", ", "；": "; ", "：": ": ", "（": " (", "）": ")", "。": ".", "？": "?"})


def finished(markup: Html) -> Html:
    """``markup`` of an English page with its last touch."""
    parts: list[str] = []
    marked = [False]
    tokens = _TOKEN.findall(markup)
    for place, token in enumerate(tokens):
        if not token.startswith("<"):
            parts.append(token if marked[-1] else _marked_text(token))
            continue
        name = _TAG.match(token)
        if name is None or name[1] in _VOID:
            parts.append(token)
        elif token.startswith("</"):
            marked.pop()
            parts.append(token)
        else:
            own = re.search(r' lang="([^"]*)"', token)
            chinese = own[1].startswith("zh") if own else marked[-1]
            kept = name[1] in _VALUES or ' class="copy-source"' in token
            marked.append(chinese or kept)
            value = kept and own is None and place + 1 < len(tokens) and _HAN.search(tokens[place + 1])
            parts.append(f'{token[:-1]} lang="zh-CN">' if value else token)
    return Html("".join(parts))


def _marked_text(words: str) -> str:
    """A text between tags (escaped), with its Chinese in elements that say so; what is quoted keeps its marks."""
    parts, position = [], 0
    for found in _CHINESE.finditer(words):
        run = _AFTER.sub("", found.group())
        parts.append(_between(words[position : found.start()]))
        parts.append(f'<span lang="zh-CN">{run}</span>')
        position = found.start() + len(run)
    parts.append(_between(words[position:]))
    return "".join(parts)


def _between(words: str) -> str:
    """What is not Chinese: English with its punctuation, or the marks between and behind what is quoted."""
    if _ENGLISH.search(words):
        return in_words(words.translate(_BETWEEN))
    return f'<span lang="zh-CN">{words}</span>' if _MARKS.search(words) else in_words(words)
