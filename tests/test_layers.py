"""Imports point one way and in no circle, slow libraries wait until they are needed, and nothing reaches the network."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "index": {"rag", "ui", "khabar", "tests", "benchmarks"},
    "rag": {"ui", "khabar", "tests", "benchmarks"},
    "ui": {"khabar", "tests", "benchmarks"},
    "khabar": {"ui", "tests", "benchmarks"},
}
SLOW = {"torch", "transformers", "sentence_transformers", "llama_cpp", "chromadb", "gradio", "trafilatura"}
# The stages of a question, low to high: a stage imports those before it, never one behind it.
STAGES = (
    "types", "text", "entities", "ask", "retrieve", "weigh", "quote", "render", "generate", "draft", "trial", "request",
    "answer", "archive", "answering", "offer", "conversation", "evaluate", "intake", "desk", "server", "doctor", "api",
)  # fmt: skip
FETCHING = {"requests", "httpx", "httpx2", "aiohttp", "huggingface_hub", "openai"}


def modules(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert len(found) > 2
    return found


def imported(tree: ast.AST) -> set[str]:
    """Return the first names of everything that is imported anywhere in a module, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import"
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"import_module", "__import__", "find_spec"}:
                found.add(str(node.args[0].value).split(".")[0])
    return found


@cache
def imports() -> dict[str, set[str]]:
    """Return which modules of ours each of ours imports, anywhere in it."""
    ours = {name_of(file): file for package in FORBIDDEN for file in modules(package)}
    return {name: set(modules_in(ast.parse(file.read_text("utf-8")), ours)) - {name} for name, file in ours.items()}


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def modules_in(tree: ast.AST, ours: Mapping[str, object]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in ours)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield from [name for name in (whole, node.module or "") if name in ours][:1]


def part_of(module: str) -> str:
    """Return the folder that a module lies in, below its package; a module beside the folders is a part by itself."""
    return ".".join(module.split(".")[:2])


def parts() -> dict[str, set[str]]:
    """Return which parts of a package, folders or single modules, each part imports."""
    found: dict[str, set[str]] = {}
    for module, imported_ones in imports().items():
        found.setdefault(part_of(module), set()).update(map(part_of, imported_ones))
    return {part: others - {part} for part, others in found.items()}


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Return what can be reached from itself, one shortest way round for each such set."""
    found: dict[frozenset[str], list[str]] = {}
    for start in graph:
        ways, seen = [[start]], {start}
        for way in ways:  # which grows: nearest first
            for other in sorted(graph.get(way[-1], ())):
                if other == start:
                    found.setdefault(frozenset(way), [*way, start])
                elif other not in seen:
                    seen.add(other)
                    ways.append([*way, other])
    return list(found.values())


def test_no_module_imports_itself_by_way_of_others():
    assert circles(imports()) == []


def test_no_folder_imports_itself_by_way_of_others():
    assert circles(parts()) == []


def test_circles_are_seen():
    assert circles({"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "e": {"a"}}) == [["a", "b", "c", "a"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
    made = ast.parse("from rag.text import tuning, words\nfrom rag.types import Answer\ndef f():\n    import rag.desk")
    assert set(modules_in(made, dict.fromkeys(("rag.text.tuning", "rag.text", "rag.types", "rag.desk")))) == {
        "rag.text.tuning", "rag.text", "rag.types", "rag.desk",
    }  # fmt: skip


def test_a_stage_imports_only_those_before_it():
    assert {part_of(module) for module in imports()} >= {f"rag.{stage}" for stage in STAGES}, "a stage that is not there"
    wrong = [
        f"rag.{stage} imports {other}"
        for place, stage in enumerate(STAGES)
        for other in parts()[f"rag.{stage}"]
        if other.removeprefix("rag.") in STAGES[place:]
    ]
    assert wrong == []


def test_every_folder_of_rag_is_a_stage():
    folders = {name.split(".")[1] for name in imports() if name.startswith("rag.") and name.count(".") > 1}
    assert folders <= set(STAGES)


@pytest.mark.parametrize(
    "file", [file for package in FORBIDDEN for file in modules(package)], ids=lambda file: str(file.relative_to(ROOT))
)
def test_imports_point_one_way(file):
    package = file.relative_to(ROOT).parts[0]
    wrong = imported(ast.parse(file.read_text(encoding="utf-8"))) & FORBIDDEN[package]
    assert not wrong, f"{package} must not import {', '.join(wrong)}"


@pytest.mark.parametrize("file", modules("index"), ids=lambda file: file.name)
def test_index_has_no_library_that_fetches(file):
    assert not imported(ast.parse(file.read_text(encoding="utf-8"))) & FETCHING


def test_imports_inside_functions_are_seen():
    tree = ast.parse("def f():\n    from rag.answer import x\n    import ui.cli\n    import_module('tests.made')")
    assert imported(tree) == {"rag", "ui", "tests"}


@pytest.mark.parametrize("module", ["index.build", "rag.answer", "rag.archive", "ui.cli", "khabar"])
def test_importing_loads_no_slow_library(module):
    script = f"import sys, {module}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not SLOW & set(done.stdout.split())


@pytest.mark.parametrize("address", [("203.0.113.1", 80), ("huggingface.co", 443)])
@pytest.mark.parametrize("how", ["connect", "connect_ex"])
def test_the_guard_stops_a_connection(address, how):
    with socket.socket() as wire, pytest.raises(pytest.fail.Exception, match="nothing may be fetched unasked"):
        getattr(wire, how)(address)


def test_the_guard_stops_a_look_up():
    with pytest.raises(pytest.fail.Exception, match="huggingface.co"):
        socket.create_connection(("huggingface.co", 443), timeout=1)


def test_the_guard_lets_this_machine_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as wire:
        assert wire.getpeername()[0] == "127.0.0.1"
