""":class:`bot.market.service.Market` is the only door: nothing outside ``bot.market`` reaches past it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "bot"
#: What a market is made of, and where it is kept.
PARTS = {"store", "door", "index"}
BEHIND = {
    f"bot.market.{name}"
    for name in (
        "batch",
        "consent_log",
        "contacts",
        "market_index",
        "parties",
        "receipts",
        "rows",
        "shelf",
        "store",
        "tables",
        "writing",
        "intake",
    )
}
NAMES_BEHIND = {"MarketStore", "MarketIndex", "MarketWriting", "Door"}
MARKET_TABLES = {
    "needs",
    "offers",
    "organisations",
    "record_contacts",
    "record_origins",
    "record_events",
    "interests",
    "consent_events",
    "receipts",
}


def outside() -> list[Path]:
    """Every module but the market's own, the tables' and their migrations."""
    inside = (PACKAGE / "market", PACKAGE / "store")
    return [path for path in sorted(PACKAGE.rglob("*.py")) if not any(each in path.parents for each in inside)]


def last_name(node: ast.expr | None) -> str:
    """The last word of ``a.b.c``, of a call's function, or of an annotation written as text."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return last_name(function)
        case ast.Constant(value=str() as told) if "\n" not in told:
            try:
                return last_name(ast.parse(told, mode="eval").body)
            except SyntaxError:
                return ""
        case ast.BinOp(left=left, right=right):
            return next((name for name in (last_name(left), last_name(right)) if name == "Market"), "")
    return ""


def is_market(node: ast.expr | None) -> bool:
    return last_name(node).strip("_").lower() == "market"


def markets_by_another_name(tree: ast.AST) -> set[str]:
    """Variables that hold a market."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value) if is_market(value):
                found.update(last_name(target) for target in targets)
            case ast.NamedExpr(target=target, value=value) if is_market(value):
                found.add(last_name(target))
            case ast.AnnAssign(target=target, annotation=annotation) if is_market(annotation):
                found.add(last_name(target))
            case ast.arg(arg=name, annotation=annotation) if is_market(annotation):
                found.add(name)
            case ast.withitem(context_expr=value, optional_vars=target) if is_market(value):
                found.add(last_name(target))
    return found


def reaches(tree: ast.AST) -> Iterator[str]:
    """Every place of a module that reaches past the door."""
    markets = markets_by_another_name(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=value, attr=part) if part in PARTS:
                if is_market(value) or last_name(value) in markets:
                    yield f"{node.lineno}: {ast.unparse(node)}"
            case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=part), *_]) if part in PARTS:
                if is_market(value) or last_name(value) in markets:
                    yield f"{node.lineno}: {ast.unparse(node)}"
            case ast.Import(names=names):
                yield from (f"{node.lineno}: {each.name}" for each in names if behind(each.name))
            case ast.ImportFrom(module=str() as module, names=names):
                for each in names:
                    whole = f"{module}.{each.name}"
                    table = module == "bot.store.tables" and each.name in MARKET_TABLES
                    named = module.startswith("bot.market") and each.name in NAMES_BEHIND
                    if table or named or behind(module) or behind(whole):
                        yield f"{node.lineno}: {whole}"


def behind(module: str) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in BEHIND)


@pytest.mark.parametrize("path", outside(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_reaches_past_the_market(path: Path) -> None:
    found = list(reaches(ast.parse(path.read_text(encoding="utf-8"))))
    assert not found, f"{path.relative_to(ROOT)} reaches past Market: {found}"


@pytest.mark.parametrize(
    "code",
    [
        "market.store.need('n1')",
        "self._market.door.public(record)",
        "assistant.market.index.current()",
        "Market(settings).store",
        "_market(data).store.events(kind, 'n1')",
        "behind = Market(settings)\nbehind.store",
        "def run(given: Market): return given.store",
        "def run(given: 'Market | None'): return given.store",
        "here = assistant.market\nhere.door",
        "with Market(settings) as opened:\n    opened.store",
        "getattr(market, 'store')",
        "from bot.market.store import MarketStore",
        "from bot.market.masking import Door",
        "from bot.market import store",
        "import bot.market.writing",
        "from bot.market.intake.origins import origins_of",
        "from bot.store.tables import consent_events",
    ],
)
def test_a_reach_past_the_market_is_seen(code: str) -> None:
    assert list(reaches(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "market.need('n1')",
        "draft.store.close()",
        "self.index.document",
        "from bot.market.service import Market",
        "from bot.store.tables import introductions",
        "def run(given: SearchIndex): return given.store",
    ],
)
def test_what_is_no_reach_is_not_taken_for_one(code: str) -> None:
    assert not list(reaches(ast.parse(code)))
