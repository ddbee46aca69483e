"""The README is short, and what the documents point at is there: links, commands, flags, benchmarks, settings."""

import re
import subprocess
from pathlib import Path

import click
import pytest

from rag.settings import settings_page
from ui.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if (ROOT / line).exists()]


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def option_names(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 140


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        file, _, anchor = link.partition("#")
        target = (page.parent / file) if file else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors_of(target))):
            broken.append(link)
    assert broken == []


@every_page
def test_every_command_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    in_code = "\n".join([*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^    (.+)$", text, re.MULTILINE)])
    wrong = []
    for name, rest in re.findall(r"(?:^|[ /])khabar ([a-z]+)([^\n#|&]*)", in_code, re.MULTILINE):
        command = main.get_command(click.Context(main), name)
        known = option_names(command) if command else set()
        if isinstance(command, click.Group):
            known |= {flag for below in command.commands.values() for flag in option_names(below)}
        wrong += [f"khabar {name}"] if command is None else []
        flags = re.findall(r"(?<!\S)--[a-z][a-z-]*", rest) if command else []
        wrong += [f"khabar {name} {flag}" for flag in flags if flag not in known]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    made = re.findall(r"(?:^|`)make ([a-z-]+)(?![/\w])", in_code, re.MULTILINE)
    wrong += [f"make {name}" for name in made if name not in targets]
    modules = re.findall(r"python -m ((?:benchmarks|rag|index|ui)[.\w]*)", in_code)
    wrong += [f"python -m {name}" for name in modules if not (ROOT / f"{name.replace('.', '/')}.py").exists()]
    assert wrong == []


@every_page
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    path = re.compile(r"(?<![\w/…])(?:rag|index|ui|benchmarks|tests|docs)/[\w/-]*(?:/|\.\w+)\b")
    named = set(path.findall(page.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_folder_of_the_product_has_a_line_in_the_architecture() -> None:
    table = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("## The folders")[1].split("\n## ")[0]
    folders = {f"{Path(file).parent.as_posix()}/" for file in tracked_files() if file.startswith(("index/", "rag/", "ui/"))}
    assert folders - set(re.findall(r"[\w/]+/", table)) == set()


def test_the_page_of_settings_is_made_from_the_settings() -> None:
    written = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert written == settings_page(), "python -m rag.settings > docs/settings.md"


def test_no_registry_host_and_no_path_of_a_machine() -> None:
    hosts = ["pypi", "pythonhosted", "npmjs", "debian"]
    folders = ["root", "home", "opt", "work"]
    names = re.compile(rf"(?:{'|'.join(hosts)})\.org|(?<![\w./-])/(?:{'|'.join(folders)})/")
    own = Path(__file__).relative_to(ROOT).as_posix()
    others = (".png", ".gguf", ".safetensors", ".woff2")
    text_files = [file for file in tracked_files() if file != own and not file.endswith(others)]
    assert [file for file in text_files if names.search((ROOT / file).read_text(encoding="utf-8"))] == []
