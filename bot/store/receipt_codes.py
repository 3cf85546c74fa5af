"""Receipt codes: whoever left something comes back with one, without an account. Only a hash is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

#: No 0/O, 1/I/L: a code is read out over the telephone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: 31 letters to the power of 20 are about 99 bits: a plain hash is enough, nobody can try them all.
_LENGTH, _GROUP = 20, 5


def new_code() -> str:
    """A code of 20 letters and digits in groups, like ``7K3MQ-9XDTF-…``."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def code_hash(code: str) -> str:
    """The SHA-256 of ``code`` as 64 hexadecimal digits, however it was typed: width, case and marks do not count."""
    letters = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", code).upper())
    return hashlib.sha256(letters.encode()).hexdigest()
