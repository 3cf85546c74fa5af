"""What a wish told in plain words is about, without the words around it.

“我们想找能做低温快充的技术团队合作” is about 低温快充; the rest says who asks and how. ``framing.txt`` lists such
words of any trade. Left in, they count as rare words that no record shares, and hide what is shared.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

FILE = Path(__file__).resolve().parent / "framing.txt"
#: A text up to this long is sought as a whole; of a longer one the clauses that ask for something lead.
_SHORT = 80
_CLAUSES = re.compile(r"[，。；！？,;!?\n]+")
_ASKING = re.compile(
    r"想|希望|期望|需要|急需|亟需|寻求|寻找|求购|征集|打算|[现正]?拟|要找|正在找|能不能|能否|有没有|有无|如何|怎么|怎样"
)


@functools.cache
def _framing(path: Path = FILE) -> re.Pattern[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    words = {word for line in lines if not line.startswith("#") for word in line.split()}
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))))


def content_of(text: str) -> str:
    """``text`` with a space in place of every framing word, so that its neighbours do not join.

    >>> content_of("我们想找能做低温快充的技术团队合作").split()
    ['低温快充']
    """
    return _framing().sub(" ", text)


def subject_of(text: str) -> tuple[str, str]:
    """What a told wish asks for, and all that it tells; the second is empty when the first is the whole.

    >>> subject_of("低温快充")
    ('低温快充', '')
    """
    if len(text) <= _SHORT:
        return text, ""
    asking = [clause.strip() for clause in _CLAUSES.split(text) if _ASKING.search(clause)]
    return ("，".join(asking), text) if asking else (text, "")
