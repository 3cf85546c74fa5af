"""Imports point downwards, and the adapted libraries stay in the modules that adapt them."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "bot"

#: Floor of each room; the longest prefix that fits a module decides.
FLOORS = {
    "bot": 0,
    "bot.types": 0,
    "bot.errors": 0,
    "bot.settings": 0,
    "bot.collecting": 0,
    "bot.serialization": 0,
    "bot.lexicon": 0,
    "bot.text": 0,
    "bot.documents": 1,
    "bot.printing": 1,
    "bot.search": 1,
    "bot.catalogue": 2,
    "bot.encoder": 2,
    "bot.index": 2,
    "bot.llm": 2,
    "bot.store": 2,
    "bot.training": 2,
    "bot.retrieval": 3,
    "bot.market": 3,
    "bot.understanding": 4,
    "bot.answering": 4,
    "bot.suggestions": 4,
    "bot.partners": 4,
    "bot.accounts": 3,
    "bot.inquiries": 3,
    "bot.introductions": 4,
    "bot.jobs": 3,
    "bot.pipeline": 4,
    "bot.questions": 4,
    "bot.ingestion": 5,
    "bot.candidates": 5,
    "bot.curation": 5,
    "bot.assistant": 5,
    "bot.evaluation": 5,
    "bot.upkeep": 5,
    "bot.work": 6,
    "bot.benchmarks": 6,
    "bot.api": 6,
    "bot.web": 6,
    "bot.commands": 6,
    "bot.cli": 6,
    "bot.__main__": 6,
}
#: Third-party packages and the only rooms that may import them.
ADAPTED = {
    "gradio": ("bot.web",),
    "chromadb": ("bot.index",),
    "langchain_openai": ("bot.encoder.service",),
    "langchain_chroma": ("bot.benchmarks.peers",),
    "langchain_text_splitters": ("bot.benchmarks.peers",),
    "httpx2": ("bot.llm",),
    "onnxruntime": ("bot.encoder.onnx_folder", "bot.training.export"),
    "tantivy": ("bot.search.lexical",),
    "sqlalchemy": (
        "bot.store",
        "bot.market",
        "bot.introductions",
        "bot.inquiries",
        "bot.accounts",
        "bot.jobs",
        "bot.pipeline",
        "bot.curation",
        "bot.questions",
        "bot.evaluation",
        "bot.upkeep",
        "bot.api.access",
    ),
    "mcp": ("bot.api.tools",),
    "reportlab": ("bot.printing.pdf",),
    "docx": ("bot.printing.word",),
    "argon2": ("bot.accounts.passwords",),
    "icalendar": ("bot.pipeline.deadlines",),
    "prometheus_client": ("bot.web.edge.metrics",),
    "ruamel": ("bot.curation.yaml_records",),
    "typer": ("bot.commands", "bot.cli", "bot.benchmarks"),
    "torch": ("bot.training", "bot.encoder.torch_folder"),
    "sentence_transformers": ("bot.training", "bot.encoder.torch_folder"),
}
#: What floor 0 may import besides the standard library.
PLAIN = {"pydantic", "pydantic_settings", "yaml", "bot"}


def modules() -> list[tuple[str, Path]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append((name, path))
    return found


@cache
def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def floor(module: str) -> int:
    best = max((room for room in FLOORS if module == room or module.startswith(f"{room}.")), key=len)
    return FLOORS[best]


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: str(value) if isinstance(value, str) else "")
def test_imports_point_downwards(module: str, path: Path) -> None:
    upwards = sorted(other for other in imports(path) if other.startswith("bot.") and floor(other) > floor(module))
    assert not upwards, f"{module} (floor {floor(module)}) imports {upwards}"


@pytest.mark.parametrize("package", sorted(ADAPTED))
def test_adapted_libraries_stay_in_their_rooms(package: str) -> None:
    rooms = ADAPTED[package]
    strays = [
        module
        for module, path in modules()
        if any(name == package or name.startswith(f"{package}.") for name in imports(path))
        and not any(module == room or module.startswith(f"{room}.") for room in rooms)
    ]
    assert not strays


def test_floor_zero_needs_nothing_heavy() -> None:
    import sys

    for module, path in modules():
        if floor(module) == 0 and not module.startswith("bot.__main__"):
            names = {name.split(".")[0] for name in imports(path)}
            assert names <= PLAIN | set(sys.stdlib_module_names), (module, names)


def test_no_local_knowledge_in_code() -> None:
    """What the assistant is about comes from its corpus."""
    scope = (ROOT / "corpus" / "scope.yaml").read_text(encoding="utf-8")
    assert "普陀" in scope
    for path in PACKAGE.rglob("*"):
        if path.suffix in {".py", ".yaml", ".js", ".css", ".html", ".txt"} and "benchmarks" not in path.parts:
            assert "普陀" not in path.read_text(encoding="utf-8"), path


#: The rooms of the page: what forms do, what is shown, the words. Each may use those after it, never those before.
PAGE_ROOMS = ("bot.web.actions", "bot.web.views", "bot.web.texts")


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: str(value) if isinstance(value, str) else "")
def test_rooms_of_the_page_know_only_those_below(module: str, path: Path) -> None:
    own = next((place for place, room in enumerate(PAGE_ROOMS) if module.startswith(room)), None)
    if own is None:
        return
    above = [name for name in imports(path) for room in PAGE_ROOMS[:own] if name == room or name.startswith(f"{room}.")]
    assert not above, f"{module} imports {above}"
