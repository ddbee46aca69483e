"""`khabar doctor`: each kind of damage is named with its remedy, and the remedy mends it."""

import json
import os
import shutil
import socket
import sqlite3
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from index import lexical
from index.catalog import FILE_NAME
from index.generation import read_generation
from index.lock import sole_writer
from rag.doctor import machine, models
from rag.doctor.examination import examine
from rag.doctor.finding import Finding
from rag.settings import read_settings
from tests.cli.command import SEEDS, done, khabar
from tests.rag.doctor.crashing import crash
from tests.serving import free_port


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KHABAR_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def own(own):
    """A copy of the archive as it should be: its owner's alone."""
    own.chmod(0o700)
    return own


def examined(data, *arguments, **variables) -> tuple[int, dict[str, list[dict]]]:
    """Return the exit status and the findings by subject."""
    result = khabar("doctor", "--json", "--data", data, *arguments, **variables)
    found = json.loads(result.stdout)
    by_subject: dict[str, list[dict]] = {}
    for finding in found["findings"]:
        by_subject.setdefault(finding["subject"], []).append(finding)
    assert result.exit_code == (1 if found["faults"] else 0) and "Traceback" not in result.output
    assert all(finding["remedy"] for finding in found["findings"] if finding["level"] != "ok")
    return result.exit_code, by_subject


def fault(found, subject):
    """Return the one fault, which is of this subject."""
    faults = [finding for findings in found.values() for finding in findings if finding["level"] == "fault"]
    assert [each["subject"] for each in faults] == [subject], faults
    return faults[0]


def whole(data, port):
    status, found = examined(data, "--quick", "--port", port)
    assert status == 0, found


def test_all_is_well(own, port):
    result = khabar("doctor", "--data", own, "--port", port)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[-1] == "No faults, no warnings." and all(line.startswith("ok ") for line in lines[:-1])
    assert "ok       index: 36 articles in 56 chunks, and every page is whole" in lines
    assert f"ok       port: 127.0.0.1:{port} is free" in lines


def test_no_index_yet(tmp_path, port):
    status, found = examined(tmp_path / "لا شيء", "--quick", "--port", port)
    assert status == 0 and found["index"][0]["level"] == "warning" and "khabar index" in found["index"][0]["remedy"]
    assert not (tmp_path / "لا شيء").exists()


def test_a_damaged_catalog_is_named_and_a_backup_mends_it(own, tmp_path, port):
    done("backup", tmp_path / "نسخة.khabar", "--data", own)
    with sqlite3.connect(own / FILE_NAME) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with (own / FILE_NAME).open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xff" * 4096 * 20)
    found = fault(examined(own, "--quick", "--port", port)[1], "index")
    assert str(own / FILE_NAME) in found["told"] and "khabar restore" in found["remedy"]
    (own / FILE_NAME).rename(tmp_path / "away")
    done("restore", tmp_path / "نسخة.khabar", "--data", own, "--replace")
    whole(own, port)


@pytest.mark.parametrize(
    ("damaged", "told"),
    [("current.json", "current.json"), ("*/seal.json", "seal.json"), ("*/ar/*.term", ".term"), ("*/fa/*.pos", ".pos")],
)
def test_damaged_words_are_named_and_the_next_run_mends_them(own, port, damaged, told):
    file = next((own / lexical.FOLDER).glob(damaged))
    file.write_bytes(file.read_bytes()[:-1] + b"?" if file.suffix != ".json" else b"{")
    found = next(each for each in examined(own, "--quick", "--port", port)[1]["words"] if each["level"] == "fault")
    assert told in found["told"] and "khabar index" in found["remedy"]
    done("index", SEEDS, "--data", own)
    whole(own, port)


def test_words_of_another_index(own, news, tmp_path, port):
    done("index", news, "--data", tmp_path / "other")
    shutil.rmtree(own / lexical.FOLDER)
    shutil.copytree(tmp_path / "other" / lexical.FOLDER, own / lexical.FOLDER)
    found = examined(own, "--quick", "--port", port)[1]["words"][0]
    assert found["level"] == "fault" and "of another catalog" in found["told"]
    done("index", SEEDS, "--data", own)
    whole(own, port)


def test_what_a_killed_run_has_left(own, port):
    current = read_generation(own / lexical.FOLDER)
    left = own / lexical.FOLDER / f"{int(current.name) + 1:06d}"
    left.mkdir()
    found = next(each for each in examined(own, "--quick", "--port", port)[1]["words"] if each["level"] == "warning")
    assert str(left) in found["told"]
    done("index", SEEDS, "--data", own, "--rebuild")
    assert all(each["level"] == "ok" for each in examined(own, "--quick", "--port", port)[1]["words"])


def test_damaged_conversations_and_examples(own, port):
    (own / "conversations.sqlite").write_bytes(b"no database at all, " * 100)
    (own / "examples.json").write_text("{", encoding="utf-8")
    status, found = examined(own, "--quick", "--port", port)
    assert status == 1 and str(own / "conversations.sqlite") in found["conversations"][0]["told"]
    assert found["examples"][0]["level"] == "warning" and "anew" in found["examples"][0]["remedy"]
    (own / "conversations.sqlite").unlink()
    whole(own, port)


def test_a_run_at_work_is_no_fault(own, port):
    with sole_writer(own):
        status, found = examined(own, "--quick", "--port", port)
    assert status == 0 and found["locks"][0]["told"] == "another khabar is indexing now"


