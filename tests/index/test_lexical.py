from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import lexical
from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog, SourceFile
from index.chunk import Span
from index.generation import Generation, read_generation, switch_to
from index.lexical import FOLDER, LexicalIndex, update_lexical
from index.text import fold, skeletons, squash, stem
from index.types import LANGUAGES, Article, Filter, KhabarError, Language
from tests.index.made import ARABIC, Quiet, TinyEmbedder, build, grams_of, search, size, write_articles

ROOT = Path(__file__).parents[2]


def bring_up(data: Path, rebuild: bool = False) -> int:
    progress = Quiet()
    catalog = Catalog(data / FILE_NAME, writable=True)
    try:
        update_lexical(catalog, data, rebuild, progress.advance)
    finally:
        catalog.close()
    return progress.steps


@pytest.mark.parametrize(
    ("question", "languages", "first"),
    [
        ("متى تعقد قمة بودابست؟", ["ar"], "البيت الأبيض"),
        ("دیدار بوداپست", ["fa"], "کاخ سفید"),
        ("Budapest meeting", ["en"], "White House"),
        ("ديدار رييس جمهور", ["ar", "fa", "en"], "کاخ سفید"),
        ("رئیس جمهور ترامپ", ["fa"], "کاخ سفید"),
        ("رئیسجمهور", ["fa"], "کاخ سفید"),
        ("القِمّـــة", ["ar"], "البيت الأبيض"),
        ("٣٥", ["ar"], "البيت الأبيض"),
    ],
)
def test_finds_in_the_wanted_languages(built, question, languages, first):
    found = search(built, question, languages)
    assert first in found[0] and len(found) <= len(languages)


def test_arabic_and_persian_spellings_find_each_other(built):
    assert any("بوداپست" in text for text in search(built, "بودابست", ["fa"]))
    assert any("بودابست" in text for text in search(built, "بوداپست", ["ar"]))


@pytest.mark.parametrize(
    ("name", "language"), [("Trump", "ar"), ("Trump", "fa"), ("لافروف", "en"), ("لاوروف", "en"), ("ترامپ", "en")]
)
def test_names_across_scripts_by_skeleton(built, name, language):
    weights = {("skeletons", skeleton): 1.0 for skeleton in skeletons(fold(name))}
    assert LexicalIndex(built).search(weights, language, 5)


def test_a_skeleton_field_holds_no_word_of_another_script(news, data):
    write_articles(news, {"ar.txt": f"{ARABIC}قالت Washington Post إن اللقاء أُرجئ."})
    build(data, news)
    weights = {("skeletons", skeleton): 1.0 for skeleton in skeletons("washington")}
    assert weights and LexicalIndex(data).search(weights, "ar", 5) == []


