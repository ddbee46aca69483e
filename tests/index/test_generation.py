from __future__ import annotations

import pytest

from index.generation import Generation, new_generation_folder, read_generation, switch_to


def test_nothing_there(tmp_path):
    assert read_generation(tmp_path) is None and read_generation(tmp_path / "no") is None


def test_switch_and_read(tmp_path):
    home = new_generation_folder(tmp_path / "store")
    generation = Generation(home.name, 7, "grams")
    assert read_generation(tmp_path / "store") is None, "not in use before the switch"
    switch_to(tmp_path / "store", generation)
    assert read_generation(tmp_path / "store") == generation


def test_the_last_two_are_kept(tmp_path):
    for number in range(1, 6):
        home = new_generation_folder(tmp_path)
        (home / "x").write_text(str(number))
        switch_to(tmp_path, Generation(home.name, number, "m"))
    assert sorted(child.name for child in tmp_path.iterdir()) == ["000004", "000005", "current.json"]


def test_a_copy_is_changed_beside_the_one_in_use(tmp_path):
    first = new_generation_folder(tmp_path)
    (first / "x").write_text("خبر")
    switch_to(tmp_path, Generation(first.name, 1, "m"))
    second = new_generation_folder(tmp_path, copy_of=read_generation(tmp_path))
    (second / "x").write_text("changed")
    assert (first / "x").read_text() == "خبر" and read_generation(tmp_path) == Generation(first.name, 1, "m")


def test_a_copy_may_share_what_nobody_changes(tmp_path):
    first = new_generation_folder(tmp_path)
    for name in ("قمة.store", "meta.json", "sub/x.store"):
        (first / name).parent.mkdir(exist_ok=True)
        (first / name).write_text("خبر")
    switch_to(tmp_path, Generation(first.name, 1, "m"))
    second = new_generation_folder(tmp_path, read_generation(tmp_path), frozenset({".store"}))
    shared = {name: (first / name).samefile(second / name) for name in ("قمة.store", "meta.json", "sub/x.store")}
    assert shared == {"قمة.store": True, "meta.json": False, "sub/x.store": True}
    (second / "قمة.store").unlink()
    (second / "meta.json").write_text("changed")
    assert [(first / name).read_text() for name in shared] == ["خبر"] * 3


def test_where_the_disk_knows_no_links_all_is_copied(tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    first = new_generation_folder(tmp_path)
    (first / "x.store").write_text("خبر")
    switch_to(tmp_path, Generation(first.name, 1, "m"))
    monkeypatch.setattr("os.link", refuse)
    second = new_generation_folder(tmp_path, read_generation(tmp_path), frozenset({".store"}))
    assert (second / "x.store").read_text() == "خبر" and not (first / "x.store").samefile(second / "x.store")


def test_a_copy_that_cannot_be_written_is_told_by_its_reason(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    first = new_generation_folder(tmp_path)
    (first / "meta.json").write_text("خبر")
    switch_to(tmp_path, Generation(first.name, 1, "m"))
    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(OSError, match="No space left on device"):
        new_generation_folder(tmp_path, read_generation(tmp_path))
    assert read_generation(tmp_path) == Generation(first.name, 1, "m")


def test_what_a_killed_run_left_is_removed_and_its_name_not_used_again(tmp_path):
    first = new_generation_folder(tmp_path)
    switch_to(tmp_path, Generation(first.name, 1, "m"))
    left = new_generation_folder(tmp_path)
    (left / "half").write_text("x")
    new = new_generation_folder(tmp_path)
    assert not left.exists() and first.exists() and new.name > left.name and not list(new.iterdir())


@pytest.mark.parametrize(
    "pointer",
    [
        "", "{", "[]", "null", '"x"', "{}",
        '{"name": "000009", "revision": 1, "made_with": "m"}',
        '{"name": 1, "revision": 1, "made_with": "m"}',
        '{"name": "..", "revision": 1, "made_with": "m"}',
        '{"name": "000001", "revision": 1, "made_with": "m", "more": 1}', "\xff",
    ],
)  # fmt: skip
def test_a_damaged_pointer_names_no_generation(tmp_path, pointer):
    (tmp_path / "000001").mkdir()
    (tmp_path / "current.json").write_bytes(pointer.encode("latin-1"))
    assert read_generation(tmp_path) is None
