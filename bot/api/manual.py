"""The OpenAPI description as one page to read, made on this host without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

from bot.api.description import routes_of
from bot.api.refusals import KINDS

_STYLE = (
    "body{font:16px/1.6 system-ui,'Noto Sans SC',sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{background:#f4f4f4;padding:.75rem;overflow:auto}h2{border-top:1px solid #ccc;padding-top:1rem}"
    "td,th{padding:.1rem 1rem .1rem 0;text-align:left;vertical-align:top}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}pre{background:#222}}"
)
_CALL = """ADDRESS=…    # 您正在看的这个地址，到端口为止
KEY=…        # bot key add 程序名
curl "$ADDRESS/api/v1/ask" -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"question": "联合创新项目最高支持多少？"}'"""


def manual(description: Mapping[str, Any]) -> str:
    """The page for an OpenAPI ``description``: a call, limits, errors, each route with what it takes and gives."""
    title = escape(description["info"]["title"])
    schemas = description["components"]["schemas"]
    routes = (_route(path, method, operation, schemas) for path, method, operation in routes_of(description))
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f"<h1>{title}</h1>{_words(description['info']['description'])}<p>机器可读的描述：/openapi.json</p>"
        f"<h2>一次调用</h2><pre>{escape(_CALL)}</pre><h2>错误</h2>{_errors()}{''.join(routes)}</html>"
    )


def _errors() -> str:
    rows = (
        f"<tr><td>{status}</td><td><code>{kind.code}</code></td><td>{escape(kind.told)}</td></tr>"
        for status, kind in KINDS.items()
    )
    return f"<table><tr><th>状态</th><th>code</th><th>说明</th></tr>{''.join(rows)}</table>"


def _route(path: str, method: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    head = f"<h2><code>{method.upper()} {escape(path)}</code> {escape(operation['summary'])}</h2>"
    told = [_words(operation["description"])]
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for example in sent.get("examples", {}).values():
        told.append(f"<p>{escape(example['summary'])}</p>{_json(example['value'])}")
    if sent:
        fields = schemas[sent["schema"]["$ref"].rpartition("/")[2]].get("properties", {})
        told.append(f"<details><summary>每一项</summary>{_json(fields)}</details>")
    statuses = "、".join(sorted(operation["responses"]))
    answer = operation["responses"]["200"]["content"]["application/json"]["example"]
    return f"{head}{''.join(told)}<p>得到（状态 {statuses}）：</p>{_json(answer)}"


def _words(markdown: str) -> str:
    """Paragraphs, with what is bold or code in them; lines are broken in the source alone."""
    marked = escape(markdown)
    for pattern, element in ((r"\*\*(.+?)\*\*", "strong"), (r"`(.+?)`", "code")):
        marked = re.sub(pattern, rf"<{element}>\1</{element}>", marked)
    return "".join(f"<p>{each.replace(chr(10), '')}</p>" for each in marked.split("\n\n"))


def _json(value: Any) -> str:
    return f"<pre>{escape(json.dumps(value, ensure_ascii=False, indent=1))}</pre>"
