"""The examples of docs/api.md, in three languages, against a real server over a copy of seeds/."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.embed import NoEmbedder
from index.progress import Silent
from rag.api.application import create_api
from rag.archive import chosen_names, open_archive
from rag.desk import open_desk
from rag.intake import work
from rag.settings import Settings
from tests.rag.conftest import SEEDS
from tests.serving import serving

PAGE = (Path(__file__).parents[3] / "docs/api.md").read_text("utf-8")
WRITTEN = "http://127.0.0.1:7860"
_PARTS = re.compile(r"^##+ (?P<heading>[^\n]+)$|^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"sh": "#>", "python": "#>", "js": "//>"}


@dataclass(frozen=True)
class Example:
    """A block of code under a heading, and what it prints a part of."""

    heading: str
    language: str
    code: str

    @property
    def expected(self):
        mark = f"{LANGUAGES[self.language]} "
        return [line.removeprefix(mark) for line in self.code.splitlines() if line.startswith(mark)]


def examples():
    found, heading = [], ""
    for match in _PARTS.finditer(PAGE):
        heading = match["heading"] or heading
        if match["language"]:
            found.append(Example(heading, match["language"], match["code"]))
    return found


# What stands before the first heading is needed by all that follows.
BEGUN = {each.language: each.code for each in examples() if not each.heading}
SHOWN = [each for each in examples() if each.heading]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    place = tmp_path_factory.mktemp("examples")
    settings = Settings(data=place / "data", llm="none", embedder="none", reader="none")
    shutil.copytree(SEEDS, place / "seeds")
    build_index(settings.data, [place / "seeds"], NoEmbedder(), BuildOptions(), Silent(), names=chosen_names(settings))
    archive = open_archive(settings)
    desk = open_desk(archive, settings)
    quiet, work._QUIET_SECONDS = work._QUIET_SECONDS, 0.02
    with serving(create_api(desk)) as found:
        yield found
    work._QUIET_SECONDS = quiet
    desk.close()
    archive.catalog.close()


def run_sh(code, folder):
    done = subprocess.run(["bash", "-ec", code], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def run_python(code, _):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "docs/api.md", "exec"), {})
    return printed.getvalue()


def run_js(code, folder):
    done = subprocess.run(
        ["node", "--input-type=module", "-"], input=code, cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


RUN = {"sh": (run_sh, "curl"), "python": (run_python, sys.executable), "js": (run_js, "node")}


@pytest.mark.parametrize("example", SHOWN, ids=lambda example: f"{example.heading}-{example.language}")
def test_an_example_runs_and_prints_what_it_says(address, tmp_path, example):
    run, needed = RUN[example.language]
    if shutil.which(needed) is None:
        pytest.skip(f"{needed} is not here")
    code = f"{BEGUN[example.language]}\n{example.code}".replace(WRITTEN, address)
    told = run(code, tmp_path)
    assert example.expected and all(part in told for part in example.expected), told


def test_each_door_has_an_example_in_each_language():
    for heading in {example.heading for example in SHOWN}:
        assert [each.language for each in SHOWN if each.heading == heading] == list(LANGUAGES), heading


def test_each_path_is_told_of(client):
    for path in client.request("GET", "/openapi.json").json()["paths"]:
        noun = path.removeprefix("/api/v1/").partition("/")[0]
        assert f"/{noun}" in PAGE, path
