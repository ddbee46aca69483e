"""Copies: exact by their letters, near by what they have in common, grouped whatever came first, none dropped."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.copies.prints import alike, numbers_of, print_of
from index.copies.store import CopyStore, joined
from index.listing import listing
from index.types import EVERYTHING
from tests.index.made import Quiet, TinyEmbedder

NEWS = {
    "ar": (
        "افتتح العراق وإيران خط السكك الحديدية بين البصرة والشلامجة. ويبلغ طوله ٣٢ كيلومترا وكلف ١٤٨ مليون دولار. "
        "ومن المتوقع أن يسافر عليه في عامه الأول مليون زائر إلى كربلاء والنجف. وقال الوزير إن القطار الأول انطلق صباح الاثنين."
    ),
    "fa": (
        "عراق و ایران راه‌آهن میان بصره و شلمچه را گشودند. طول آن ۳۲ کیلومتر است و ۱۴۸ میلیون دلار هزینه داشت. "
        "پیش‌بینی می‌شود در سال نخست یک میلیون زائر با آن به کربلا و نجف بروند. وزیر گفت نخستین قطار بامداد دوشنبه به راه افتاد."
    ),
    "en": (
        "Iraq and Iran opened the railway between Basra and Shalamcheh. It is 32 kilometres long and cost 148 million dollars. "
        "In its first year a million pilgrims are expected to travel on it to Karbala and Najaf. The first train left at dawn."
    ),
}
PATTERN = "Gold was at {0} dollars on {1}, silver at {2}, platinum at {3} and oil at {4}; trade was quiet in all markets."


class NoNames:
    made_with = "none"

    def mentions(self, article):
        return []


def indexed(folder, rows) -> Catalog:
    news = folder / "news"
    news.mkdir(parents=True, exist_ok=True)
    (news / "a.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    build_index(folder / "data", [news], TinyEmbedder(), BuildOptions(), Quiet(), embed=False, names=NoNames())
    return Catalog(folder / "data" / FILE_NAME)


def row(name, text, language="en", day="2025-03-01", title="A railway"):
    return {"id": name, "title": title, "text": text, "language": language, "date": day, "outlet": f"outlet {name}"}


def grouped(catalog):
    return [
        (group.first.path.partition("#")[2], [(copy.entry.path.partition("#")[2], copy.kind) for copy in group.copies])
        for group in CopyStore(catalog).groups()
    ]


@pytest.mark.parametrize("language", ["ar", "fa", "en"])
def test_copies_are_exact_whatever_their_bytes_and_near_with_an_edit(tmp_path, language):
    text = NEWS[language]
    other_bytes = text.replace("ی", "ي").replace("ک", "ك").replace("۳۲", "32").replace("٣٢", "32").replace(". ", ".\r\n\r\n")
    edited = text.rpartition(". ")[0] + "."
    rows = [
        row("b", other_bytes, language, "2025-03-02"), row("a", text, language), row("c", edited, language, "2025-03-03"),
        row("d", NEWS["en" if language != "en" else "ar"], "en" if language != "en" else "ar"),
    ]  # fmt: skip
    catalog = indexed(tmp_path, rows)
    assert grouped(catalog) == [("a", [("b", "exact"), ("c", "near")])]
    assert catalog.counts()["articles"] == 4
    once = [item.path.partition("#")[2] for item in listing(catalog, EVERYTHING, once=True)]
    assert sorted(once) == ["a", "d"]
    store = CopyStore(catalog)
    groups = store.by_article()
    assert [store.of_article(entry.article_id) for entry in catalog.entries()] == [
        groups.get(entry.article_id) for entry in catalog.entries()
    ]
    assert store.of_article("none") is None
    catalog.close()


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_a_copy(tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    text = f"---\ntitle: قطار\n---\n\n{NEWS['ar']}\n"
    (news / "one.txt").write_text(text, "utf-8")
    (news / "two.txt").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    build_index(tmp_path / "data", [news], TinyEmbedder(), BuildOptions(), Quiet(), embed=False, names=NoNames())
    catalog = Catalog(tmp_path / "data" / FILE_NAME)
    (group,) = CopyStore(catalog).groups()
    assert [copy.kind for copy in group.copies] == ["exact"]
    catalog.close()


def test_reports_written_to_a_pattern_are_no_copies():
    one = PATTERN.format(2411, "Monday", 28.4, 991, 71.2)
    other = PATTERN.format(2395, "Tuesday", 27.9, 1003, 70.8)
    assert alike(one, other) == 0.0 and alike(one, one.replace("quiet", "slow")) > 0.7


def test_numbers_are_the_same_in_three_scripts():
    assert numbers_of("۸۷٫۴ و ۳۲۰٬۰۰۰ در ۱۴۰۴") == numbers_of("87.4 and 320,000 in 2025") == {"87.4", "320000"}
    assert numbers_of("٣٢ كلم") == {"32"} and numbers_of("seven, 7") == set()


def test_a_copy_that_is_removed_leaves_its_group(tmp_path):
    catalog = indexed(tmp_path, [row("a", NEWS["en"]), row("b", NEWS["en"], day="2025-03-02")])
    assert len(CopyStore(catalog).groups()) == 1
    catalog.close()
    catalog = indexed(tmp_path, [row("a", NEWS["en"])])
    assert CopyStore(catalog).groups() == []
    tables = ("copy_prints", "copy_bands", "near_copies")
    left = {table: catalog.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    assert left == {"copy_prints": 1, "copy_bands": 16, "near_copies": 0}
    catalog.close()


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)), cut=st.integers(1, 4))
def test_groups_do_not_depend_on_what_came_first(tmp_path_factory, order, cut):
    text = NEWS["en"]
    rows = [
        row("a", text), row("b", text.upper(), day="2025-03-02"), row("c", text + " More follows.", day="2025-03-03"),
        row("d", text.replace("dawn", "noon"), day="2025-03-04"), row("e", "A quiet day in the harbour, with no ships at all."),
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("order")
    indexed(folder, [rows[place] for place in order[:cut]]).close()
    catalog = indexed(folder, [rows[place] for place in order])
    assert grouped(catalog) == [("a", [("b", "exact"), ("c", "near"), ("d", "near")])]
    catalog.close()


@given(st.text(max_size=80))
def test_every_text_has_a_print(text):
    taken = print_of(text)
    assert len(taken.letters) == 16 and len(taken.bands) in (0, 16) and alike(text, text) in (0.0, 1.0)


def test_pairs_make_groups_of_any_size():
    chain = [(str(number), str(number + 1)) for number in range(2000)]
    assert [len(group) for group in joined([*chain, ("x", "y")])] == [2001, 2]
