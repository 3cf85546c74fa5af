"""Replies that the desk's pages share: on to another page after a form, and files."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from fastapi.responses import RedirectResponse, Response

HTML, YAML, CSV = "text/html; charset=utf-8", "application/yaml; charset=utf-8", "text/csv; charset=utf-8"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES = "application/octet-stream"


def see_other(address: str) -> RedirectResponse:
    """On to ``address`` after a form was sent: reloading it sends nothing again."""
    return RedirectResponse(address, 303)


def attachment(name: str) -> dict[str, str]:
    """Headers of a file to be kept under the last part of ``name``, never shown as a page of this site."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(PurePosixPath(name).name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def download(content: bytes, name: str, kind: str = BYTES) -> Response:
    """``content`` as a file called ``name``."""
    return Response(content, media_type=kind, headers=attachment(name))
