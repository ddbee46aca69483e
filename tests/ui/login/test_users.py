"""The file of users: what its lines say, who may read it, and what is no file of users."""

from __future__ import annotations

import os
import stat

import pytest

from index.types import KhabarError
from tests.ui.login.cheap import cheap_line
from ui.login.users import UserFile, is_right, keep_line, new_line, read_users

NAMES = ["سارة", "بهرام گور", "sara", "a" * 64, "O'Brien", "Å"]


def kept(folder, *lines, mode=0o600, name="users"):
    file = folder / name
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    file.chmod(mode)
    return file


@pytest.mark.parametrize("password", ["كلمة سر طويلة", "گذرواژهٔ من", "correct horse", "٠١٢٣٤٥٦٧", "  spaces  "])
def test_a_password_is_right_and_no_other_is(password):
    user = read_one(new_line("سارة", password))
    assert is_right(user, password)
    assert not any(is_right(user, other) for other in ("", password[:-1], password + "x", password.swapcase() + "·"))


def read_one(line):
    from ui.login.users import _user_of

    return _user_of(line, "line 1")


def test_letters_are_the_same_however_a_keyboard_composes_them():
    user = read_one(new_line("Å", "pass\u0041\u030aword"))
    assert user.name == "\u00c5" and is_right(user, "pass\u00c5word")


def test_two_lines_of_one_password_differ():
    assert new_line("a", "password") != new_line("a", "password") and "password" not in new_line("a", "password")


def test_nobody_has_no_right_password():
    assert not is_right(None, "") and not is_right(None, "password")


@pytest.mark.parametrize("name", NAMES)
def test_a_line_is_kept_for_its_owner_alone_and_replaced(tmp_path, name):
    file = tmp_path / "new folder" / "users"
    assert not keep_line(file, cheap_line("other", "old password"))
    assert not keep_line(file, cheap_line(name, "old password"))
    assert keep_line(file, cheap_line(name, "new password"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and [each.name for each in file.parent.iterdir()] == ["users"]
    users = UserFile(file)
    assert is_right(users.user(f" {name} "), "new password") and not is_right(users.user(name), "old password")
    assert is_right(users.user("other"), "old password")


@pytest.mark.parametrize("name", ["سارة\u2028الثانية", "بهرام\u0085گور", "a\u2029b", "\u200cنیم\u200cروز"])
def test_what_other_programs_take_for_the_end_of_a_line_is_a_part_of_a_name(tmp_path, name):
    file = tmp_path / "users"
    for line in (cheap_line("a", "password"), cheap_line(name, "old password"), cheap_line("b", "password")):
        keep_line(file, line)
    assert keep_line(file, cheap_line(name, "new password"))
    assert list(read_users(file)) == ["a", name, "b"] and is_right(UserFile(file).user(name), "new password")


def test_lines_of_a_file_that_another_system_wrote(tmp_path):
    file = kept(tmp_path)
    file.write_bytes(f"\ufeff# نحن\r\n{cheap_line('سارة', 'password')}\r\n\r\n".encode())
    assert set(read_users(file)) == {"سارة"}
    keep_line(file, cheap_line("b", "password"))
    assert set(read_users(file)) == {"سارة", "b"}


def test_comments_and_empty_lines_stay(tmp_path):
    file = kept(tmp_path, "# ours", "", cheap_line("a", "password"))
    keep_line(file, cheap_line("b", "password"))
    assert file.read_text(encoding="utf-8").startswith("# ours\n\na:scrypt$") and set(read_users(file)) == {"a", "b"}


@pytest.mark.parametrize("name", ["", "  ", "a:b", "a\nb", "#a", "a" * 65, "a\x00"])
def test_what_is_no_name(name):
    with pytest.raises(KhabarError):
        new_line(name, "long enough")


@pytest.mark.parametrize("password", ["", "short", "x" * 1001])
def test_what_is_no_password(password):
    with pytest.raises(KhabarError, match="characters"):
        new_line("a", password)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_may_use_is_refused_with_what_to_do(tmp_path, mode):
    file = kept(tmp_path, cheap_line("a", "password"), mode=mode)
    with pytest.raises(KhabarError) as error:
        UserFile(file)
    assert error.value.remedy == f"chmod 600 {file}"


GOOD = cheap_line("a", "password")


@pytest.mark.parametrize(
    "line",
    [
        "a",
        "a:",
        ":scrypt$4$8$1$x$y",
        "a:password",
        "a:$2b$12$abc",
        GOOD.replace("scrypt", "md5"),
        GOOD.replace("$4$", "$40$"),
        GOOD.replace("$4$", "$0$"),
        GOOD.replace("$8$1$", "$8000$1$"),
        GOOD.replace("$8$1$", "$8$99$"),
        GOOD[:-8],
        f"{GOOD}$more",
        "a:scrypt$4$8$1$!!$!!",
    ],
)
def test_what_is_no_line_is_told_with_its_number(tmp_path, line):
    with pytest.raises(KhabarError, match="line 2"):
        read_users(kept(tmp_path, "# first", line))


def test_a_name_twice_no_user_no_file_and_other_letters(tmp_path):
    with pytest.raises(KhabarError, match="again"):
        read_users(kept(tmp_path, GOOD, GOOD))
    with pytest.raises(KhabarError, match="names no user"):
        UserFile(kept(tmp_path, "# nobody"))
    with pytest.raises(KhabarError, match="cannot be read"):
        UserFile(tmp_path / "none")
    with pytest.raises(KhabarError, match="cannot be read"):
        UserFile(tmp_path)
    file = kept(tmp_path)
    file.write_bytes("سارة".encode("utf-16"))
    with pytest.raises(KhabarError, match="UTF-8"):
        read_users(file)


def test_a_change_is_seen_without_a_restart_and_so_is_damage(tmp_path):
    file = kept(tmp_path, GOOD)
    users = UserFile(file)
    keep_line(file, cheap_line("b", "password"))
    assert users.user("b") is not None
    os.chmod(file, 0o644)
    with pytest.raises(KhabarError, match="others"):
        users.user("a")


def test_a_file_that_goes_is_told_until_it_is_back(tmp_path):
    file = kept(tmp_path, cheap_line("سارة", "كلمة السر"))
    users = UserFile(file)
    away = file.rename(tmp_path / "away")
    for _ in range(2):
        with pytest.raises(KhabarError, match="cannot be read"):
            users.user("سارة")
    away.rename(file)
    assert users.user("سارة").name == "سارة"
