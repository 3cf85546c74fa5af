"""What the published description says of a reply, for tests to hold replies against."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator


@cache
def description(url: str) -> dict[str, Any]:
    """What a server says of itself."""
    return httpx.get(f"{url}/openapi.json").json()


def operations(told: dict[str, Any]):
    """``(method, path, operation)`` of everything described."""
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def operation_of(told: dict[str, Any], method: str, address: str) -> dict[str, Any]:
    """The described operation that answers ``address``."""
    for each, path, operation in operations(told):
        pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(path))
        if each == method and re.fullmatch(pattern, address):
            return operation
    raise AssertionError(f"{method} {address} is not described")


def wrong_with(told: dict[str, Any], method: str, address: str, reply: httpx.Response) -> list[str]:
    """What of ``reply`` differs from what is declared for its status; nothing where all fits."""
    declared = operation_of(told, method, address)["responses"].get(str(reply.status_code))
    if declared is None:
        return [f"{reply.status_code} is not declared for {method} {address}"]
    kind = reply.headers["content-type"].partition(";")[0]
    if kind not in declared.get("content", {}):
        return [f"{kind} is not declared for {reply.status_code}"]
    schema = declared["content"][kind]["schema"]
    return [f"{method} {address} {reply.status_code}: {each}" for each in breaches(told, schema, reply.json())]


def breaches(told: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """Where ``value`` does not fit ``schema`` of the description."""
    assert schema, "an empty schema says nothing"
    whole = {**schema, "components": told["components"]}
    return [f"{each.json_path}: {each.message[:200]}" for each in Draft202012Validator(whole).iter_errors(value)]


def undeclared(told: dict[str, Any], schema: dict[str, Any], value: Any, place: str = "$") -> list[str]:
    """Keys of ``value`` that ``schema`` does not tell of."""
    while "$ref" in schema:
        schema = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        return [key for each in value for key in undeclared(told, schema.get("items", {}), each, f"{place}[]")]
    if not isinstance(value, dict):
        return []
    if "anyOf" in schema:
        return min((undeclared(told, each, value, place) for each in schema["anyOf"]), key=len)
    if "properties" not in schema:
        return [] if schema.get("additionalProperties") else [f"{place}: any"]
    known = schema["properties"]
    found = [f"{place}.{key}" for key in value if key not in known]
    return found + [
        each for key in value if key in known for each in undeclared(told, known[key], value[key], f"{place}.{key}")
    ]