def test_scores_fall_and_top_k_holds(news, data):
    write_articles(news, {f"{n}.txt": f"خبر {n}\n{'قمة بودابست ' * n}انعقدت يوم {n}." for n in range(1, 9)})
    build(data, news)
    reader, weights = LexicalIndex(data), grams_of("قمة بودابست")
    found = reader.search(weights, "ar", 20)
    assert len(found) == 9 and [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    for top_k in (1, 2, 8, 9):
        assert reader.search(weights, "ar", top_k) == found[:top_k]
    doubled = reader.search({term: 2.0 for term in weights}, "ar", 20)
    assert [chunk for chunk, _ in doubled] == [chunk for chunk, _ in found]
    assert [score for _, score in doubled] == pytest.approx([2 * score for _, score in found], rel=1e-3)


@pytest.mark.parametrize("languages", [[], ["ar"], LANGUAGES])
def test_no_term_or_language_or_chunk_finds_nothing(built, languages):
    for language in languages:
        assert LexicalIndex(built).search({}, language, 5) == []
    assert search(built, "xyzzyq", languages) == []
    assert search(built, "قمة", []) == []


# Three languages, three indexes


def test_the_languages_have_their_own_sizes_and_document_frequencies(built, news):
    reader = LexicalIndex(built)
    assert reader.sizes == {"ar": 1, "fa": 1, "en": 1}
    write_articles(news, {f"{n}.txt": f"خبر\nقمة بودابست رقم {n} انعقدت في {n} أكتوبر." for n in range(20)})
    build(built, news)
    assert reader.sizes == {"ar": 21, "fa": 1, "en": 1}
    for field, term, expected in (
        ("grams", "_35_", (1, 1, 1)),
        ("grams", "_بود", (21, 1, 0)),
        ("stems", stem("بودابست"), (21, 1, 0)),
        ("stems", "trump", (0, 0, 1)),
        ("skeletons", "trmb", (1, 1, 1)),
        ("skeletons", "bdbst", (21, 1, 1)),
        ("grams", "none", (0, 0, 0)),
        ("opening", "none", (0, 0, 0)),
    ):
        assert tuple(reader.document_frequency(field, term, language) for language in LANGUAGES) == expected, (field, term)


def test_the_articles_of_one_language_leave_the_scores_of_another_alone(built, news):
    weights = grams_of("دیدار بوداپست ترامپ")
    before = LexicalIndex(built).search(weights, "fa", 5)
    write_articles(news, {f"{n}.txt": f"خبر\nقمة بودابست رقم {n} جمعت ترامب وبوتين." for n in range(60)})
    build(built, news)
    assert LexicalIndex(built).search(weights, "fa", 5) == before != []


def test_a_stem_that_comes_again_says_no_more(news, data):
    words_of = "قمة الرياض جمعت الوزراء يوم الأحد"
    write_articles(news, {"1.txt": f"خبر\n{words_of} قمة القمة قمم.", "2.txt": f"خبر\n{words_of} بعد طول انتظار."})
    build(data, news)
    found = LexicalIndex(data).search({("stems", stem("قمه")): 1.0, ("stems", stem("الرياض")): 1.0}, "ar", 5)
    assert len(found) == 3 and max(score for _, score in found) < 1.5 * sorted(score for _, score in found)[1]


@pytest.mark.parametrize(
    "odd",
    [
        "ب" * 40_000,  # 80,000 bytes: longer than Tantivy lets a term be
        "x" * 70_000,
        "ب\u200c" * 20_000,
        "٣" * 70_000,
        "a\u0301" * 20_000,
        "\u202eقمة\u202c \u2066Trump\u2069 \u200f٣٥\u200f",
        '+ - && || ! ( ) { } [ ] ^ " ~ * ? : \\ / AND OR NOT',
        "😀" * 5_000,
        "ﷺ" * 2_000,
        "\u0640" * 9_000,
    ],
    ids=lambda odd: f"U+{ord(odd[0]):04x}x{len(odd)}",
)
def test_odd_words_neither_stop_the_run_nor_hide_their_neighbours(news, data, odd):
    write_articles(news, {"odd.txt": f"---\ntitle: {odd[:30_000]}\nlanguage: ar\n---\nوصل التمساح {odd} إلى الخروبة أمس."})
    assert not build(data, news, embedder=TinyEmbedder([])).problems
    assert any("التمساح" in text for text in search(data, "تمساح", ["ar"]))
    assert any("الخروبة" in text for text in search(data, "خروبة", ["ar"]))
    assert isinstance(search(data, odd), list)


# Filters


DATED = {
    "a.txt": "---\ntitle: قمة\noutlet: وكالة النورس\npublished: 2025-10-20\n---\nانعقدت القمة في بودابست أولا.",
    "b.txt": "---\ntitle: قمة\noutlet: وكالة النورس\npublished: 2025-10-21\n---\nانعقدت القمة في بودابست ثانيا.",
    "c.txt": "---\ntitle: قمة\noutlet: جريدة الرواق\npublished: 2025-10-22\n---\nانعقدت القمة في بودابست ثالثا.",
    "d.txt": "---\ntitle: قمة\noutlet: جريدة الرواق\n---\nانعقدت القمة في بودابست رابعا.",
    "e.txt": "---\ntitle: قمة\npublished: 2025-10-21\n---\nانعقدت القمة في بودابست خامسا.",
    "f.txt": "---\ntitle: نشست\noutlet: خبرگزاری کبوتر\npublished: ۲۹ مهر ۱۴۰۴\n---\nنشست در بوداپست برگزار می‌شود.",
    "g.txt": "---\ntitle: Summit\noutlet: Northgate Wire\npublished: 2025-10-21\n---\nThey met in Budapest at last.",
}


@pytest.fixture
def dated(tmp_path, data):
    build(data, write_articles(tmp_path / "dated", DATED), embedder=TinyEmbedder([]))
    return data


def passing(data: Path, within: Filter) -> set[str]:
    """Return the names of the articles that a search for the summit finds in any language."""
    names = {text.split("---\n")[-1]: name[0] for name, text in DATED.items()}
    return {names[text] for text in search(data, "بودابست Budapest", LANGUAGES, 100, within)}


@pytest.mark.parametrize(
    ("outlets", "expected"),
    [
        ({"وكالة النورس"}, "ab"),
        ({"وكاله النورس"}, "ab"),
        ({"وِكالة النّورس"}, "ab"),
        ({"وکالة النورس"}, "ab"),
        ({"  وكالة   النورس! "}, "ab"),
        ({"«وكالةـ النورس»"}, "ab"),
        ({"خبرگزاری کبوتر"}, "f"),
        ({"خبرگزاري كبوتر"}, "f"),
        ({"خبرگزاری‌کبوتر"}, "f"),
        ({"Northgate Wire"}, "g"),
        ({"NORTHGATE wire"}, "g"),
        ({"northgate-wire"}, "g"),
        ({"جريدة الرواق", "northgate wire"}, "cdg"),
        ({"النورس"}, ""),
        ({"Northgate"}, ""),
        ({"no such outlet"}, ""),
        ({"no such outlet", "جريدة الرواق"}, "cd"),
    ],
)
def test_an_outlet_in_any_spelling_and_no_other(dated, outlets, expected):
    assert passing(dated, Filter(outlets=frozenset(outlets))) == set(expected)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, "abcdefg"),
        (date(2025, 10, 21), None, "bcefg"),
        (None, date(2025, 10, 21), "abefg"),
        (date(2025, 10, 21), date(2025, 10, 21), "befg"),
        (date(2025, 10, 23), None, ""),
        (None, date(2025, 10, 19), ""),
        (date.min, date.max, "abcefg"),
        (date.min, None, "abcefg"),
    ],
)
def test_both_days_belong_to_the_span_and_an_undated_article_to_none(dated, since, until, expected):
    assert passing(dated, Filter(since=since, until=until)) == set(expected)


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (Filter(languages=frozenset({"fa"})), "f"),
        (Filter(languages=frozenset({"fa", "en"})), "fg"),
        (Filter(frozenset({"وكالة النورس"}), frozenset({"fa"})), ""),
        (Filter(frozenset({"وكالة النورس", "خبرگزاری کبوتر"}), frozenset({"ar", "fa"}), since=date(2025, 10, 21)), "bf"),
        (Filter(frozenset({"جريدة الرواق"}), until=date(2025, 10, 22)), "c"),
    ],
)
def test_conditions_hold_together(dated, within, expected):
    assert passing(dated, within) == set(expected)


