"""Every derived file, damaged in every way: told to readers, and built anew by the next run, which says so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index import lexical, vectors
from index.catalog import FILE_NAME, Catalog
from index.embedding import searchable_share
from index.generation import read_generation
from index.seal import damage_of
from index.types import KhabarError
from tests.index.made import TinyEmbedder, build, nearest, search, write_articles

pytestmark = pytest.mark.crash

WAYS: dict[str, Callable[[Path], object]] = {
    "truncated": lambda file: os.truncate(file, file.stat().st_size // 2),
    "zeroed": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "random": lambda file: file.write_bytes(os.urandom(file.stat().st_size)),
    "a byte": lambda file: file.write_bytes(_one_byte_other(file.read_bytes())),
    "missing": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
}
# Chroma lays these out anew when it opens a small collection, whatever is in them.
LAID_OUT_ANEW = {("zeroed", ".bin"), ("random", ".bin"), ("a byte", ".bin")}


def _one_byte_other(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0x41]) + content[middle + 1 :]


def home_of(data: Path, store: str) -> Path:
    current = read_generation(data / store)
    assert current
    return data / store / current.name


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("whole")
    build(place / "data", write_articles(place / "news"))
    return place / "data"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("store", [lexical.FOLDER, vectors.FOLDER])
def test_every_file_in_every_way_is_found_out(whole, tmp_path, store, way):
    home = home_of(whole, store)
    files = sorted(file for file in home.rglob("*") if file.is_file() and file.suffix != ".lock")
    assert len(files) > 15 and damage_of(home) is None
    unnoticed = []
    for file in files:
        if (way, file.suffix) in LAID_OUT_ANEW or not (file.stat().st_size or way == "missing"):
            continue
        copy = tmp_path / "copy"
        shutil.copytree(home, copy)
        WAYS[way](copy / file.relative_to(home))
        damage = damage_of(copy)
        if damage is None or (file.name != "seal.json" and str(file.relative_to(home)) not in damage):
            unnoticed.append((file.name, damage))
        shutil.rmtree(copy)
    # Of a database one byte may lie where nothing is written.
    assert [name for name, _ in unnoticed if (way, name) != ("a byte", "chroma.sqlite3")] == []


CASES = [
    (lexical.FOLDER, name, way)
    for name, way in [
        ("current.json", "truncated"), ("current.json", "empty"), ("*/seal.json", "a byte"), ("*/ar/*.idx", "random"),
        ("*/ar/*.term", "a byte"), ("*/ar/*.pos", "missing"), ("*/fa/*.fast", "zeroed"), ("*/en", "missing"),
    ]
] + [
    (vectors.FOLDER, name, way)
    for name, way in [
        ("current.json", "zeroed"), ("*/chroma.sqlite3", "truncated"), ("*/means.npz", "empty"), ("*/held.npy", "random"),
        ("*/*/header.bin", "missing"),
    ]
]  # fmt: skip


@pytest.mark.parametrize(("store", "name", "way"), CASES)
def test_damage_is_told_and_the_next_run_mends_it(whole, tmp_path, store, name, way):
    data = shutil.copytree(whole, tmp_path / "data")
    asked = search if store == lexical.FOLDER else nearest
    file = next((data / store).glob(name))
    if file.is_dir():
        shutil.rmtree(file)
    else:
        WAYS[way](file)
    if store == vectors.FOLDER and name == "current.json":
        catalog = Catalog(data / FILE_NAME)
        assert asked(data, "قمة") == [] and searchable_share(catalog, TinyEmbedder()).chunks == 0
        catalog.close()
    else:
        with pytest.raises(KhabarError, match=r"damaged.*; run khabar index"):
            asked(data, "قمة")
    told: list[str] = []
    assert build(data, tell=told.append).nothing_to_do
    assert len(told) == 1 and "is damaged" in told[0] and "it is built anew" in told[0], told
    assert asked(data, "قمة بودابست") == asked(whole, "قمة بودابست") != []
    assert build(data, tell=told.append).nothing_to_do and len(told) == 1, "told once"


def test_a_lost_pointer_to_the_vectors_is_told_and_mended(whole, tmp_path):
    data = shutil.copytree(whole, tmp_path / "data")
    shutil.rmtree(data / vectors.FOLDER)
    catalog = Catalog(data / FILE_NAME)
    assert (searchable_share(catalog, TinyEmbedder()).chunks, searchable_share(catalog, TinyEmbedder()).of) == (0, 3)
    build(data)
    assert searchable_share(catalog, TinyEmbedder()).complete and len(nearest(data, "قمة")) == 3
    catalog.close()


def test_damage_that_comes_while_a_reader_is_open_is_told(whole, monkeypatch):
    """Tantivy panics over some of it, which is no Exception."""

    class PanicException(BaseException):
        pass

    def panic(*_: object) -> None:
        raise PanicException("range end index 7 out of range")

    reader = lexical.LexicalIndex(whole)
    monkeypatch.setattr(lexical, "with_equals", panic)
    with pytest.raises(KhabarError, match=r"damaged \(Tantivy cannot read them\); run khabar index"):
        reader.search({("grams", "_بود"): 1.0}, "ar", 5)


def test_a_damaged_page_of_the_catalog_is_told_as_such(whole, tmp_path):
    data = shutil.copytree(whole, tmp_path / "data")
    file = data / FILE_NAME
    content = bytearray(file.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 2_000] = os.urandom(2_000)
    file.write_bytes(bytes(content))
    with pytest.raises(KhabarError, match=r"not a catalog of this Khabar.*; move it away and index again, restore a backup"):
        Catalog(file)
