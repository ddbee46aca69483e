"""A reader's words -> a Filter: outlets by folded letters, days in three calendars, and the outlets there are."""

from datetime import date

import pytest

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.progress import Silent
from index.types import EVERYTHING, LANGUAGES, Filter
from rag.filter import FilterError, FilterInput, Outlet, outlets_of, read_filter

ARTICLES = {
    "a1": ("صحيفة النيل", "2025-10-21"),
    "a2": ("صحيفة النيل", "29 ربيع الآخر 1446"),
    "a3": ("صحیفه النیل", None),  # the same outlet on a Persian keyboard
    "f1": ("خبرگزاری آوند", None),
    "e1": ("Northgate Wire", "2025-08-17"),
    "e2": (None, "2025-08-18"),
}


def article(outlet, published, text):
    facts = {"title": text, "outlet": outlet, "published": published, "language": "en"}
    header = "".join(f"{name}: {value}\n" for name, value in facts.items() if value)
    return f"---\n{header}---\n{text} was told here at some length.\n"


def built(data, folder):
    build_index(data, [folder], NoEmbedder(), BuildOptions(), Silent())
    return Catalog(data / FILE_NAME)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    for name, (outlet, published) in ARTICLES.items():
        (folder / f"{name}.txt").write_text(article(outlet, published, name), encoding="utf-8")
    opened = built(tmp_path_factory.mktemp("choice"), folder)
    yield opened
    opened.close()


def test_nothing_chosen_is_everything(catalog):
    assert read_filter(FilterInput(), catalog) == EVERYTHING


@pytest.mark.parametrize("name", ["صحيفة النيل", "صحیفه النیل", " صحيفةُ  النِّيل. ", "صحيفة\u200cالنيل"])
def test_an_outlet_is_known_by_its_folded_letters(catalog, name):
    [outlet] = read_filter(FilterInput(outlets=(name, name)), catalog).outlets
    assert outlet in ("صحيفة النيل", "صحیفه النیل")


@pytest.mark.parametrize(
    "text",
    ["2025-10-21", "21/10/2025", "21 أكتوبر 2025", "21 تشرين الأول 2025", "1404/07/29", "۲۹ مهر ۱۴۰۴", "29 ربيع الآخر 1447"],
)
def test_a_day_is_read_in_three_calendars(catalog, text):
    day = date(2025, 10, 21)
    assert read_filter(FilterInput(since=text, until=text), catalog) == Filter(since=day, until=day)


def test_languages(catalog):
    assert read_filter(FilterInput(languages=("fa", "AR ", "fa")), catalog).languages == {"ar", "fa"}
    assert read_filter(FilterInput(languages=LANGUAGES), catalog) == EVERYTHING


@pytest.mark.parametrize(
    ("choice", "fault", "value"),
    [
        (FilterInput(outlets=("Northgate Wire", "Northgate Wires")), "unknown_outlet", "Northgate Wires"),
        (FilterInput(outlets=("",)), "unknown_outlet", ""),
        (FilterInput(outlets=("؟!",)), "unknown_outlet", "؟!"),
        (FilterInput(languages=("ar", "de")), "unknown_language", "de"),
        (FilterInput(since="dünya"), "no_date", "dünya"),
        (FilterInput(until="2025-02-30"), "no_date", "2025-02-30"),
        (FilterInput(until="31 مهر ۱۴۰۴"), "no_date", "31 مهر ۱۴۰۴"),
        (FilterInput(since=""), "no_date", ""),
        (FilterInput(since="2025-10-22", until="1404/07/29"), "days_reversed", "2025-10-22 2025-10-21"),
    ],
)
def test_a_choice_that_is_no_filter(catalog, choice, fault, value):
    with pytest.raises(FilterError) as caught:
        read_filter(choice, catalog)
    assert (caught.value.fault, caught.value.value) == (fault, value)
    assert caught.value.remedy and all(part in caught.value.problem for part in value.split())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Northgate", "did you mean 'Northgate Wire'"),
        ("آوند", "did you mean 'خبرگزاری آوند'"),
        ("خبرگزاري اوندد", "did you mean 'خبرگزاری آوند'"),
        ("zzzz", "choose from "),
    ],
)
def test_an_unknown_outlet_comes_with_known_ones(catalog, name, told):
    with pytest.raises(FilterError) as caught:
        read_filter(FilterInput(outlets=(name,)), catalog)
    assert caught.value.remedy.startswith(told)


def test_where_no_article_names_an_outlet(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text(article(None, None, "one"), encoding="utf-8")
    catalog = built(tmp_path / "data", tmp_path / "articles")
    assert outlets_of(catalog) == ()
    with pytest.raises(FilterError, match="says where it is from"):
        read_filter(FilterInput(outlets=("x",)), catalog)
    catalog.close()


def test_the_outlets_are_counted_by_their_folded_letters(catalog):
    assert outlets_of(catalog) == (
        Outlet("صحيفة النيل", 3, date(2024, 11, 1), date(2025, 10, 21)),
        Outlet("Northgate Wire", 1, date(2025, 8, 17), date(2025, 8, 17)),
        Outlet("خبرگزاری آوند", 1, None, None),
    )
    assert outlets_of(catalog)[2].to_json() == {"outlet": "خبرگزاری آوند", "articles": 1, "first": None, "last": None}


def test_a_long_article_is_counted_once_and_a_new_one_at_once(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "long.txt").write_text(article("Wire", "2025-01-02", "It rained. " * 400), encoding="utf-8")
    catalog = built(tmp_path / "data", folder)
    assert catalog.counts()["chunks"] > 2 and outlets_of(catalog)[0].articles == 1
    (folder / "new.txt").write_text(article("Wire", "2025-01-03", "Snow"), encoding="utf-8")
    built(tmp_path / "data", folder).close()
    assert outlets_of(catalog) == (Outlet("Wire", 2, date(2025, 1, 2), date(2025, 1, 3)),)
    catalog.close()