def test_a_span_that_ends_before_it_begins_and_no_language_are_refused():
    with pytest.raises(KhabarError, match="2025-10-22 to 2025-10-21 end before they begin; "):
        Filter(since=date(2025, 10, 22), until=date(2025, 10, 21))
    with pytest.raises(KhabarError, match="no language is left"):
        Filter(languages=frozenset())


def test_a_changed_outlet_and_a_changed_date_reach_the_index(dated, tmp_path):
    night = Filter(frozenset({"صحيفة الليل"}))
    late = Filter(since=date(2026, 1, 1))
    assert passing(dated, night) == set() == passing(dated, late)
    file = tmp_path / "dated" / "a.txt"
    file.write_text(DATED["a.txt"].replace("وكالة النورس", "صحيفة الليل"), encoding="utf-8")
    (tmp_path / "dated" / "b.txt").write_text(DATED["b.txt"].replace("2025-10-21", "١ كانون الثاني ٢٠٢٦"), encoding="utf-8")
    (tmp_path / "dated" / "c.txt").write_text(DATED["c.txt"].replace("published: 2025-10-22\n", ""), encoding="utf-8")
    assert build(dated, embedder=TinyEmbedder([])).changed == 3
    assert passing(dated, night) == {"a"} and passing(dated, late) == {"b"}
    assert passing(dated, Filter(frozenset({"وكالة النورس"}))) == {"b"}
    assert passing(dated, Filter(since=date.min)) == {"a", "b", "e", "f", "g"}


