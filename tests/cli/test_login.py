"""`khabar login`: the line of a user."""

from __future__ import annotations

import stat

import pytest
from click.testing import CliRunner

from tests.cli.command import khabar, refused
from ui.cli import main
from ui.login import users
from ui.login.users import is_right, read_users


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setattr(users, "_LOG_N", 4)


def run(*arguments, typed, **variables):
    return CliRunner().invoke(main, ["login", *map(str, arguments)], input=typed, env=variables)


def test_the_line_is_printed_where_no_file_is_named():
    result = run("سارة", typed="كلمة السر الأولى\n")
    assert result.exit_code == 0 and result.stdout.startswith("سارة:scrypt$") and result.stdout.count("\n") == 1


@pytest.mark.parametrize("by_variable", [True, False])
def test_it_is_put_into_the_file_and_replaced_there(tmp_path, by_variable):
    file = tmp_path / "users"
    named = ((), {"KHABAR_LOGIN": str(file)}) if by_variable else (("--login", file), {})
    for password, told in (("the first password", "may log in"), ("the second one", "is logged out")):
        result = run("بهرام", *named[0], typed=f"{password}\n", **named[1])
        assert result.exit_code == 0 and told in result.stdout and password not in result.output
        assert is_right(read_users(file)["بهرام"], password)
    assert len(read_users(file)) == 1 and stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(("name", "typed"), [("a:b", "long enough\n"), ("a", "short\n"), ("a", "")])
def test_what_will_not_do_is_told(tmp_path, name, typed):
    result = run(name, "--login", tmp_path / "users", typed=typed)
    assert result.exit_code == 1 and result.stderr.startswith("khabar: ") and not (tmp_path / "users").exists()


def test_a_server_does_not_start_with_a_file_that_others_may_read(data, tmp_path):
    file = tmp_path / "users"
    run("a", "--login", file, typed="long enough\n")
    file.chmod(0o644)
    refused(khabar("serve", "--data", data, "--port", "0", "--login", file), "--port")
    refused(khabar("serve", "--data", data, "--port", "7999", "--login", file), f"chmod 600 {file}")
    refused(khabar("serve", "--data", data, "--port", "7999", "--login", tmp_path / "none"), "khabar login NAME")
