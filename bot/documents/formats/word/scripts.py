"""Raised and lowered text in plain characters: 10⁸, m², CO₂, and ``x^(ab)`` where no such character exists."""

from __future__ import annotations

_RAISED = dict(zip("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
#: Raised words that are read as they stand.
_PLAIN = frozenset({"st", "nd", "rd", "th", "tm", "o", "TM", "®", "™"})


def raised(text: str) -> str:
    """Superscript in plain characters.

    >>> raised("8"), raised("-3"), raised("n/2"), raised("[1]"), raised("注1")
    ('⁸', '⁻³', '^(n/2)', '[1]', '注1')
    """
    return _script(text, _RAISED, "^")


def lowered(text: str) -> str:
    """Subscript in plain characters.

    >>> lowered("2"), lowered("max"), lowered("A")
    ('₂', 'ₘₐₓ', '_(A)')
    """
    return _script(text, _LOWERED, "_")


def _script(text: str, characters: dict[str, str], sign: str) -> str:
    inner = text.strip()
    if not inner or _stands_alone(inner):
        return text
    if all(each in characters for each in inner):
        return "".join(characters[each] for each in inner)
    return f"{sign}({inner})"


def _stands_alone(text: str) -> bool:
    """Marks of notes, words and signs, which mean the same on the line."""
    bracketed = text[0] in "[〔【［" and text[-1] in "]〕】］"
    chinese = any("\u2e80" <= each <= "\u9fff" or "\uff00" <= each <= "\uffef" for each in text)
    return bracketed or chinese or text in _PLAIN or not any(each.isalnum() and each not in "①②③" for each in text)