def test_an_article_that_turns_out_to_be_in_another_language_moves(dated, tmp_path):
    file = tmp_path / "dated" / "f.txt"
    file.write_text(DATED["f.txt"].replace("---\n", "---\nlanguage: ar\n", 1), encoding="utf-8")
    build(dated, embedder=TinyEmbedder([]))
    assert LexicalIndex(dated).sizes == {"ar": 6, "fa": 0, "en": 1}
    assert passing(dated, Filter(languages=frozenset({"fa"}))) == set()
    assert passing(dated, Filter(frozenset({"خبرگزاری کبوتر"}), frozenset({"ar"}))) == {"f"}


@pytest.mark.parametrize("outlet", ["!!!", "😀", "\ud800", "", " ", "\x00", "x" * 100_000, "ب" * 70_000])
def test_an_outlet_of_any_kind_is_no_error(dated, outlet):
    assert passing(dated, Filter(frozenset({outlet}))) == set()


def test_a_filter_of_very_many_outlets(dated):
    many = frozenset({"وكالة النورس", *(f"outlet {number}" for number in range(3_000))})
    assert passing(dated, Filter(many)) == {"a", "b"}


WORDS = [
    *("قمة", "القمّة", "بودابست", "بوداپست", "دیدار", "می‌شود", "رئيس", "رئیس‌جمهور", "ترامب", "بوتين", "نشست", "في", "در"),
    *("٣٥", "۳۵", "2025", "Trump", "Budapest", "summit", "the"),
]
OUTLETS = (None, "وكالة النورس", "وکالة النورس", "خبرگزاری کبوتر", "Wire", "WIRE", "Other", "!!!")
DAYS = tuple(date(2025, 10, day) for day in (1, 2, 3, 5, 8)) + (date.min, date.max, date(1, 12, 31))
ARTICLE = st.tuples(
    st.sampled_from(LANGUAGES),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12),
    st.sampled_from(OUTLETS),
    st.none() | st.sampled_from(DAYS),
)


@st.composite
def filters(draw) -> Filter:
    since, until = draw(st.none() | st.sampled_from(DAYS)), draw(st.none() | st.sampled_from(DAYS))
    if since and until and since > until:
        since, until = until, since
    outlets = draw(st.frozensets(st.sampled_from([*filter(None, OUTLETS), "wire!", "nobody"]), max_size=3))
    return Filter(outlets, draw(st.frozensets(st.sampled_from(LANGUAGES), min_size=1)), since, until)


