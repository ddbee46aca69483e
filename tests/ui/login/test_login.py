"""Sessions, wrong passwords, and what both give: who is logged in."""

from __future__ import annotations

import base64
import sqlite3
import stat
import threading

import pytest

from index.types import KhabarError
from tests.clock import Clock
from tests.ui.login.cheap import cheap_line
from ui.login.attempts import Attempts, keys_of
from ui.login.login import Login, Refusal
from ui.login.sessions import FILE_NAME, LASTING, Sessions
from ui.login.users import UserFile, keep_line

PASSWORDS = {"سارة": "كلمة السر الأولى", "بهرام": "گذرواژهٔ دوم"}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def file(tmp_path):
    for name, password in PASSWORDS.items():
        keep_line(tmp_path / "users", cheap_line(name, password))
    return tmp_path / "users"


@pytest.fixture
def login(tmp_path, file, clock):
    made = Login(UserFile(file), Sessions(tmp_path / "data", clock), Attempts(clock))
    yield made
    made.close()


def begun(login, name="سارة", address="192.0.2.1"):
    token = login.begin(name, PASSWORDS[name], address)
    assert isinstance(token, str)
    return token


def test_a_session_is_its_users_and_ends(login):
    first, second = begun(login), begun(login, "بهرام")
    assert (login.user_of(first), login.user_of(second)) == ("سارة", "بهرام")
    login.end(first)
    assert (login.user_of(first), login.user_of(second)) == (None, "بهرام")
    assert login.user_of("") is None and login.user_of("\ud800") is None


def test_a_restart_logs_nobody_out_and_the_file_tells_no_token(login, tmp_path, file, clock):
    token = begun(login)
    login.close()
    stored = (tmp_path / "data" / FILE_NAME).read_bytes()
    assert token.encode() not in stored and stat.S_IMODE((tmp_path / "data" / FILE_NAME).stat().st_mode) == 0o600
    again = Login(UserFile(file), Sessions(tmp_path / "data", clock))
    assert again.user_of(token) == "سارة"
    again.close()


def test_a_session_lasts_a_month_from_its_last_use(login, clock):
    token = begun(login)
    for _ in range(3):
        clock.time += LASTING * 0.9
        assert login.user_of(token) == "سارة"
    clock.time += LASTING * 1.1
    assert login.user_of(token) is None


def test_a_new_password_ends_the_sessions_of_the_old_one_and_a_removed_user_has_none(login, file):
    old, other = begun(login), begun(login, "بهرام")
    keep_line(file, cheap_line("سارة", "another password"))
    assert (login.user_of(old), login.user_of(other)) == (None, "بهرام")
    file.write_text("".join(line for line in file.read_text().splitlines(True) if "سارة" in line), encoding="utf-8")
    assert login.user_of(other) is None


@pytest.mark.parametrize(("name", "password"), [("سارة", "wrong"), ("nobody", "wrong"), ("", ""), ("سارة", PASSWORDS["بهرام"])])
def test_who_does_not_know_the_password_gets_no_session(login, name, password):
    assert login.begin(name, password, "192.0.2.1") == Refusal()


def test_wrong_passwords_make_the_next_wait_longer_for_a_name(login, clock):
    for count in range(4):
        assert login.begin("سارة", "wrong", f"192.0.2.{count}") == Refusal()
    waits = []
    for count in range(8):
        refusal = login.begin("سارة", "wrong", f"198.51.100.{count}")
        waits.append(refusal.wait)
        clock.time += refusal.wait
        assert login.begin("سارة", "wrong", f"198.51.100.{count}") == Refusal()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert login.begin("سارة", PASSWORDS["سارة"], "203.0.113.1") == Refusal(60), "the right one waits as well"
    assert isinstance(login.begin("بهرام", PASSWORDS["بهرام"], "203.0.113.1"), str), "nobody else does"
    clock.time += 60
    begun(login)
    assert login.begin("سارة", "wrong", "192.0.2.1") == Refusal(), "a right one makes up for the wrong ones"


def test_wrong_passwords_make_the_next_wait_longer_for_an_address(login, clock):
    for count in range(10):
        assert login.begin(f"name {count}", "wrong", "192.0.2.1") == Refusal()
    assert login.begin("سارة", PASSWORDS["سارة"], "192.0.2.1") == Refusal(1)
    begun(login, address="192.0.2.2")
    clock.time += 3601
    begun(login, address="192.0.2.1")


def test_many_attempts_at_once_gain_nothing(login):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(login.begin("سارة", "wrong", "192.0.2.1"))) for _ in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(Refusal()) == 4


def test_addresses_of_one_network_are_one_and_many_are_forgotten(clock):
    assert keys_of("2001:db8::1", "a") == keys_of("2001:db8::ffff", "a") != keys_of("2001:db8:1::1", "a")
    assert keys_of("not an address", "a")[0] == ("address", "not an address")
    attempts = Attempts(clock)
    for count in range(10_050):
        attempts.begin(keys_of(f"a{count}", f"n{count}"))
    assert len(attempts._wrong) == 10_000


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_program_is_known_by_name_and_password(login, file):
    right = basic("سارة", PASSWORDS["سارة"])
    assert [login.user_of_program(right, "192.0.2.1") for _ in range(3)] == ["سارة"] * 3
    assert login.user_of_program(basic("سارة", "wrong"), "192.0.2.1") == Refusal()
    keep_line(file, cheap_line("سارة", "another password"))
    assert login.user_of_program(right, "192.0.2.1") == Refusal(), "a password that was changed is known no more"


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Bearer abc", "Basic /zp4", "Basic YQ=="])
def test_a_header_that_names_nobody(login, header):
    assert login.user_of_program(header, "192.0.2.1") is None


def test_a_damaged_file_of_sessions_is_told(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"no database at all" * 100)
    with pytest.raises(KhabarError, match="cannot be used"):
        Sessions(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(KhabarError, match="cannot be used"):
        Sessions(tmp_path / "file")


def test_a_disk_that_takes_nothing_logs_nobody_out(login, clock, monkeypatch):
    token = begun(login)
    clock.time += 2 * 3600
    real = login._sessions._connection

    class Full:
        def execute(self, statement, values=()):
            if statement.startswith(("UPDATE", "INSERT")):
                raise sqlite3.OperationalError("database or disk is full")
            return real.execute(statement, values)

        def close(self):
            real.close()

    monkeypatch.setattr(login._sessions, "_connection", Full())
    assert login.user_of(token) == "سارة"
    with pytest.raises(KhabarError, match="disk is full"):
        login.begin("سارة", PASSWORDS["سارة"], "192.0.2.1")


@pytest.mark.parametrize("fault", [sqlite3.OperationalError("database is locked"), sqlite3.DatabaseError("malformed")])
def test_sessions_that_cannot_be_read_are_told(login, monkeypatch, fault):
    token, real = begun(login), login._sessions._connection

    class Broken:
        def execute(self, statement, values=()):
            raise fault

        def close(self):
            real.close()

    monkeypatch.setattr(login._sessions, "_connection", Broken())
    for ask in (login.user_of, login.end):
        with pytest.raises(KhabarError, match=f"cannot be used .{fault}"):
            ask(token)
