"""What `khabar index` tells of files that it leaves out: in a table, as JSON, and by its exit status."""

from __future__ import annotations

import json

from tests.cli.command import khabar

GOOD = "---\ntitle: قمة\nlanguage: ar\n---\nقال إن القمة لن تعقد.\n"


def mixed(folder):
    folder.mkdir()
    (folder / "خبر.txt").write_text(GOOD, "utf-8")
    (folder / "خالی.md").write_text("", "utf-8")
    (folder / ".hidden.txt").write_text(GOOD, "utf-8")
    for name in ("a.mp4", "b.mp4", "c.mp4", "d.mp4", "نص.doc", "بلا"):
        (folder / name).write_bytes(b"x")
    (folder / "out").symlink_to(folder.parent)
    (folder / "old.txt").write_bytes("قال البيت الأبيض إن القمة بين الرئيسين أرجئت.".encode("windows-1256"))
    return folder


def test_the_table_names_every_reason_with_its_remedy(tmp_path):
    result = khabar("index", mixed(tmp_path / "news"), "--data", tmp_path / "data")
    assert result.exit_code == 0
    assert "Files: 2 added" in result.stdout and "2 could not be read (named above)." in result.stdout
    rows = [line for line in result.stdout.splitlines() if "│" in line]
    for told in (".mp4: not read", ".doc: not read", "save it as .docx", "no suffix: not read", "… 1 more", "empty", "charset",
                 "a link that is not followed", "news/خالی.md"):  # fmt: skip
        assert any(told in row for row in rows), (told, result.stdout)
    assert "1 hidden files and folders" in result.stdout and "Traceback" not in result.stderr


def test_the_report_as_json_holds_all_of_it(tmp_path):
    result = khabar("index", mixed(tmp_path / "news"), "--data", tmp_path / "data", "--json", "--strict")
    assert result.exit_code == 3
    report = json.loads(result.stdout)
    assert report["files"] == {"added": 2, "changed": 0, "unchanged": 0, "removed": 0}
    assert (report["articles"], report["skipped"], report["hidden"]) == (2, 2, 1)
    assert {problem["path"]: problem["kind"] for problem in report["problems"]} == {
        "news/old.txt": "encoding", "news/out": "link", "news/خالی.md": "empty",
    }  # fmt: skip
    assert all(problem["reason"] and problem["remedy"] for problem in report["problems"])
    assert [(kind["suffix"], kind["count"]) for kind in report["unread"]] == [(".mp4", 4), ("", 1), (".doc", 1)]
    assert report["unread"][0]["files"] == [f"news/{name}.mp4" for name in "abcd"]


def test_a_file_that_is_named_is_read_or_told(tmp_path):
    folder = mixed(tmp_path / "news")
    result = khabar("index", folder / "a.mp4", "--data", tmp_path / "data", "--strict")
    assert result.exit_code == 3 and "'.mp4' files are not read" in result.stderr


def test_columns_are_told_once_or_refused(tmp_path):
    table = tmp_path / "خبرها.csv"
    table.write_text("Inhalt;Überschrift\nاو گفت که دیدار لغو شد.;دیدار\n", "utf-8")
    assert "--columns text=NAME" in khabar("index", table, "--data", tmp_path / "data").stderr
    told = khabar("index", table, "--data", tmp_path / "data", "--columns", "text=inhalt, title=Überschrift")
    assert "1 added" in told.stdout and "skipped" not in told.stderr
    refused = khabar("index", table, "--data", tmp_path / "data", "--columns", "body=Inhalt")
    assert refused.exit_code == 1 and "'body' is no known key" in refused.stderr and "text" in refused.stderr
