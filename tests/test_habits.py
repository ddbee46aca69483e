"""What runs before a commit and in CI is what `make` runs, and `make help` names all that can be made."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PYTEST = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]


def phony() -> set[str]:
    """Return the commands of the Makefile, without the parts that the tests are run in."""
    listed = " ".join(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)).split()
    return {name for name in listed if not name.startswith(("$", "tests/"))}


def test_help_names_every_command():
    told = subprocess.run(["make", "--silent", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^make ([\w-]+) +\S", told, re.MULTILINE)) == phony()


def test_hooks_run_what_check_runs():
    hooks = re.findall(r"entry: make --silent (\w+)", (ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    (checked,) = re.findall(r"^check: ([\w ]+?) +##", MAKEFILE, re.MULTILINE)
    assert hooks == checked.split() and hooks


def test_every_test_is_in_one_part():
    (parts,) = re.findall(r"^PARTS := (.*)$", MAKEFILE, re.MULTILINE)
    folders = {f"tests/{file.relative_to(ROOT / 'tests').parts[0]}" for file in (ROOT / "tests").glob("*/**/test_*.py")}
    assert folders <= set(parts.split()), "a folder that is not named is run with the rest, one part alone"
    assert len(parts.split()) == len(set(parts.split())) and all((ROOT / part).exists() for part in parts.split())


def test_the_fast_tests_are_those_of_no_marker():
    (fast,) = re.findall(r"^FAST := (.*)$", MAKEFILE, re.MULTILINE)
    assert sorted(fast.split(" and ")) == sorted(f"not {marker.split(':')[0]}" for marker in PYTEST["markers"])


@pytest.mark.parametrize("part", ["nothing", "tests", "check nothing"])
def test_ci_tells_of_a_part_that_is_none(part):
    done = subprocess.run([".ci/run", part], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and f"'{part}'" in done.stderr
