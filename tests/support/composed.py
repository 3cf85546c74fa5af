"""The Chinese that code composes, read from its source: what errors say, and every sentence of a module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.settings import INGEST, PROGRAM

PACKAGE = Path(__file__).parents[2] / "bot"
HAN = re.compile(r"[\u3400-\u9fff]")
#: What stands in for a value that is only known when the program runs: no Chinese of ours holds it.
VALUE = "Q7x"
#: Commands that remedies name are known beforehand.
COMMANDS = {"PROGRAM": PROGRAM, "INGEST": INGEST}


def template(node: ast.AST) -> str | None:
    """A string or f-string with :data:`VALUE` for what is filled in; ``None`` for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(each.value if isinstance(each, ast.Constant) else _filled_in(each) for each in node.values)
    return None


def _filled_in(part: ast.expr) -> str:
    name = part.value.id if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name) else ""
    return COMMANDS.get(name, VALUE)


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of rooms of the package, by their path below it."""
    for room in rooms:
        path = PACKAGE / room
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            yield str(file.relative_to(PACKAGE)), ast.parse(file.read_text(encoding="utf-8"))


def constants(tree: ast.Module) -> dict[str, str]:
    """Texts that have a name in a module."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            told = template(node.value)
            if told is not None:
                found[node.targets[0].id] = told
    return found


def error_texts(*rooms: str) -> Iterator[tuple[str, str]]:
    """(where, text) of every Chinese part of an error that is raised: message, value, what was tried, remedy."""
    named = {name: told for _, tree in modules(*rooms) for name, told in constants(tree).items()}
    for where, tree in modules(*rooms):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not _is_error(node.func):
                continue
            for part in [*node.args, *(each.value for each in node.keywords)]:
                alternatives = (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,)
                for each in alternatives:
                    told = named.get(each.id) if isinstance(each, ast.Name) else template(each)
                    if told and HAN.search(told):
                        yield f"{where}:{node.lineno}", told


def _is_error(called: ast.expr) -> bool:
    name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
    return name.endswith(("Error", "Missing")) or name == "StaleVersion"


def sentences(where: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every Chinese text of a module but docstrings, patterns and names of its word lists."""
    ((_, tree),) = modules(where)
    skipped = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    skipped |= {id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in ast.walk(each)}
    skipped -= {id(each) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr)}
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and _is_private_data(node):
            skipped |= {id(each) for each in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("compile", "sub"):
            skipped |= {id(each) for each in ast.walk(node)}
    for node in ast.walk(tree):
        told = None if id(node) in skipped else template(node)
        if told and HAN.search(told):
            yield node.lineno, told


def _is_private_data(node: ast.Assign | ast.AnnAssign) -> bool:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return isinstance(target, ast.Name) and isinstance(node.value, (ast.Call, ast.BinOp))
