"""What the pages on doors show is run: each block of curl, Python and JavaScript, against a server over seeds/."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import BuildOptions, build_index
from index.progress import Silent
from rag.api.application import create_api
from rag.archive import open_archive
from rag.desk import open_desk
from rag.settings import read_settings
from tests.letters import LetterEmbedder
from tests.serving import serving

ROOT = Path(__file__).parents[1]
PAGES = ("openai", "mcp", "client")
BLOCK = re.compile(r"^```(bash|python|javascript)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRAMS = {
    "bash": ["bash", "-euc"],
    "python": [sys.executable, "-X", "utf8", "-c"],
    "javascript": ["node", "--input-type=module", "-e"],
}
NEEDS = {"bash": "curl", "python": sys.executable, "javascript": "node"}
BLOCKS = [(page, *block) for page in PAGES for block in BLOCK.findall((ROOT / f"docs/{page}.md").read_text("utf-8"))]
# What each block prints, among other things, in the order of the pages.
PRINTED = (
    "سبع دقائق", "رادوسلاو سیکورسکی", "ساعت", "letters خبر 48", '"embedding":"',
    "سبع دقائق", "هواپیمای پوتین از کدام مسیر", "ساعت",
    "سبع دقائق", "3 ", "Northgate Wire 2025-10-21\nfilter: the days",
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documented") / ".khabar"
    build_index(folder, [ROOT / "seeds"], LetterEmbedder(), BuildOptions(), Silent())
    return folder


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    from dataclasses import replace

    settings = read_settings(data=data, embedder="none", reader="none", llm="none")
    archive = open_archive(settings)
    desk = open_desk(replace(archive, embedder=LetterEmbedder()), settings)
    with serving(create_api(desk)) as found:
        yield found
    desk.close()
    archive.catalog.close()


def test_each_page_shows_its_door_in_every_language():
    shown = {page: {language for name, language, _ in BLOCKS if name == page} for page in PAGES}
    assert shown["openai"] == shown["mcp"] == set(PROGRAMS) and shown["client"] == {"python"}


@pytest.mark.parametrize(
    ("page", "language", "code", "printed"),
    [(*block, printed) for block, printed in zip(BLOCKS, PRINTED, strict=True)],
    ids=[f"{page}-{language}" for page, language, _ in BLOCKS],
)
def test_a_block_runs(page, language, code, printed, address, data):
    if shutil.which(NEEDS[language]) is None:
        pytest.skip(f"{NEEDS[language]} is missing")
    code = code.replace("http://127.0.0.1:7860", address).replace("EMBEDDER", "letters")
    code = code.replace('data=".khabar"', f'data="{data}", embedder="none", reader="none"')
    done = subprocess.run([*PROGRAMS[language], code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert printed in done.stdout and '"error"' not in done.stdout, done.stdout
