"""Files that the bench hands out."""

from __future__ import annotations

from urllib.parse import quote

from fastapi.responses import Response

HTML, YAML = "text/html; charset=utf-8", "application/yaml; charset=utf-8"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, kind: str) -> Response:
    """``content`` as a file called ``name``, never shown as a page of this site."""
    told = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(
        content, media_type=kind, headers={"Content-Disposition": told, "X-Content-Type-Options": "nosniff"}
    )