def test_who_may_look_into_the_data_folder(own, port):
    own.chmod(0o755)
    found = examined(own, "--quick", "--port", port)[1]["permissions"]
    assert found[0]["level"] == "warning" and found[0]["remedy"] == f"chmod -R go= {own}"
    own.chmod(0o700)
    assert examined(own, "--quick", "--port", port)[1]["permissions"][0]["level"] == "ok"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_that_root_has_left_to_another_user(own, port):
    os.chown(own / "index.lock", 12345, 12345)
    found = fault(examined(own, "--quick", "--port", port)[1], "permissions")
    assert "index.lock" in found["told"] and found["remedy"].startswith("chown -R")
    os.chown(own / "index.lock", own.stat().st_uid, -1)
    whole(own, port)


def test_a_full_disk(own, monkeypatch, port):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    assert "1 MB are free" in fault(examined(own, "--quick", "--port", port)[1], "disk")["told"]
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 10**8))
    assert examined(own, "--quick", "--port", port)[1]["disk"][0]["level"] == "warning"


def test_a_port_that_another_program_has(own):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert f"127.0.0.1:{number}" in fault(examined(own, "--quick", "--port", number)[1], "port")["told"]
    whole(own, number)


def test_a_port_that_khabar_has(own):
    class Alive(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"status":"ok"}')

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Alive) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        status, found = examined(own, "--quick", "--port", server.server_port)
        server.shutdown()
    assert status == 0 and found["port"][0]["told"] == f"a Khabar answers at 127.0.0.1:{server.server_port}"


def test_an_address_of_another_machine(own, port):
    assert "203.0.113.7" in fault(examined(own, "--quick", "--port", port, "--host", "203.0.113.7")[1], "port")["told"]


def test_a_settings_file_that_cannot_be_read(own, tmp_path):
    (tmp_path / "khabar.toml").write_text("topk = 3", encoding="utf-8")
    found = fault(examined(own, "--quick")[1], "settings")
    assert "khabar.toml" in found["told"] and "top_k" in found["remedy"]


def test_slips_in_variables_and_open_secrets(own, tmp_path, port):
    (tmp_path / "khabar.toml").write_text('llm_key = "sk-secret"', encoding="utf-8")
    (tmp_path / "khabar.toml").chmod(0o644)
    status, found = examined(own, "--quick", "--port", port, KHABAR_LOGGIN="users", KHABAR_OTHER_THING="x")
    told = [finding["told"] for finding in found["settings"]]
    assert status == 0 and len(told) == 2 and "llm_key" in told[0] and "KHABAR_LOGGIN" in told[1]
    assert "sk-secret" not in str(found) and found["settings"][1]["remedy"] == "write KHABAR_LOGIN, if that is meant"


def test_users_that_others_may_read(own, tmp_path, port):
    users = tmp_path / "المستخدمون"
    users.write_text("sara:scrypt$15$8$1$AAAA$AAAA\n", encoding="utf-8")
    users.chmod(0o644)
    found = fault(examined(own, "--quick", "--port", port, "--login", users)[1], "users")
    assert str(users) in found["told"] and found["remedy"] == f"chmod 600 {users}"


def test_a_damaged_file_of_keys(own, port):
    done("keys", "create", "غرفة", "--data", own)
    assert examined(own, "--quick", "--port", port)[1]["keys"][0]["told"] == "1 of 1 keys of programs are good"
    file = own / "keys"
    whole_file = file.read_bytes()
    file.write_text("{", encoding="utf-8")
    found = fault(examined(own, "--quick", "--port", port)[1], "keys")
    assert str(file) in found["told"]
    file.write_bytes(whole_file)
    whole(own, port)


def test_packages_that_are_missing_or_other(own, monkeypatch, port):
    monkeypatch.setattr(machine, "requires", lambda _: ["pydantic>=2", "no-such-package", 'ruff; extra == "test"'])
    found = fault(examined(own, "--quick", "--port", port)[1], "versions")
    assert found["told"] == "packages are missing: no-such-package"
    monkeypatch.setattr(machine, "requires", lambda _: ["pydantic"])
    monkeypatch.setattr(machine, "locked_versions", lambda _: {"pydantic": "1.0"})
    found = examined(own, "--quick", "--port", port)[1]["versions"][0]
    assert found["level"] == "warning" and "(tried with 1.0)" in found["told"]


@pytest.mark.slow
def test_models_that_are_missing_damaged_or_end_their_process(own, tmp_path, port, monkeypatch):
    broken = tmp_path / "نموذج.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    chosen = {"KHABAR_EMBEDDER": str(tmp_path / "لا شيء"), "KHABAR_RERANKER": "bge-reranker-v2-m3"}
    status, found = examined(own, "--port", port, KHABAR_LLM=str(broken), **chosen)
    assert status == 1 and found["reader"][0] == Finding("ok", "reader", "none is chosen").to_json()
    assert str(broken) in found["language model"][0]["told"] and found["language model"][0]["level"] == "fault"
    assert str(tmp_path / "لا شيء") in found["embedder"][0]["told"]
    assert "khabar models download" in found["reranker"][0]["remedy"]
    monkeypatch.setattr(models, "_ATTEMPTS", {"language model": crash})
    found = fault(examined(own, "--port", port)[1], "language model")
    assert found["told"] == "it ends the process that loads it" and "docs/models.md" in found["remedy"]


def test_a_check_that_fails_itself_leaves_the_others():
    def broken(_):
        raise RuntimeError("خطأ")

    def works(_):
        yield Finding("ok", "other", "well")

    found = list(examine(read_settings(), {"one": broken, "other": works}))
    assert [each.level for each in found] == ["fault", "ok"] and "RuntimeError: خطأ" in found[0].told
