"""`khabar entities`, `duplicates` and `watchlist` at the command line, and what `index` says of the watchlist."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import khabar

TEXT = "وصل فلاديمير بوتين إلى مينسك يوم الاثنين لإجراء محادثات مع بيلاروس. وقال الكرملين إنه سيبقى يومين ويوقع أربع وثائق."
TEXTS = {
    "ar.txt": f"---\ntitle: زيارة\noutlet: جريدة الرواق\npublished: 2025-03-01\n---\n{TEXT}\n",
    "copy.txt": f"---\ntitle: زيارة مينسك\noutlet: صحيفة الميناء\npublished: 2025-03-02\n---\n{TEXT}\n",
    "fa.txt": "---\ntitle: سفر\npublished: 2025-03-04\n---\nپوتین روز گذشته به مینسک رسید و با وزیران گفت‌وگو کرد.\n",
    "en.txt": "---\ntitle: A hotel\npublished: 2025-03-05\n---\nEric Trump opened a hotel in Dubai on Tuesday.\n",
}


def run(data, *arguments, status=0):
    result = khabar(*arguments, "--data", data)
    assert result.exit_code == status and "Traceback" not in result.output, result.output
    return result


def index(data, *options):
    return run(data, "index", data.parent / "news", *options)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    (folder / "news").mkdir()
    for name, text in TEXTS.items():
        (folder / "news" / name).write_text(text, "utf-8")
    index(folder / "data")
    return folder / "data"


def test_entities_are_listed_and_one_is_shown_by_any_name(data):
    rows = json.loads(run(data, "entities", "--json").stdout)
    putin = next(row for row in rows if row["id"] == "person:vladimir putin")
    assert (putin["articles"], putin["first"], putin["last"]) == (3, "2025-03-01", "2025-03-04")
    assert {row["kind"] for row in json.loads(run(data, "entities", "--kind", "place", "--json").stdout)} == {"place"}
    (shown,) = json.loads(run(data, "entities", "پوتین", "--json").stdout)
    assert len(shown["listed"]) == 3 and "place:minsk" in {other["id"] for other in shown["together"]}
    text = run(data, "entities", "Putin", "--limit", "1").stdout
    assert "spellings:" in text and "… 2 more" in text and "named with:" in text
    assert "names" in run(data, "entities", "--limit", "2").stdout


def test_a_name_that_no_article_has_is_told_with_the_nearest(data):
    told = run(data, "entities", "Puttin", status=1).stderr
    assert "'Puttin'" in told and "nearest" in told
    assert "see khabar entities" in run(data, "entities", "زورفانستان", status=1).stderr


def test_duplicates_are_grouped_and_shown(data):
    whole = json.loads(run(data, "duplicates", "--json").stdout)
    (group,) = whole["copies"]
    assert group["first"]["path"].endswith("ar.txt") and [copy["kind"] for copy in group["copies"]] == ["exact"]
    assert "1 copy of 1 text" in run(data, "duplicates").stdout
    listed = json.loads(run(data, "list", "--json").stdout)
    assert len(listed) == 4 and sum(bool(item["copies"]) for item in listed) == 2
    assert len(json.loads(run(data, "list", "--once", "--json").stdout)) == 3
    assert "copy: " in run(data, "show", "ar.txt").stdout and "copy: " not in run(data, "show", "en.txt").stdout


def test_what_is_new_on_the_watchlist_is_told_after_an_index(data):
    assert "Nothing is watched" in run(data, "watchlist", "list").stdout
    assert "3 articles so far" in run(data, "watchlist", "add", "بوتين").stdout
    assert "already" in run(data, "watchlist", "add", "بوتين", status=1).stderr
    (data.parent / "news" / "new.txt").write_text("---\ntitle: Back\n---\nPutin went back to Moscow.\n", "utf-8")
    assert "New on" in index(data).stdout and "New on" not in index(data).stdout
    (data.parent / "news" / "more.txt").write_text("---\ntitle: بازگشت\n---\nپوتین به مسکو بازگشت.\n", "utf-8")
    (news,) = json.loads(index(data, "--json").stdout)["watchlist"]
    assert news["watched"] == "بوتين" and [item["language"] for item in news["articles"]] == ["fa"]
    assert json.loads(run(data, "watchlist", "list", "--json").stdout)[0]["watched"] == "بوتين"
    assert "No longer watched" in run(data, "watchlist", "remove", "1").stdout
    assert "'7'" in run(data, "watchlist", "remove", "7", status=1).stderr


@pytest.mark.parametrize("command", [("add", "بوتين"), ("add", "پوتین"), ("remove", "1"), ("list",)])
def test_a_watchlist_makes_no_archive_where_there_is_none(tmp_path, command):
    result = run(tmp_path / "nowhere", "watchlist", *command, status=1)
    assert "there is no index in" in result.output and not (tmp_path / "nowhere").exists()
