"""`khabar keys`, and where a server listens without one."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest

from rag.server.keys import KeyFile
from tests.cli.command import BARE, ROOT, RUN, SEEDS, done, khabar, refused
from ui.commands import serve
from ui.terminal.archive import tell


@pytest.mark.parametrize("name", ["Open WebUI", "مكتب التحرير", "تحریریهٔ ۱۲ «نیم‌روز»"])
def test_a_key_is_made_listed_and_revoked(tmp_path, name):
    made = done("keys", "create", name, "--scope", "read", "--scope", "write", "--days", "30", "--data", tmp_path / "d")
    whole = made.stdout.strip()
    assert made.stdout == f"{whole}\n" and name in made.stderr and "stored nowhere else" in made.stderr
    keys = KeyFile(tmp_path / "d")
    assert keys.caller_of(whole).scopes == {"read", "write"}
    listed = done("keys", "list", "--data", tmp_path / "d").stdout
    assert name in listed and "read,write" in listed and "good until 20" in listed and "last used 20" in listed
    assert whole[-64:] not in listed
    done("keys", "revoke", name, "--data", tmp_path / "d")
    assert keys.caller_of(whole) is None and "revoked 20" in done("keys", "list", "--data", tmp_path / "d").stdout
    (row,) = json.loads(done("keys", "list", "--json", "--data", tmp_path / "d").stdout)
    assert set(row) == {"id", "name", "scopes", "created", "expires", "revoked", "last_used"} and row["name"] == name
    assert whole[-64:] not in json.dumps(row)


def test_a_key_reads_unless_more_is_named_and_never_ends_by_itself(tmp_path):
    whole = done("keys", "create", "a", "--data", tmp_path).stdout.strip()
    (key,) = KeyFile(tmp_path).keys().values()
    assert key.scopes == {"read"} and key.expires is None and whole.split("_")[1] == key.key_id
    done("keys", "revoke", key.key_id, "--data", tmp_path)


def test_what_will_not_do_is_told(tmp_path):
    refused(khabar("keys", "create", "a", "--scope", "root", "--data", tmp_path), "'root'", "read, write and admin")
    refused(khabar("keys", "create", "a\nb", "--data", tmp_path), "no name")
    refused(khabar("keys", "revoke", "سارة", "--data", tmp_path), "'سارة'", "khabar keys list")
    assert khabar("keys", "create", "a", "--days", "0", "--data", tmp_path).exit_code == 2
    assert "no key" in done("keys", "list", "--data", tmp_path).stdout
    done("keys", "create", "a", "--data", tmp_path)
    refused(khabar("keys", "create", "a", "--data", tmp_path), "already")
    (tmp_path / "keys").chmod(0o640)
    refused(khabar("keys", "list", "--data", tmp_path), "chmod 600")
    refused(khabar("serve", "--data", tmp_path), "chmod 600")


def told_where(settings, is_guarded, capsys):
    host = serve._safe_host(settings, is_guarded, tell)
    return host, capsys.readouterr().err


def settings_for(host):
    from rag.settings import Settings

    return Settings(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.53", "::1"])
def test_this_machine_needs_no_key(host, capsys):
    assert told_where(settings_for(host), False, capsys) == (host, "")


@pytest.mark.parametrize(("host", "here"), [("0.0.0.0", "127.0.0.1"), ("::", "::1")])
def test_beyond_this_machine_a_key_or_a_login_is_needed(host, here, capsys):
    if not os.path.exists("/proc/net/if_inet6") and ":" in host:
        pytest.skip("no IPv6 here")
    found, told = told_where(settings_for(host), False, capsys)
    assert found == here and told.count("\n") == 1
    for said in (host, here, "khabar keys create", "khabar login", "--login"):
        assert said in told
    assert told_where(settings_for(host), True, capsys) == (host, "")


def modes_in(folder):
    found = {}
    for place, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            path = os.path.join(place, name)
            found[os.path.relpath(path, folder)] = stat.S_IMODE(os.lstat(path).st_mode)
    return found


@pytest.mark.slow
def test_what_is_written_is_its_owners_alone_whatever_the_umask(tmp_path):
    data = tmp_path / "بيانات"
    for arguments in (
        ["index", SEEDS / "ar", "--data", data],
        ["keys", "create", "a", "--data", data],
        ["watchlist", "add", "لافروف", "--data", data],
    ):
        command = [sys.executable, "-c", RUN, *map(str, arguments)]
        environment = os.environ | BARE | {"PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=tmp_path, env=environment, umask=0o022, check=True, capture_output=True)
    modes = modes_in(data)
    assert len(modes) > 8 and {path: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}