def passes(article: Article, within: Filter) -> bool:
    """Tell by Filter's own words whether an article passes it."""
    return (
        article.language in within.languages
        and (not within.outlets or (article.outlet and squash(article.outlet) in set(map(squash, within.outlets))))
        and (not within.since or (article.published is not None and article.published >= within.since))
        and (not within.until or (article.published is not None and article.published <= within.until))
    )


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(ARTICLE, min_size=1, max_size=25),
    st.lists(st.tuples(filters(), st.lists(st.sampled_from(WORDS), max_size=5)), min_size=20, max_size=20),
)
def test_a_filtered_search_is_an_unfiltered_one_without_what_does_not_pass(tmp_path_factory, made, asked):
    data = tmp_path_factory.mktemp("filters")
    articles = archive_of(data, made)
    reader = LexicalIndex(data)
    for within, sought in asked:
        for language in LANGUAGES:
            everything = reader.search(grams_of(" ".join(sought)), language, 1_000)
            expected = [(chunk, score) for chunk, score in everything if passes(articles[chunk], within)]
            found = reader.search(grams_of(" ".join(sought)), language, 1_000, within)
            assert dict(found) == pytest.approx(dict(expected), rel=1e-3), (within, language, sought)
            assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
            best = reader.search(grams_of(" ".join(sought)), language, 3, within)
            assert [score for _, score in best] == pytest.approx([score for _, score in expected[:3]], rel=1e-3)


def archive_of(data: Path, made: Sequence[tuple[Language, list[str], str | None, date | None]]) -> dict[int, Article]:
    """Build an index over articles of one chunk each; return them by their chunk's id."""
    catalog = Catalog(data / FILE_NAME, writable=True)
    articles = [
        Article(f"a{n}", f"a{n}", "", outlet, published, language, None, " ".join(found))
        for n, (language, found, outlet, published) in enumerate(made)
    ]
    catalog.replace_source(SourceFile("/a", "a", "1"), [(article, [Span(0, len(article.text))]) for article in articles])
    update_lexical(catalog, data, False, Quiet().advance)
    by_id = {article.article_id: article for article in articles}
    found = {chunk.chunk_id: by_id[chunk.article_id] for chunk in catalog.chunks_since(0)}
    catalog.close()
    return found


# Readers and writers


@pytest.mark.slow
def test_a_reader_sees_what_another_process_added_and_removed(built, news):
    reader = LexicalIndex(built)
    assert reader.sizes == {"ar": 1, "fa": 1, "en": 1} and reader.document_frequency("grams", "_77_", "ar") == 0
    (news / "en.txt").unlink()
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض.", "نو.txt": "دیدار تازه\n77 وزیر آمدند."})
    script = "import sys; from pathlib import Path; from made import build; print(build(Path(sys.argv[1])))"
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'index'}"}
    subprocess.run([sys.executable, "-c", script, str(built)], check=True, env=environment, capture_output=True)
    assert len(reader.search({("grams", "_77_"): 1.0}, "ar", 5)) == 1 == len(reader.search({("grams", "_77_"): 1.0}, "fa", 5))
    assert reader.sizes == {"ar": 2, "fa": 2, "en": 0} and reader.document_frequency("grams", "_77_", "fa") == 1
    assert not reader.search(grams_of("Northgate official said"), "en", 5)


def test_a_reader_follows_a_rebuild(built):
    reader = LexicalIndex(built)
    before = read_generation(built / FOLDER)
    bring_up(built, rebuild=True)
    after = read_generation(built / FOLDER)
    assert before and after and before.name != after.name and sum(reader.sizes.values()) == 3


@pytest.mark.slow
def test_many_threads_search_while_the_index_is_rebuilt(built):
    reader = LexicalIndex(built)
    weights = grams_of("بودابست دیدار")
    expected = [reader.search(weights, language, 5) for language in LANGUAGES]
    failures: list[object] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                assert [reader.search(weights, language, 5) for language in LANGUAGES] == expected
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        bring_up(built, rebuild=True)
    done.set()
    for thread in threads:
        thread.join()
    assert not failures


def test_an_index_of_another_version_is_refused_and_built_anew(built, monkeypatch):
    version = lexical.VERSION
    monkeypatch.setattr(lexical, "VERSION", "grams-99")
    monkeypatch.setattr(lexical, "_READ", frozenset({"grams-98", "grams-99"}))
    with pytest.raises(KhabarError, match=rf"of version {version}, this Khabar reads grams-99; run khabar index --rebuild"):
        LexicalIndex(built)
    bring_up(built)
    assert size(built) == 3


