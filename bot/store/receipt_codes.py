"""Receipt codes and other keys that open something: only a hash of each is kept."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import secrets
import unicodedata
from collections.abc import Iterator

#: No 0/O, 1/I/L: a code is read out over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: 31 letters to the power of 20 are about 99 bits: a plain hash is enough, nobody can try them all.
_LENGTH, _GROUP = 20, 5


def codes_for(key: str, *content: object) -> Iterator[str]:
    """Codes of 20 letters and digits in groups, like ``7K3MQ-9XDTF-…``; the first that opens nothing yet is to be used.

    ``key`` is a random one of about 100 bits or more that only the sender holds: whoever sends the same content under
    it again comes to the same codes, also where the answer to the first sending was lost, and nobody else does.
    Without a key they are random.
    """
    key = key or secrets.token_hex(16)
    for turn in itertools.count():
        number = int(token_hash(json.dumps([key, turn, *content], ensure_ascii=True, sort_keys=True)), 16)
        letters = ""
        for _ in range(_LENGTH):
            number, place = divmod(number, len(_ALPHABET))
            letters += _ALPHABET[place]
        yield "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def token_hash(token: str) -> str:
    """The SHA-256 of a random token or key, exactly as given, as 64 hexadecimal digits.

    It holds for tokens of about 100 random bits and more, which nobody can try.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def code_hash(code: str) -> str:
    """The SHA-256 of ``code`` as 64 hexadecimal digits, however it was typed: width, case and marks do not count."""
    letters = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", code).upper())
    return token_hash(letters)
