"""The README tells what is there: every file, every setting."""

import re
import subprocess
from pathlib import Path

from rag.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if (ROOT / line).exists()]


def test_file_tree_gives_every_file_one_line() -> None:
    tree = README.split("## Files")[1]
    missing = [
        file
        for file in tracked_files()
        if not file.startswith(("seeds/", "tests/", ".git")) and not re.search(rf"^ +{re.escape(file)} +\S", tree, re.MULTILINE)
    ]
    assert missing == []


def test_file_tree_names_no_file_that_is_gone() -> None:
    tree = README.split("## Files")[1]
    named = re.findall(r"^ +([\w./-]+\.\w+) ", tree, re.MULTILINE)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_settings_table_is_the_settings_class() -> None:
    rows = dict(re.findall(r"^\| (KHABAR_\w+) \| `?([^|`]*)`? \|", README, re.MULTILINE))
    defaults = {
        f"KHABAR_{name.upper()}": "" if field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert rows == defaults


def test_no_registry_host_and_no_path_of_a_machine() -> None:
    hosts = ["pypi", "pythonhosted", "npmjs", "debian"]
    folders = ["root", "home", "opt", "work"]
    names = re.compile(rf"(?:{'|'.join(hosts)})\.org|(?<![\w./-])/(?:{'|'.join(folders)})/")
    own = Path(__file__).relative_to(ROOT).as_posix()
    text_files = [file for file in tracked_files() if file != own and not file.endswith((".png", ".safetensors"))]
    assert [file for file in text_files if names.search((ROOT / file).read_text(encoding="utf-8"))] == []
