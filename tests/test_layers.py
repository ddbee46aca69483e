"""Imports point one way, slow libraries wait until they are needed, and the guard against the network guards."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {"index": {"rag", "ui", "tests", "benchmarks"}, "rag": {"ui", "tests", "benchmarks"}, "ui": {"tests", "benchmarks"}}
SLOW = {"torch", "transformers", "sentence_transformers", "llama_cpp", "chromadb", "gradio", "trafilatura"}
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


@pytest.mark.parametrize("module", ["index.build", "rag.answer", "rag.archive", "ui.cli"])
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