def test_an_index_of_the_version_before_is_asked_until_the_next_run_has_built_it_anew(built, news, monkeypatch):
    before, reader = lexical.VERSION, LexicalIndex(built)
    monkeypatch.setattr(lexical, "VERSION", "grams-99")
    monkeypatch.setattr(lexical, "_READ", frozenset({before, "grams-99"}))
    assert len(search(built, "بودابست")) == 2 and reader.sizes == {"ar": 1, "fa": 1, "en": 1}
    (news / "fa.txt").unlink()
    build_index(built, [news], TinyEmbedder(), BuildOptions(), Quiet(), embed=False)
    assert read_generation(built / FOLDER).made_with == "grams-99" and reader.sizes == {"ar": 1, "fa": 0, "en": 1}


def test_an_index_of_an_earlier_khabar_is_refused_and_the_next_run_renews_it(built, news):
    old = lexical.new_generation_folder(built / FOLDER)  # one index for all languages, as it was
    lexical.tantivy.Index(lexical.tantivy.SchemaBuilder().build(), path=str(old))
    switch_to(built / FOLDER, Generation(old.name, 10_000, "grams-2"))
    with pytest.raises(KhabarError, match=r"of version grams-2, this Khabar reads .*; run khabar index --rebuild"):
        LexicalIndex(built)
    assert build(built, news).nothing_to_do
    assert LexicalIndex(built).sizes == {"ar": 1, "fa": 1, "en": 1} and len(search(built, "بودابست")) == 2


def test_no_index(tmp_path):
    with pytest.raises(KhabarError, match="there is no index"):
        LexicalIndex(tmp_path)


def test_killed_between_commit_and_switch_nothing_is_there_twice(built, news):
    before = read_generation(built / FOLDER)
    assert before
    kept = shutil.copytree(built / FOLDER, built.parent / "kept")
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    (news / "en.txt").unlink()
    build(built)
    shutil.rmtree(built / FOLDER)
    shutil.copytree(kept, built / FOLDER)  # as it was when the run was killed
    assert bring_up(built) == 1
    assert size(built) == 3 and len(search(built, "77")) == 1 and not search(built, "Northgate official", ["en"])
    assert bring_up(built) == 0, "up to date"


def test_a_chunk_removed_after_the_kill_is_removed(built, news):
    before = read_generation(built / FOLDER)
    assert before
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    build(built)
    switch_to(built / FOLDER, before)
    (news / "new.txt").unlink()
    build(built)
    assert size(built) == 3 and not search(built, "77")


