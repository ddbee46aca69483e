"""Keys: made once, known again by their hash, and refused for whatever reason in the same words."""

from __future__ import annotations

import json
import os
import re
import stat
from datetime import date

import pytest

from index.types import KhabarError
from rag.server.caller import Caller
from rag.server.keys import FILE_NAME, TOLERANCE, KeyFile, holds_key, read_keys, scopes_of
from tests.clock import Clock

NAMES = ["Open WebUI", "مكتب التحرير", "دفترِ «نیم‌روز» ۱۲", "ar + فارسی + en", "a" * 64]
DAY = 24 * 3600.0


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys(tmp_path, clock):
    return KeyFile(tmp_path / "data", clock)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_opens_what_its_scopes_name_and_is_nowhere_in_the_file(keys, tmp_path, name):
    whole = keys.create(name, scopes_of(["read", "write"]))
    key_id = re.fullmatch(r"khabar_([0-9a-f]{8})_[0-9a-f]{64}", whole)[1]
    assert keys.caller_of(whole, "192.0.2.1") == Caller(f"key:{key_id}", frozenset({"read", "write"}), "192.0.2.1")
    written = (tmp_path / "data" / FILE_NAME).read_bytes()
    assert whole.rpartition("_")[2].encode() not in written and keys.keys()[key_id].name == name
    assert "hashed" not in keys.keys()[key_id].to_json()


def test_the_file_is_for_its_owner_alone_whatever_the_umask(keys, tmp_path):
    before = os.umask(0o022)
    try:
        keys.caller_of(keys.create("a", ["read"]))
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "data").iterdir() if file.suffix != ".lock"}
    assert modes == {FILE_NAME: 0o600, "keys.used": 0o600} and stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_no_other_text_is_a_key(keys, tmp_path, clock):
    whole = keys.create("مكتب", ["admin"])
    other = KeyFile(tmp_path / "other", clock).create("مكتب", ["admin"])
    swapped = f"{whole[:16]}_{other[17:]}"
    for given in (
        "",
        whole[:-1],
        whole + "0",
        whole.upper(),
        other,
        swapped,
        f" {whole}",
        "khabar_",
        "ключ",
        "\x00",
        "\ud800",
        "x" * 9999,
    ):
        assert keys.caller_of(given) is None, given


def test_each_attempt_costs_one_comparison_of_whole_hashes(keys, monkeypatch):
    compared = []
    monkeypatch.setattr("hmac.compare_digest", lambda one, other: compared.append((len(one), len(other))) or one == other)
    whole = keys.create("a", ["read"])
    revoked = keys.create("b", ["read"])
    keys.revoke("b")
    for given in (whole, revoked, whole[:-1], "khabar_00000000_" + "0" * 64, "nonsense", ""):
        keys.caller_of(given)
    assert compared == [(64, 64)] * 6


def test_a_key_ends_on_its_day_with_a_little_patience_for_clocks(keys, clock):
    whole = keys.create("خبر", ["read"], days=30)
    clock.time += 30 * DAY + TOLERANCE - 1
    assert keys.caller_of(whole) and keys.are_good
    clock.time += 2
    assert keys.caller_of(whole) is None and not keys.are_good and keys.keys()
    clock.time -= 40 * DAY
    assert keys.caller_of(whole), "a clock that is behind its maker's keeps nobody out"


def test_a_revoked_key_stays_revoked_and_its_name_may_be_given_again(keys):
    old = keys.create("نشریه", ["read"])
    with pytest.raises(KhabarError, match="already"):
        keys.create(" نشریه ", ["read"])
    first = keys.revoke("نشریه")
    assert keys.revoke(first.key_id) == first and keys.caller_of(old) is None
    new = keys.create("نشریه", ["read"])
    assert keys.caller_of(new) and keys.caller_of(old) is None
    assert keys.revoke("نشریه").key_id == new.split("_")[1], "of two of one name the one that is good"
    with pytest.raises(KhabarError, match="no key 'somebody'"):
        keys.revoke("somebody")


def test_a_server_sees_changes_by_itself(keys, tmp_path, clock):
    server = KeyFile(tmp_path / "data", clock)
    assert server.keys() == {}
    whole = keys.create("a", ["read"])
    assert server.caller_of(whole)
    keys.revoke("a")
    assert server.caller_of(whole) is None
    (tmp_path / "data" / FILE_NAME).chmod(0o644)
    with pytest.raises(KhabarError, match="others") as error:
        server.caller_of(whole)
    assert error.value.remedy.startswith("chmod 600 ")


def test_the_day_of_the_last_use_is_kept(keys, tmp_path, clock):
    whole = keys.create("a", ["read"])
    assert keys.used() == {}
    for _ in range(3):
        keys.caller_of(whole)
    assert keys.used() == {whole.split("_")[1]: date(2025, 11, 24)}
    before = (tmp_path / "data" / "keys.used").stat().st_ino
    keys.caller_of(whole)
    assert (tmp_path / "data" / "keys.used").stat().st_ino == before, "written once a day"
    clock.time += DAY
    keys.caller_of(whole)
    assert list(keys.used().values()) == [date(2025, 11, 25)]
    (tmp_path / "data" / "keys.used").write_text("[]")
    assert keys.used() == {}


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x00", "a" * 65, "a\u2028b", "a\u0085b", "\udcff"])
def test_what_is_no_name(keys, name):
    with pytest.raises(KhabarError, match="no name"):
        keys.create(name, ["read"])
    assert keys.keys() == {}


def test_what_is_no_scope():
    assert scopes_of(["read", "read"]) == {"read"}
    with pytest.raises(KhabarError, match="no scope 'root'"):
        scopes_of(["read", "root"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"keys": 3}',
        b'{"keys": [{}]}',
        b"\xff\xfe",
        b'{"keys": [null]}',
        b"\x00" * 100,
        json.dumps(
            {
                "keys": [
                    {
                        "key_id": "a",
                        "name": "a",
                        "scopes": ["read"],
                        "hashed": "short",
                        "created": 1,
                        "expires": None,
                        "revoked": None,
                    }
                ]
            }
        ).encode(),
    ],
)
def test_a_damaged_file_is_told_and_opens_nothing(keys, tmp_path, content):
    keys.create("a", ["read"])
    file = tmp_path / "data" / FILE_NAME
    file.write_bytes(content)
    for read in (lambda: read_keys(file), keys.keys, lambda: keys.create("b", ["read"])):
        with pytest.raises(KhabarError, match="not a file of keys"):
            read()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(KhabarError):
        KeyFile(tmp_path / "file").create("a", ["read"])


def test_a_key_in_a_text_is_seen(keys):
    whole = keys.create("a", ["read"])
    assert holds_key(f"q=1&key={whole}&x") and holds_key(whole[:30]) and not holds_key("q=khabar_خبر&khabar=12345678_12345678")
