"""Addresses of services as they may be shown."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def public_address(base_url: str) -> str:
    """``base_url`` without user, password and query: what may be shown; empty when it is no address."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
