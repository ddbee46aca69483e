"""What only its owner may read."""

from __future__ import annotations

import os
import stat

import pytest

from index.private import file_state, private_file, private_files, private_folder, tighten, write_private


@pytest.fixture(autouse=True)
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


def test_a_folder_and_files_are_made_for_their_owner(tmp_path):
    private_folder(tmp_path / "خبر" / "بيانات")
    private_folder(tmp_path / "خبر" / "بيانات")
    assert mode(tmp_path / "خبر" / "بيانات") == 0o700
    with private_files():
        (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    assert (mode(tmp_path / "a"), mode(tmp_path / "b")) == (0o600, 0o644)


def archive(tmp_path, *more):
    data = tmp_path / "data"
    for name in (
        "catalog.sqlite",
        "catalog.sqlite-wal",
        "conversations.sqlite",
        "keys",
        "index.lock",
        "lexical/000001/ar/meta.json",
        "uploads/خبر.txt",
        *more,
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("x")
    return data


def test_an_archive_that_others_could_read_is_taken_from_them_once(tmp_path):
    data = archive(tmp_path)
    (data / "lexical" / "executable").write_text("x")
    (data / "lexical" / "executable").chmod(0o755)
    assert tighten(data) == 13 and tighten(data) == 0
    assert mode(data) == mode(data / "lexical") == mode(data / "lexical" / "executable") == 0o700
    assert mode(data / "keys") == mode(data / "uploads" / "خبر.txt") == 0o600


def test_what_is_not_khabars_stays_as_it_is(tmp_path):
    data = archive(tmp_path, "notes.txt", ".bashrc")
    (tmp_path / "elsewhere").write_text("x")
    (tmp_path / "disk").mkdir(mode=0o755)
    (tmp_path / "disk" / "segment").write_text("x")
    (data / "uploads" / "link").symlink_to(tmp_path / "elsewhere")
    (data / "vectors").symlink_to(tmp_path / "disk")
    tighten(data)
    assert (mode(tmp_path / "disk"), mode(tmp_path / "disk" / "segment")) == (0o755, 0o644), "nor does it follow a link"
    assert mode(data) == 0o755, "the folder is not ours alone"
    assert mode(data / "notes.txt") == mode(data / ".bashrc") == mode(tmp_path / "elsewhere") == 0o644
    assert mode(data / "catalog.sqlite") == 0o600


def test_no_folder_is_nothing_to_tighten(tmp_path):
    assert tighten(tmp_path / "none") == 0


def test_a_file_is_written_whole_and_each_change_of_it_is_seen(tmp_path):
    file = tmp_path / "کلیدها"
    seen = [file_state(file)]
    for content in ("خبر", "خبرگزاری"):
        write_private(file, content)
        assert file.read_text("utf-8") == content and mode(file) == 0o600
        seen.append(file_state(file))
    file.chmod(0o640)
    seen.append(file_state(file))
    assert seen[0] == () and len(set(seen)) == 4
    assert [each.name for each in tmp_path.iterdir()] == ["کلیدها"], "nothing is left beside it"


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path):
    write_private(tmp_path / "keys", "قبل")
    with pytest.raises(UnicodeEncodeError):
        write_private(tmp_path / "keys", "بعد\ud800")
    assert (tmp_path / "keys").read_text("utf-8") == "قبل" and len(list(tmp_path.iterdir())) == 1


def test_an_empty_file_is_made_for_its_owner_and_a_full_one_left(tmp_path):
    private_file(tmp_path / "أ")
    (tmp_path / "ب").write_text("x")
    private_file(tmp_path / "ب")
    assert mode(tmp_path / "أ") == 0o600 and (tmp_path / "ب").read_text() == "x"
