"""The OpenAPI description as one page to read, made on this host without scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.6 system-ui,'Noto Sans SC',sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{background:#f4f4f4;padding:.75rem;overflow:auto}h2{border-top:1px solid #ccc;padding-top:1rem}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}pre{background:#222}}"
)
_KEY = "每次调用在 Authorization: Bearer 或 X-API-Key 中带上密钥。机器可读的描述：/openapi.json"


def manual(description: Mapping[str, Any]) -> str:
    """The page for an OpenAPI ``description``: each route with what it does and what it takes."""
    schemas = description.get("components", {}).get("schemas", {})
    title = escape(description["info"]["title"])
    routes = [
        _route(path, method, route, schemas)
        for path, methods in description["paths"].items()
        for method, route in methods.items()
    ]
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f"<h1>{title}</h1><p>{_KEY}</p>{''.join(routes)}</html>"
    )


def _route(path: str, method: str, route: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    told = escape(route.get("description", ""))
    body = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = body.get("$ref", "").rpartition("/")[2]
    fields = json.dumps(schemas[name].get("properties", {}), ensure_ascii=False, indent=1) if name in schemas else ""
    shown = f"<pre>{escape(fields)}</pre>" if fields else ""
    return f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{told}</p>{shown}"