def files_of(data: Path, generation: Generation) -> dict[Path, bytes]:
    home = data / FOLDER / generation.name
    return {path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_the_index_in_use_is_never_written(built, news):
    """A copy is changed and swapped in; it shares what Tantivy never changes."""
    before = read_generation(built / FOLDER)
    assert before
    files = files_of(built, before)
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    build(built)
    after = read_generation(built / FOLDER)
    assert after and after.name != before.name and files_of(built, before) == files
    kept = [path for path in files if path.suffix == ".store" and (built / FOLDER / after.name / path).exists()]
    assert kept and all((built / FOLDER / before.name / path).samefile(built / FOLDER / after.name / path) for path in kept)


@pytest.mark.slow
def test_readers_follow_while_others_ask(built, news):
    reader, wrong, done = LexicalIndex(built), [], threading.Event()
    known = {reader.revision: reader.sizes["ar"]}

    def ask() -> None:
        while not done.is_set():
            seen = reader.revision
            found = len(reader.search(grams_of("قمة"), "ar", 100))
            if reader.revision == seen and known.get(seen, found) != found:
                wrong.append((seen, found))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(2, 8):
        write_articles(news, {f"{number}.txt": f"قمة جديدة\nحضر {number} وزيرا قمة الرياض."})
        build_index(built, [news], TinyEmbedder(), BuildOptions(), Quiet(), embed=False)
        known[reader.revision] = reader.sizes["ar"]
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong and reader.sizes["ar"] == 7 == known[reader.revision]


@pytest.mark.crash
@pytest.mark.parametrize("harmed", ["meta.json", "*.idx", "*"])
@pytest.mark.parametrize("how", ["garbled", "gone"])
@pytest.mark.parametrize("language", ["ar", "fa"])
def test_damage_is_told_to_readers_and_mended_by_the_next_update(built, news, harmed, how, language):
    current = read_generation(built / FOLDER)
    assert current
    for file in (built / FOLDER / current.name / language).glob(harmed):
        if how == "gone":
            file.unlink()
        else:
            file.write_bytes(bytes(range(256)))
    with pytest.raises(KhabarError, match=r"are damaged.*; run khabar index --rebuild"):
        LexicalIndex(built)
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    build(built)
    assert size(built) == 4 and len(search(built, "77")) == 1


def test_an_index_that_lost_chunks_is_built_anew(built, news):
    catalog = Catalog(built / FILE_NAME)
    revision = catalog.revision
    catalog.close()
    switch_to(built / FOLDER, Generation("000001", revision, lexical.VERSION))
    index = lexical.tantivy.Index.open(str(built / FOLDER / "000001" / "ar"))
    writer = index.writer()
    writer.delete_documents_by_term("published", date(2025, 10, 21).toordinal())
    writer.commit()
    writer.wait_merging_threads()
    write_articles(news, {"new.txt": "قمة جديدة\nحضر 77 وزيرا قمة الرياض."})
    build(built)
    assert size(built) == 4


def test_a_lost_folder_is_built_anew(built):
    shutil.rmtree(built / FOLDER)
    build(built)
    assert size(built) == 3


def test_all_chunks_that_hold_the_grams_of_a_group(built):
    index, catalog = LexicalIndex(built), Catalog(built / FILE_NAME)
    groups = [frozenset(gram for _, gram in grams_of(word) if "_" not in gram) for word in ("بودابست", "بوداپست")]
    for language in LANGUAGES:
        held = index.holding(groups, language)
        texts = {chunk_id: fold(f"{chunk.title} {chunk.text}") for chunk_id, (chunk, _) in catalog.chunks(held).items()}
        assert held == sorted(held) and all("بودابست" in text for text in texts.values())
        everything = index.holding((), language)
        assert len(everything) == index.sizes[language] and set(held) <= set(everything)
        assert index.holding(groups, language, Filter(languages=frozenset(LANGUAGES) - {language})) == []
    assert index.holding(groups, "ar") and index.holding(groups, "fa")
    assert index.holding((), "ar", Filter(since=date(2100, 1, 1))) == []
    catalog.close()


def test_the_chunks_of_an_article_by_its_id(built):
    catalog = Catalog(built / FILE_NAME)
    for article in catalog.articles():
        chunks = catalog.chunks(catalog.chunk_ids_of(article.article_id))
        assert chunks and all(found == article for _, found in chunks.values())
    assert catalog.chunk_ids_of("none") == []
    catalog.close()


def test_a_folder_that_cannot_be_written_is_read_through_links(built, monkeypatch):
    before = LexicalIndex(built).search(grams_of("قمة بودابست"), "ar", 5)
    copy = shutil.copytree(built, built.parent / "copy", ignore=shutil.ignore_patterns("*.lock"))
    monkeypatch.setattr("index.lexical.os.access", lambda *_: False)
    reader = LexicalIndex(copy)
    assert reader.search(grams_of("قمة بودابست"), "ar", 5) == before != []
    assert not list(copy.rglob("*.lock")), "nothing is written there"
    monkeypatch.undo()
    assert LexicalIndex(copy).search(grams_of("قمة بودابست"), "ar", 5) == before and list(copy.rglob("*.lock"))
