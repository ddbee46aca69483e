import json
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import lexical
from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder
from index.embedding import embed_archive
from index.language import detect_language
from index.lexical import LexicalIndex
from index.progress import Silent
from index.text import squash
from index.types import EVERYTHING, LANGUAGES, Filter
from index.vectors import VectorIndex, update_vectors
from rag.archive import Archive
from rag.ask.question import QuestionError, read_question
from rag.retrieve.retriever import PARTS, Retriever, fuse
from rag.text.glossary import Glossary, parse_glossary
from tests.rag.scripted import LetterEmbedder, ScriptedEmbedder, ScriptedReranker, Stores, names_of, stores_of

pytestmark = pytest.mark.slow

# Laws of words and meaning together

# In thousandths of a share, and hundredths of a spread: what differs less does not matter.
SHARE = st.integers(0, 2000).map(lambda thousandths: thousandths / 1000)
NEAR = st.integers(-6000, 6000).map(lambda hundredths: hundredths / 100)
SHARES = st.dictionaries(st.integers(0, 30), SHARE, max_size=12)
NEARNESS = st.dictionaries(st.integers(0, 30), NEAR, max_size=12)


def order_of(scores):
    """Return what is as good together, best first: the last digits of a float tell nothing."""
    by_score = {}
    for chunk, score in scores.items():
        by_score.setdefault(round(score, 6), set()).add(chunk)
    return [by_score[score] for score in sorted(by_score, reverse=True)]


@given(SHARES, NEARNESS)
def test_fusion_holds_each_chunk_once(by_words, nearness):
    assert fuse(by_words, nearness).keys() == by_words.keys() | nearness.keys()


@given(SHARES, NEARNESS.filter(bool), st.floats(0.001, 1), st.data())
def test_what_is_nearer_or_holds_more_of_the_words_scores_more(by_words, nearness, more, data):
    chunk = data.draw(st.sampled_from(sorted(nearness)))
    before = fuse(by_words, nearness)[chunk]
    assert fuse(by_words | {chunk: by_words.get(chunk, 0.0) + more}, nearness)[chunk] > before
    assert fuse(by_words, nearness | {chunk: nearness[chunk] + more})[chunk] > before


@given(SHARES, NEARNESS)
def test_what_is_better_in_words_and_in_meaning_is_better_in_both_together(by_words, nearness):
    fused = fuse(by_words, nearness)
    both = {chunk: (by_words.get(chunk, 0.0), nearness[chunk]) for chunk in nearness}
    for one, (words_of_one, meaning_of_one) in both.items():
        for other, (words_of_other, meaning_of_other) in both.items():
            if words_of_one >= words_of_other and meaning_of_one >= meaning_of_other:
                assert fused[one] >= fused[other] - 1e-9


@given(SHARES, NEARNESS)
def test_chunks_without_a_vector_keep_the_order_of_their_words(by_words, nearness):
    fused = fuse(by_words, nearness)
    bare = by_words.keys() - nearness.keys()
    assert order_of({chunk: fused[chunk] for chunk in bare}) == order_of({chunk: by_words[chunk] for chunk in bare})


@given(SHARES.filter(bool), NEARNESS, st.data())
def test_a_chunk_without_a_vector_is_neither_lifted_nor_sunk(by_words, nearness, data):
    """Its place is between what it would be as the nearest, and as the farthest, of those that words have found."""
    chunk = data.draw(st.sampled_from(sorted(by_words)))
    nearness = {known: near for known, near in nearness.items() if known != chunk}
    others = [nearness[known] for known in by_words if known in nearness]
    score = fuse(by_words, nearness)[chunk]
    if others:
        low, high = (fuse(by_words, nearness | {chunk: near})[chunk] for near in (min(others), max(others)))
        assert low - 1e-9 <= score <= high + 1e-9
        usual = sum(others) / len(others)
        assert score == pytest.approx(fuse(by_words, nearness | {chunk: usual})[chunk])
    else:  # and where no other has a vector, it is neither an average chunk nor one that is the very thing
        assert fuse(by_words, nearness | {chunk: 0.0})[chunk] < score < fuse(by_words, nearness | {chunk: 6.6})[chunk]


@pytest.mark.parametrize("nearness", [None, {}], ids=["no embedder", "nothing embedded yet"])
@given(by_words=SHARES)
def test_where_there_are_no_vectors_the_order_is_that_of_words(nearness, by_words):
    assert order_of(fuse(by_words, nearness)) == order_of(by_words)


@given(SHARES)
def test_where_no_meaning_is_asked_the_score_is_the_share_of_the_words(by_words):
    assert fuse(by_words, None) == by_words


@given(NEARNESS)
def test_where_no_word_is_met_the_order_is_that_of_meaning(nearness):
    assert order_of(fuse({}, nearness)) == order_of(nearness)


@given(SHARES, NEAR)
def test_a_meaning_that_tells_nothing_leaves_the_order_of_the_words(by_words, near):
    assert order_of(fuse(by_words, dict.fromkeys(by_words, near))) == order_of(by_words)


def test_meaning_does_not_bring_what_no_word_meets_before_what_every_word_meets():
    fused = fuse({1: 1.0, 2: 0.1}, {3: 9.0, 1: 0.0, 2: 0.0})
    assert order_of(fused) == [{1}, {3}, {2}]


# Real retrieval over seeds/: facts that stand in one article of each language.
ASKED = [
    ("هل ينصح روبيو بعقد القمة في الأسبوع التالي؟", "seeds/ar/2025-10-21-budapest-shelved.txt"),
    ("کدام کشور آسمان خود را به روی هواپیمای پوتین باز می‌کند؟", "seeds/fa/2025-10-21-poland-airspace.txt"),
    ("Who wrote on Facebook that leaks should be expected?", "seeds/en/2025-10-21-no-plans.txt"),
]
ACROSS = [
    ("آنا کلی درباره دیپلماسی چه گفت؟", "seeds/ar/2025-10-21-budapest-shelved.txt"),
    ("ماذا قال وزير خارجية بولندا سيكورسكي؟", "seeds/fa/2025-10-21-poland-airspace.txt"),
    ("ماذا كتب سيارتو على فيسبوك؟", "seeds/en/2025-10-21-no-plans.txt"),
    ("What did Sikorski of Poland warn about Putin's plane?", "seeds/fa/2025-10-21-poland-airspace.txt"),
]


def retrieved(archive: Archive, text, glossary, top_k=10, history=()):
    return archive.retriever.retrieve(read_question(text, history, glossary, 2000), top_k)


@pytest.mark.parametrize(("text", "path"), ASKED)
def test_the_article_that_knows_comes_first(archive, glossary, text, path):
    assert retrieved(archive, text, glossary)[0].article.path == path


@pytest.mark.parametrize(("text", "path"), ACROSS)
def test_an_article_in_another_language_is_found(archive, glossary, text, path):
    assert path in [passage.article.path for passage in retrieved(archive, text, glossary)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("آسمان هواپیمای پوتین", "آسمان هواپيماي پوتين"),
        ("رئیس‌جمهور روسیه", "رئيس‌جمهور روسيه"),
        ("قمة ألاسكا", "قِمّة ألاســكا"),
        ("مكالمة 12 فبراير", "مكالمة ١٢ فبراير"),
        ("تماس ۱۲ فوریه", "تماس 12 فوریه"),
    ],
)
def test_spelling_leaves_the_order_alone(archive, glossary, one, other):
    first, second = retrieved(archive, one, glossary), retrieved(archive, other, glossary)
    assert [passage.chunk.chunk_id for passage in first] == [passage.chunk.chunk_id for passage in second]


@pytest.mark.parametrize(("one", "other"), [("رئیس‌جمهور روسیه", "رئیس جمهور روسیه"), ("رئیس‌جمهور روسیه", "رئیسجمهور روسیه")])
def test_a_zwnj_finds_what_a_space_and_a_joined_word_find(archive, glossary, one, other):
    first, second = retrieved(archive, one, glossary), retrieved(archive, other, glossary)
    assert first[0].chunk.chunk_id == second[0].chunk.chunk_id


@pytest.mark.parametrize("text", [text for text, _ in ASKED + ACROSS])
def test_passages_are_ranked_scored_and_verbatim(archive, glossary, text):
    passages = retrieved(archive, text, glossary)
    assert [passage.rank for passage in passages] == list(range(1, len(passages) + 1))
    assert all(passage.score > 0 for passage in passages)
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)
    assert len({passage.chunk.chunk_id for passage in passages}) == len(passages)
    for passage in passages:
        chunk = passage.chunk
        assert passage.article.text[chunk.start : chunk.end] == chunk.text
        assert chunk.article_id == passage.article.article_id


@pytest.mark.parametrize("text", [text for text, _ in ASKED])
def test_the_order_is_the_same_every_time(archive, glossary, text):
    orders = {tuple(passage.chunk.chunk_id for passage in retrieved(archive, text, glossary)) for _ in range(3)}
    assert len(orders) == 1


@pytest.mark.parametrize("text", ["قمة بودابست", "نشست بوداپست", "the Budapest summit"])
def test_the_best_of_all_languages_are_as_many_as_were_asked_for(archive, glossary, text):
    everything = retrieved(archive, text, glossary, 100)
    assert {passage.chunk.language for passage in everything} == set(LANGUAGES)
    for top_k in (1, 2, 5, 10):
        assert retrieved(archive, text, glossary, top_k) == everything[:top_k]


@pytest.mark.parametrize("text", ["هل هو؟", "او کیست؟", "who is it?", "xqzwv", "١", "人民"])
def test_a_question_that_nothing_matches_is_no_error(archive, glossary, text):
    assert isinstance(retrieved(archive, text, glossary), list)


# A scripted embedder over a small archive: two English and two Arabic articles, none of which shares a word with the questions.
ARTICLES = [
    {"id": "harbour", "language": "en", "text": "The boats stay ashore while the gale lasts over the bay."},
    {"id": "market", "language": "en", "text": "Traders closed their stalls early on Monday afternoon here."},
    {"id": "mina", "language": "ar", "text": "بقيت القوارب على الشاطئ ما دامت العاصفة فوق الخليج."},
    {"id": "suq", "language": "ar", "text": "أغلق التجار دكاكينهم باكرا بعد ظهر الاثنين هنا."},
]


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    """An embedder of English that knows xqzwv for a gale, and would put the wrong Arabic article first, were it asked."""
    embedder = ScriptedEmbedder({"gale": 0, "xqzwv": 0, "التجار": 1, "عاصفة": 1}, ["en"])
    return stores_of(tmp_path_factory.mktemp("english"), ARTICLES, embedder).retriever(), embedder


def retrieved_by(retriever, text, glossary, *history):
    return retriever.retrieve(read_question(text, history, glossary, 2000), 8)


def test_dense_finds_what_shares_no_word(english, glossary):
    retriever, embedder = english
    found = retrieved_by(retriever, "xqzwv?", glossary)
    assert names_of(found) == ["harbour", "market"]
    assert embedder.queries[-1] == "xqzwv?"


def test_words_and_meaning_both_bring_what_they_find(english, glossary):
    retriever, _ = english
    for text, order in (("Traders xqzwv?", ["harbour", "market"]), ("Traders?", ["market", "harbour"])):
        found = retrieved_by(retriever, text, glossary)
        assert names_of(passage for passage in found if passage.chunk.language == "en") == order


def test_dense_never_ranks_a_language_that_the_embedder_does_not_serve(english, glossary):
    retriever, embedder = english
    assert embedder.passages and all(text.isascii() for text in embedder.passages)
    asked = len(embedder.queries)
    for text in ("هل من عاصفة فوق الخليج؟", "قوارب بر ساحل خلیج ماندند؟"):
        found = retrieved_by(retriever, text, glossary)
        assert names_of(passage for passage in found if passage.chunk.language == "ar")[0] == "mina"
    assert len(embedder.queries) == asked


def test_a_follow_up_is_embedded_with_what_it_takes_over(english, glossary):
    retriever, embedder = english
    retrieved_by(retriever, "Why?", glossary, "Did the crocodile swim to Riyadh?")
    assert embedder.queries[-1].startswith("Why?") and "crocodile" in embedder.queries[-1]


def test_an_embedder_of_three_languages_ranks_across_them(tmp_path, glossary):
    embedder = ScriptedEmbedder({"gale": 0, "العاصفة": 0, "ظظظظ": 0}, LANGUAGES)
    found = retrieved_by(stores_of(tmp_path, ARTICLES, embedder).retriever(), "ظظظظ چه شد؟", glossary)
    assert all(any(row["text"] in text for text in embedder.passages) for row in ARTICLES)
    for language, name in (("en", "harbour"), ("ar", "mina")):
        assert names_of(passage for passage in found if passage.chunk.language == language)[0] == name


def test_warming_up_loads_the_embedder_where_there_is_one(archive, english):
    archive.retriever.warm_up()
    retriever, embedder = english
    asked = len(embedder.queries)
    retriever.warm_up()
    assert len(embedder.queries) == asked + 1


# Several languages on one scale, under an embedder that finds whatever is in the question's own language nearer by a constant.

# Of each subject a sentence in each language, and a word that stands in questions alone.
SUBJECTS = {
    "ظظظظ": {"ar": "نفقت خلايا النحل بعد رش البساتين.", "fa": "کندوهای زنبور از بین رفتند.", "en": "The beehives have died."},
    "ذذذذ": {"ar": "جنحت العبارة قرب الجزيرة.", "fa": "کشتی نزدیک جزیره به گل نشست.", "en": "A ferry ran aground."},
    "ضضضض": {"ar": "أعادت المكتبة فتح قاعتها.", "fa": "کتابخانه تالارش را گشود.", "en": "The library reopened its hall."},
    "ثثثث": {"ar": "أضرب السائقون يومين.", "fa": "رانندگان دو روز کار نکردند.", "en": "Drivers walked out for two days."},
    "غغغغ": {"ar": "تساقطت الثلوج على القمم.", "fa": "بر قله‌ها برف بارید.", "en": "Snow fell on the summits."},
}
ASKED_IN = {"ar": "ماذا عن {} اليوم؟", "fa": "{} امروز چه شد؟", "en": "What became of {} today?"}
ACROSS_PAIRS = [(own, other) for own in LANGUAGES for other in LANGUAGES if own != other]


class HomesickEmbedder:
    """Texts of one subject are near each other, and any two in one language by so much more: `liking` tells how much."""

    name = "homesick"
    languages = frozenset(LANGUAGES)

    def __init__(self, liking):
        self._liking = liking

    def embed_query(self, text):
        vector = np.zeros(16, dtype=np.float32)
        vector[0] = 1.0
        vector[1 + LANGUAGES.index(detect_language(text))] = self._liking
        keys = [(asked, *told.values()) for asked, told in SUBJECTS.items()]
        vector[next((place for place, known in enumerate(keys, 4) if any(key in text for key in known)), 15)] = 0.4
        return vector / np.linalg.norm(vector)

    def embed_passages(self, texts):
        return np.stack([self.embed_query(text) for text in texts])


def rows_of(told=lambda subject, language: True):
    return [
        {"id": f"{language}-{subject}", "language": language, "text": text}
        for subject, texts in SUBJECTS.items()
        for language, text in texts.items()
        if told(subject, language)
    ]


def asked_of(stores, subject, language, **options):
    """Return what is found, without a glossary: subjects share no word with the questions about them."""
    question = read_question(ASKED_IN[language].format(subject), (), Glossary([]), 2000)
    assert question.language == language
    return stores.retriever(**options).retrieve(question, 10)


@pytest.fixture(scope="module", params=[0.0, 0.5, 1.0])
def liking(request):
    return request.param


@pytest.fixture(scope="module")
def all_told(tmp_path_factory, liking):
    return stores_of(tmp_path_factory.mktemp("told"), rows_of(), HomesickEmbedder(liking))


@pytest.mark.parametrize("own", LANGUAGES)
@pytest.mark.parametrize("subject", ["ظظظظ", "غغغغ"])
def test_of_equal_finds_the_one_in_the_readers_language_comes_first_and_the_others_before_all_else(all_told, own, subject):
    found = asked_of(all_told, subject, own)
    assert names_of(found)[0] == f"{own}-{subject}"
    assert set(names_of(found)[:3]) == {f"{language}-{subject}" for language in LANGUAGES}
    best, second, third, fourth = [passage.score for passage in found[:4]]
    assert best - second < 0.05 < third - fourth, "alike are the three, and the rest is far below"


@pytest.mark.parametrize(("own", "other"), ACROSS_PAIRS)
def test_what_answers_in_another_language_comes_before_what_does_not_in_the_readers_own(tmp_path, liking, own, other):
    rows = rows_of(lambda subject, language: subject != "ظظظظ" or language == other)
    found = asked_of(stores_of(tmp_path, rows, HomesickEmbedder(liking)), "ظظظظ", own)
    assert names_of(found)[0] == f"{other}-ظظظظ"


def test_scores_of_one_subject_hardly_depend_on_how_much_the_embedder_likes_its_own_language(tmp_path):
    scores = []
    for liking in (0.0, 1.0):
        # What a vector of length 1 leaves to the subject is less where more of it is liking: hence shares of the best.
        found = asked_of(stores_of(tmp_path / str(liking), rows_of(), HomesickEmbedder(liking)), "ضضضض", "fa")
        scores.append({name: passage.score / found[0].score for name, passage in zip(names_of(found), found, strict=True)})
    common = scores[0].keys() & scores[1].keys()
    assert {f"{language}-ضضضض" for language in LANGUAGES} <= common
    assert {name: scores[0][name] for name in common} == pytest.approx({name: scores[1][name] for name in common}, abs=0.15)


# The embedded encoder: a few articles of our own, and questions that hardly share a word with them in any language

TOLD = {
    "bees": {
        "ar": "نفقت آلاف خلايا النحل في الجنوب بعد أن رُشَّت البساتين بمبيد جديد، وطالب المربون بتعويضات.",
        "fa": "هزاران کندوی زنبور عسل در جنوب پس از سم‌پاشی باغ‌ها از بین رفت و کندوداران غرامت خواستند.",
        "en": "Thousands of beehives died in the south after orchards were sprayed, and keepers demand compensation.",
    },
    "ferry": {
        "ar": "جنحت عبّارة تقل ٢٠٠ راكب قرب الجزيرة، وأجلى خفر السواحل الجميع سالمين قبل الفجر.",
        "fa": "کشتی مسافربری با ۲۰۰ سرنشین نزدیک جزیره به گل نشست و گارد ساحلی همه را پیش از سپیده‌دم نجات داد.",
        "en": "A ferry with two hundred people aboard ran aground near the island; the coast guard took everybody off by dawn.",
    },
    "library": {
        "ar": "أعادت المكتبة الوطنية فتح قاعة المخطوطات بعد ترميم استمر ستة أعوام.",
        "fa": "کتابخانه ملی تالار نسخه‌های خطی را پس از شش سال مرمت دوباره گشود.",
        "en": "The national library has reopened its hall of manuscripts after six years of repairs.",
    },
    "strike": {
        "ar": "أضرب سائقو الحافلات في العاصمة يومين احتجاجا على تأخر رواتبهم.",
        "fa": "رانندگان اتوبوس پایتخت در اعتراض به عقب‌افتادن دستمزدها دو روز دست از کار کشیدند.",
        "en": "Bus drivers in the capital walked out for two days because their wages were late.",
    },
}
ASKED_IN_OTHER_WORDS = [
    ("bees", "ما الذي قتل الحشرات التي تصنع العسل؟"),
    ("bees", "چرا حشره‌های عسل‌ساز تلف شدند؟"),
    ("bees", "What killed the insects that make honey?"),
    ("ferry", "هل أُنقذ كل من كان على متن السفينة؟"),
    ("ferry", "مسافران شناور چگونه از دريا بيرون آورده شدند؟"),
    ("ferry", "Was everyone on the grounded ship rescued?"),
    ("library", "متى يستطيع القُرّاء رؤية الكتب القديمة من جديد؟"),
    ("library", "از کی می‌شود کتاب‌های کهن را دوباره دید؟"),
    ("library", "Where can old books be seen again?"),
    ("strike", "لماذا توقف النقل العام؟"),
    ("strike", "چرا حمل‌ونقل عمومی شهر خوابید؟"),
    ("strike", "Why did public transport stop?"),
]


def told_in(languages_of):
    """Return articles: of each matter in the languages that it is told in."""
    return [
        {"id": f"{language}-{matter}", "language": language, "text": texts[language]}
        for matter, texts in TOLD.items()
        for language in languages_of(matter)
    ]


@pytest.fixture(scope="module")
def told(tmp_path_factory, encoder):
    return stores_of(tmp_path_factory.mktemp("encoded"), told_in(lambda matter: LANGUAGES), encoder)


@pytest.mark.parametrize(("matter", "text"), ASKED_IN_OTHER_WORDS)
def test_in_other_words_and_another_language_the_right_article_comes_first(told, matter, text):
    found = names_of(told.retriever().retrieve(read_question(text, (), Glossary([]), 2000), 20))
    assert found[0].endswith(matter)
    for language in LANGUAGES:
        assert next(name for name in found if name.startswith(language)) == f"{language}-{matter}"


@pytest.mark.parametrize("home", LANGUAGES)
def test_the_only_article_of_a_language_is_found_where_it_answers(tmp_path, encoder, home):
    """A language's only article is its average, too, were there no ordinary sentences beside it."""
    others = [language for language in LANGUAGES if language != home]
    stores = stores_of(tmp_path, told_in(lambda matter: [home] if matter == "library" else others), encoder)
    for matter, text in ASKED_IN_OTHER_WORDS:
        question = read_question(text, (), Glossary([]), 2000)
        found = names_of(stores.retriever().retrieve(question, 20))
        if matter == "library":
            assert question.language == home or found[0] == f"{home}-library"
        else:
            assert found[0].endswith(matter)


@pytest.mark.parametrize("name", ["two scripts in one word", "bidi overrides", "lone surrogates", "other scripts", "ligatures"])
def test_a_question_of_odd_characters_is_embedded_like_any_other(told, name):
    assert len(told.retriever().retrieve(read_question(BAD[name], (), Glossary([]), 2000), 10)) == 10


# While an archive is being embedded


def opened(data, embedder):
    return Stores(Catalog(data / FILE_NAME), LexicalIndex(data), VectorIndex(data, embedder), embedder)


def partly_embedded(folder, rows, embedder, *strides, in_use=None):
    """Index articles, and embed in several strides those whose ids each of the conditions takes.

    The first `in_use` strides are brought into the vectors that are searched, as those of `khabar index` are now and then.
    """
    stores_of(folder, rows).catalog.close()
    data = folder / "data"
    catalog = Catalog(data / FILE_NAME, writable=True)
    for number, wanted in enumerate(strides, 1):
        chunks = [chunk for chunk in catalog.chunks_since(0) if wanted(catalog.article(chunk.article_id).path.split("#")[1])]
        texts = dict(catalog.embeddings.texts_to_embed([chunk.chunk_id for chunk in chunks]))
        if texts:
            catalog.embeddings.add(embedder.name, list(texts), embedder.embed_passages(list(texts.values())))
        if in_use is None or number <= in_use:
            update_vectors(catalog, data, embedder, False, lambda _: None)
    catalog.close()
    return opened(data, embedder)


PARKING = [
    {"id": f"ar-{number}", "language": "ar", "text": f"رفعت البلدية رسوم مواقف السيارات في الشارع رقم {number} بنسبة العُشر."}
    for number in range(12)
]
PARKING += [{"id": "ar-answers", "language": "ar", "text": "ألغت البلدية رسوم مواقف السيارات قرب المستشفى بعد شكاوى المرضى."}]


@pytest.mark.parametrize("embedded", ["even", "odd", "answers", "others", "none", "all"])
def test_words_find_what_has_no_vector_yet_in_its_place(tmp_path, glossary, embedded):
    wanted = {
        "even": lambda name: name[-1] in "02468",
        "odd": lambda name: name[-1] in "13579",
        "answers": lambda name: name == "ar-answers",
        "others": lambda name: name != "ar-answers",
        "none": lambda name: False,
        "all": lambda name: True,
    }[embedded]
    stores = partly_embedded(tmp_path, PARKING, LetterEmbedder(), wanted)
    for text in ("لماذا ألغيت رسوم المواقف قرب المستشفى؟", "رسوم مَواقِف المستشفى"):
        question = read_question(text, (), glossary, 2000)
        found = stores.retriever().retrieve(question, 100)
        assert names_of(found)[0] == "ar-answers"
        assert sorted(names_of(found)) == sorted(row["id"] for row in PARKING), "whatever words find is there"


def test_meaning_finds_among_the_half_that_is_embedded(tmp_path):
    for half in (0, 1):
        names = [row["id"] for row in rows_of()][half::2]
        stores = partly_embedded(tmp_path / str(half), rows_of(), HomesickEmbedder(0.5), names.__contains__)
        for subject in SUBJECTS:
            of_it = {f"{language}-{subject}" for language in LANGUAGES} & set(names)
            found = names_of(asked_of(stores, subject, "fa", parts=frozenset({"dense"})))
            assert set(found) == set(names)
            assert set(found[: len(of_it)]) == of_it


def test_a_language_without_vectors_yet_stands_between_its_average_and_what_answers(tmp_path):
    """What an article scores where every text is as near as any, where its language has no vectors, and where it has."""
    question = read_question("کشتی نزدیک جزیره به گل نشست ذذذذ", (), Glossary([]), 2000)

    def score(stores):
        found = stores.retriever().retrieve(question, 10)
        return next(passage.score for passage in found if names_of([passage]) == ["fa-ذذذذ"])

    average = stores_of(tmp_path / "average", rows_of(), ScriptedEmbedder({}, LANGUAGES))
    others = partly_embedded(tmp_path / "others", rows_of(), HomesickEmbedder(0.5), lambda name: not name.startswith("fa"))
    whole = stores_of(tmp_path / "whole", rows_of(), HomesickEmbedder(0.5))
    assert score(average) < score(others) < score(whole)


@pytest.mark.parametrize("within", [EVERYTHING, Filter(since=date(2025, 1, 1))], ids=["everything", "a span"])
def test_vectors_that_are_not_in_use_yet_lift_no_language(tmp_path, within):
    """A cosine alone, without the language's average, would outdo whatever words find."""
    rows = [row | {"published": "2025-10-21"} for row in NEWS]
    persian, arabic = (lambda name: name.startswith("fa")), (lambda name: name.startswith("ar"))
    none_in_use = partly_embedded(tmp_path / "none", rows, LetterEmbedder(), persian, in_use=0)
    arabic_in_use = partly_embedded(tmp_path / "one", rows, LetterEmbedder(), arabic, persian, in_use=1)
    arabic_alone = partly_embedded(tmp_path / "alone", rows, LetterEmbedder(), arabic)
    for text in ("بهای گندم", "متى وصل ترامب؟", "سيكورسكي", "What did Lavrov reject?"):
        question = read_question(text, (), Glossary([]), 2000)
        by_words = none_in_use.retriever(parts=PARTS - {"dense"}).retrieve(question, 10, within)
        assert names_of(none_in_use.retriever().retrieve(question, 10, within)) == names_of(by_words)
        some = arabic_in_use.retriever().retrieve(question, 10, within)
        assert [(names_of([one]), one.score) for one in some] == [
            (names_of([one]), one.score) for one in arabic_alone.retriever().retrieve(question, 10, within)
        ]


# While articles are being replaced: the catalog has the new version, the words not yet, the vectors last of all


def replace_articles(folder, rows):
    """Bring a new version of the articles into the catalog, and no further."""
    (folder / "news" / "a.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical, "update_lexical", lambda *_: None)
        build_index(folder / "data", [folder / "news"], NoEmbedder(), BuildOptions(), Silent(), embed=False)


def reach_words(folder):
    """Bring what the catalog has into the words, and no further."""
    catalog = Catalog(folder / "data" / FILE_NAME, writable=True)
    lexical.update_lexical(catalog, folder / "data", False, lambda _: None)
    catalog.close()


OLD = {"id": "changed", "language": "ar", "outlet": "الرواق", "text": "قال الوزير إن الجسر يفتح في الربيع. وكلفته ٩٠ مليونا."}
NEW = {"id": "changed", "language": "ar", "outlet": "الميناء", "text": "قال الوزير إن الجسر تصدّع وأغلق. ولا موعد لفتحه."}


def test_an_article_that_is_being_replaced_is_found_and_shown_as_it_was_and_then_as_it_is(tmp_path, glossary):
    embedder = LetterEmbedder()
    stores_of(tmp_path, [OLD, *NEWS], embedder).catalog.close()
    replace_articles(tmp_path, [NEW, *NEWS])
    stores = opened(tmp_path / "data", embedder)
    assert stores.catalog.revision > stores.lexical.revision
    asked = ["متى يفتح الجسر وكم كلفته؟", "هل تصدع الجسر؟"]

    def versions(outlet=None):
        within = Filter(outlets=frozenset({outlet})) if outlet else EVERYTHING
        shown = []
        for text in asked:
            found = stores.retriever().retrieve(read_question(text, (), glossary, 2000), 100, within)
            changed = [passage for passage in found if names_of([passage]) == ["changed"]]
            for passage in changed:
                assert passage.article.text[passage.chunk.start : passage.chunk.end] == passage.chunk.text
                assert passage.article.outlet == passage.chunk.outlet
                assert stores.catalog.article(passage.article.article_id, stores.lexical.revision) == passage.article
            shown.append([passage.article.text for passage in changed])
        return shown

    assert versions() == [[OLD["text"]], [OLD["text"]]]
    assert versions(OLD["outlet"]) == [[OLD["text"]], [OLD["text"]]] and versions(NEW["outlet"]) == [[], []]
    reach_words(tmp_path)  # the vectors are still the old ones
    assert versions() == [[NEW["text"]], [NEW["text"]]]
    assert versions(OLD["outlet"]) == [[], []] and versions(NEW["outlet"]) == [[NEW["text"]], [NEW["text"]]]
    embed_archive(tmp_path / "data", embedder, Silent())
    assert versions() == [[NEW["text"]], [NEW["text"]]]


@pytest.mark.parametrize("chroma", ["open", "closed"])
@pytest.mark.parametrize(
    ("change", "by_meaning"),
    # What meaning alone finds before the vectors are renewed: among Chroma's chunks, and among the catalog's.
    [("another outlet", (0, 10)), ("another text", (0, 0)), ("removed", (10, 10))],
)
def test_what_only_old_or_only_new_vectors_know_takes_no_place(tmp_path, glossary, change, by_meaning, chroma):
    """Of as many passages as were asked for, none is lost to chunks that are not there, or not there yet."""
    embedder = LetterEmbedder()
    texts = [f"انعقدت قمة التمساح رقم {number} في الميناء." for number in range(40)]
    rows = [{"id": f"ar-{n}", "language": "ar", "outlet": "الرواق", "text": text} for n, text in enumerate(texts)]
    stores_of(tmp_path, rows, embedder).catalog.close()
    changed = {
        "another outlet": [row | {"outlet": "الميناء"} for row in rows],
        "another text": [row | {"text": row["text"].replace("انعقدت", "أُرجئت")} for row in rows],
        "removed": rows[15:25],
    }[change]
    replace_articles(tmp_path, changed)
    stores = opened(tmp_path / "data", embedder)
    if chroma == "open":
        stores.retriever().warm_up()
    question = read_question("قمة التمساح في الميناء", (), glossary, 2000)
    filters = (EVERYTHING, Filter(outlets=frozenset({"الرواق", "الميناء"})))

    def found(within, **options):
        return stores.retriever(**options).retrieve(question, 10, within)

    for within in filters:
        for passages in (found(within), found(within, parts=frozenset({"dense"}))):
            assert len(passages) == 10 and {passage.article.outlet for passage in passages} == {"الرواق"}
            assert [passage.rank for passage in passages] == list(range(1, 11))
    reach_words(tmp_path)
    for within, count in zip(filters, by_meaning if chroma == "open" else by_meaning[1:] * 2, strict=True):
        assert [len(found(within)), len(found(within, parts=frozenset({"dense"})))] == [10, count]
        assert {passage.article.text for passage in found(within)} <= {row["text"] for row in changed}
    embed_archive(tmp_path / "data", embedder, Silent())
    for within in filters:
        assert len(found(within)) == len(found(within, parts=frozenset({"dense"}))) == 10


# An archive of short articles in three languages: every question below has one that answers it, among others that do not.

NEWS = [
    {"id": "ar-trump", "language": "ar", "text": "وصل ترامب إلى أنكوريج صباح الجمعة على متن طائرته الرئاسية."},
    {"id": "ar-putin", "language": "ar", "text": "وصف بوتين المحادثات بأنها بناءة ومفيدة للطرفين."},
    {"id": "ar-nato", "language": "ar", "text": "نشر الناتو أربع كتائب جديدة على حدوده الشرقية."},
    {"id": "ar-alliance", "language": "ar", "text": "بحث حلف شمال الأطلسي ميزانية الدفاع للعام المقبل."},
    {"id": "ar-february", "language": "ar", "text": "جرت المكالمة الهاتفية في ١٢ شباط ٢٠٢٥ ودامت تسعين دقيقة."},
    {"id": "ar-lavrov", "language": "ar", "text": "رفض لافروف وقف القتال قبل توقيع اتفاق شامل."},
    {"id": "ar-sikorski", "language": "ar", "text": "حذر سيكورسكي من عبور الطائرة أجواء بلاده."},
    {"id": "ar-wheat", "language": "ar", "text": "ارتفعت أسعار القمح في الأسواق العالمية للشهر الثالث."},
    {"id": "ar-school", "language": "ar", "text": "عاد التلاميذ إلى مدارسهم بعد عطلة طويلة في الجبال."},
    {"id": "ar-rain", "language": "ar", "text": "أغرقت الأمطار الغزيرة شوارع المدينة الساحلية ليلا."},
    {"id": "fa-meeting", "language": "fa", "text": "کاخ سفید اعلام کرد که نشست بوداپست برگزار نمی‌شود."},
    {"id": "fa-talks", "language": "fa", "text": "گفت‌وگوی تلفنی دو طرف درباره آتش‌بس نود دقیقه ادامه داشت."},
    {"id": "fa-president", "language": "fa", "text": "رئیس‌جمهور فنلاند از طرح تازه استقبال کرد."},
    {"id": "fa-year", "language": "fa", "text": "کارخانه خودروسازی در سال ۲۰۲۵ سه هزار کارگر گرفت."},
    {"id": "fa-witkoff", "language": "fa", "text": "ویتکاف شب دیروقت به فرودگاه مسکو رسید."},
    {"id": "fa-sikorski", "language": "fa", "text": "سیکورسکی گفت لهستان آسمان خود را می‌بندد."},
    {"id": "fa-wheat", "language": "fa", "text": "بهای گندم در بازار جهانی برای سومین ماه بالا رفت."},
    {"id": "fa-school", "language": "fa", "text": "دانش‌آموزان پس از تعطیلات بلند به مدرسه بازگشتند."},
    {"id": "fa-rain", "language": "fa", "text": "باران سنگین خیابان‌های شهر ساحلی را شبانه پر کرد."},
    {"id": "en-lavrov", "language": "en", "text": "Lavrov rejected a pause in the fighting without a full treaty."},
    {"id": "en-witkoff", "language": "en", "text": "Witkoff landed at the airport of the capital late at night."},
    {"id": "en-factory", "language": "en", "text": "The carmaker hired three thousand workers in 2025."},
    {"id": "en-wheat", "language": "en", "text": "Wheat prices rose on world markets for the third month."},
    {"id": "en-school", "language": "en", "text": "Pupils went back to school after a long holiday in the hills."},
    {"id": "en-rain", "language": "en", "text": "Heavy rain flooded the streets of the seaside town at night."},
]


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    return stores_of(tmp_path_factory.mktemp("news"), NEWS)


def found_in(stores, text, glossary, language=None, **options):
    """Return the names of what is found, in one language or in all."""
    passages = stores.retriever(**options).retrieve(read_question(text, (), glossary, 2000), 8)
    return names_of(passage for passage in passages if language in (None, passage.chunk.language))


@pytest.mark.parametrize(
    ("spellings", "language", "name"),
    [
        (["متى وصل ترامب؟", "متى وصل تارمب؟", "متى وصل ترمب؟", "متى وصل ترامپ؟",
         "متى وصل تِرَامب", "متى وصل تـــرامب"], "ar", "ar-trump"),
        (["بماذا وصف بوتين المحادثات؟", "بماذا وصف بوتن المحادثات؟", "بماذا وصف بوتیـن المحادثات؟"], "ar", "ar-putin"),
        (["بوتين", "بوتن", "بوتين؟!", "پوتین", "پوتين", "بُوتِينُ", "بوتـــين", "لبوتين", "وبوتين"], "ar", "ar-putin"),
        (["ميزانية حلف الأطلسي", "ميزانيه حلف الاطلسي", "ميزانية حلف الأطلسى", "مِيزانيّة حِلف الأطلسيّ"], "ar", "ar-alliance"),
        (["مكالمة 12 شباط 2025", "مكالمة ١٢ شباط ٢٠٢٥", "مکالمه ۱۲ شباط ۲۰۲۵", "مكالمة 12 فبراير 2025"], "ar", "ar-february"),
        (["قال سيكورسكي", "قال سیکورسکی", "قال سيكورسكى", "قال سيكروسكي"], "ar", "ar-sikorski"),
        (["برگزار نمی‌شود", "برگزار نمی شود", "برگزار نمیشود", "برگزار نمي‌شود", "نشست برگزار نميشود؟"], "fa", "fa-meeting"),
        (["گفت‌وگوی تلفنی", "گفت وگوی تلفنی", "گفتوگوی تلفنی", "گفتگوی تلفنی",
         "گفت‌و‌گوی تلفنی", "كفت‌وكوي تلفني"], "fa", "fa-talks"),
        (["آتش‌بس", "آتش بس", "آتشبس", "اتش بس", "آتش\u00a0بس", "آتِش‌بَس"], "fa", "fa-talks"),
        (["رئیس‌جمهور فنلاند", "رئیس جمهور فنلاند", "رئیسجمهور فنلاند", "رئيس جمهور فنلاند",
         "رییس‌جمهور فنلاند"], "fa", "fa-president"),
        (["خودروسازی در سال ۲۰۲۵", "خودروسازی در سال ٢٠٢٥",
         "خودروسازی در سال 2025", "خودرو سازی در سال ２０２５"], "fa", "fa-year"),
        (["۲۰۲۵", "٢٠٢٥", "2025", "سال ۲۰۲۵", "در سال 2025 چه شد؟"], "fa", "fa-year"),
        (["Lavrov", "LAVROV", "Lavrow", "Lawrov", "Lavrov's", "lavrov\u200f"], "en", "en-lavrov"),
        (["when did Witkoff land", "when did Wittkoff land", "When did WITKOFF land?"], "en", "en-witkoff"),
    ],
)  # fmt: skip
def test_every_spelling_and_common_slip_finds_the_article(news, glossary, spellings, language, name):
    assert {spelling: found_in(news, spelling, glossary, language)[:1] for spelling in spellings} == dict.fromkeys(
        spellings, [name]
    )


@pytest.mark.parametrize(
    ("language", "text", "name", "others"),
    [
        ("ar", "متى وصل تارمب؟", "وصل ترامب إلى أنكوريج صباح الجمعة على متن طائرة كبيرة.", "وصل الوفد."),
        ("fa", "تارمپ کی امضا کرد؟", "ترامپ پیمان را در کاخی کنار رود و در حضور همه امضا کرد.", "وزیر امضا کرد."),
        ("en", "When did Turmp sign?", "Trump agreed to sign the paper in a palace beside the river at noon.", "They sign."),
    ],
)
def test_a_misspelt_name_weighs_as_a_name(tmp_path, language, text, name, others):
    rows = [{"id": "name", "language": language, "text": name}]
    rows += [{"id": f"other{number}", "language": language, "text": others} for number in range(3)]
    stores = stores_of(tmp_path, rows)
    assert found_in(stores, text, Glossary([]), language)[0] == "name"
    assert found_in(stores, text, Glossary([]), language, parts=PARTS - {"skeletons"})[0] != "name"


SYNONYMS = "organisation\tnato\tحلف شمال الأطلسي | الناتو\tناتو | پیمان آتلانتیک شمالی\n"


@pytest.mark.parametrize("terms", ["embedded", "small"])
@pytest.mark.parametrize(
    ("text", "order"),
    [("ماذا عن الناتو؟", ["ar-nato", "ar-alliance"]), ("ماذا عن حلف شمال الأطلسي؟", ["ar-alliance", "ar-nato"])],
)
def test_synonyms_find_each_other_and_the_wording_asked_comes_first(news, glossary, terms, text, order):
    known = glossary if terms == "embedded" else Glossary(parse_glossary(SYNONYMS, "x"))
    assert found_in(news, text, known, "ar")[:2] == order
    assert order[1] not in found_in(news, text, known, "ar", parts=PARTS - {"glossary"})[:2]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ماذا رفض لافروف؟", {"en-lavrov"}),
        ("لاوروف چه گفت؟", {"ar-lavrov", "en-lavrov"}),
        ("What did Lavrov reject?", {"ar-lavrov"}),
        ("When did Witkoff land?", {"fa-witkoff"}),
        ("متى وصل ويتكوف؟", {"fa-witkoff", "en-witkoff"}),
        ("Sikorski", {"ar-sikorski", "fa-sikorski"}),
        ("سيكورسكي", {"fa-sikorski"}),
    ],
)
def test_a_name_is_found_in_other_languages_and_scripts_without_a_glossary(news, text, names):
    found = found_in(news, text, Glossary([]))
    assert names <= set(found[:6]), found
    first = {name[:2]: name for name in reversed(found)}
    assert names <= set(first.values()), "each is the first of its language"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("أسعار القمح", {"fa-wheat", "en-wheat"}),
        ("بهای گندم", {"ar-wheat", "en-wheat"}),
        ("price of wheat", {"ar-wheat", "fa-wheat"}),
    ],
)
def test_the_glossary_finds_what_is_written_in_other_words(news, glossary, text, names):
    assert names <= set(found_in(news, text, glossary))
    assert not names & set(found_in(news, text, glossary, parts=PARTS - {"glossary"})) - {"ar-wheat", "fa-wheat"}


# Parts


def test_the_parts_are_what_a_query_is_made_of():
    assert sorted(PARTS) == ["dense", "glossary", "grams", "opening", "skeletons", "stems"]


def test_without_dense_no_embedder_is_asked(tmp_path, glossary):
    embedder = ScriptedEmbedder({"gale": 0, "xqzwv": 0}, LANGUAGES)
    stores = stores_of(tmp_path, ARTICLES, embedder)
    assert found_in(stores, "xqzwv?", glossary) != [] and embedder.queries
    embedder.queries.clear()
    assert found_in(stores, "xqzwv?", glossary, parts=PARTS - {"dense"}) == [] and not embedder.queries
    assert found_in(stores, "xqzwv? gale", glossary, parts=frozenset({"dense"}))[0] == "harbour"


@pytest.mark.parametrize("text", ["ماذا عن الناتو؟", "گفتوگوی تلفنی", "Lavrov in 2025", "تارمب"])
def test_no_part_finds_nothing_and_each_part_alone_some_of_all(news, glossary, text):
    assert (
        found_in(news, text, glossary, parts=frozenset()) == [] == found_in(news, text, glossary, parts=frozenset({"glossary"}))
    )
    everything = news.retriever().retrieve(read_question(text, (), glossary, 2000), 100)
    for part in PARTS - {"glossary", "dense"}:
        alone = news.retriever(parts=frozenset({part})).retrieve(read_question(text, (), glossary, 2000), 100)
        assert set(names_of(alone)) <= set(names_of(everything)), part


def test_a_definition_prefers_the_passage_that_opens_with_its_subject(tmp_path, glossary):
    rows = [
        {"language": "ar", "id": "defines", "text": "التمساح زاحف كبير يعيش في الأنهار الدافئة ويصيد ليلا عند الضفاف."},
        {"language": "ar", "id": "mentions", "text": "قال الصياد إنه رأى في النهر الدافئ صباح اليوم التمساح الكبير يصيد."},
        {"language": "fa", "id": "nennt", "text": "تمساح خزنده‌ای بزرگ است که در رودهای گرم زندگی می‌کند و شب شکار می‌کند."},
        {"language": "fa", "id": "erwähnt", "text": "ماهیگیر گفت امروز صبح در رود گرم و بزرگ کنار روستا تمساح دیده است."},
    ]
    stores = stores_of(tmp_path, rows)
    assert found_in(stores, "ما هو التمساح؟", glossary, "ar") == ["defines", "mentions"]
    assert found_in(stores, "تمساح چیست؟", glossary, "fa") == ["nennt", "erwähnt"]
    question = read_question("ما هو التمساح؟", (), glossary, 2000)
    gaps = []
    for parts in (PARTS, PARTS - {"opening"}):
        first, second = stores.retriever(parts=parts).retrieve(question, 8)[:2]
        gaps.append(first.score / second.score if names_of([first]) == ["defines"] else second.score / first.score)
    assert gaps[0] > gaps[1]


# The newest first, where it is asked for

STORY = {
    "ar": "قال المتحدث إن مفاوضات التمساح في ميناء الخروبة {} بعد أيام من الانتظار.",
    "fa": "سخنگو گفت مذاکرات تمساح در بندر خرنوب پس از چند روز انتظار {}.",
    "en": "The spokesman said that the crocodile talks in the harbour of Carob {} after days of waiting.",
}
TURNS = {
    "ar": ["بدأت مفاوضات التمساح الأولى", "توقفت", "استؤنفت"],
    "fa": ["مذاکرات نخست تمساح آغاز شد", "متوقف ماند", "از سر گرفته شد"],
    "en": ["began as the first crocodile talks", "stalled", "resumed"],
}
OF_THE_STORY = {
    "ar": ("ما آخر أخبار مفاوضات التمساح؟", "ماذا عن مفاوضات التمساح؟"),
    "fa": ("آخرین خبر مذاکرات تمساح چیست؟", "مذاکرات تمساح چه شد؟"),
    "en": ("What is the latest on the crocodile talks?", "What about the crocodile talks?"),
}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """In each language the oldest report is the one that a question meets best, and an undated one meets it as well."""
    rows = [
        {
            "id": f"{language}-{number}",
            "language": language,
            "text": STORY[language].format(turn),
            "published": date(2025, 3, 1) + timedelta(days=60 * number),
        }
        for language, turns in TURNS.items()
        for number, turn in enumerate(turns)
    ]
    undated = [
        {"id": f"{language}-undated", "language": language, "text": STORY[language].format(TURNS[language][0])}
        for language in TURNS
    ]
    return stores_of(tmp_path_factory.mktemp("story"), [*rows, *undated])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_newest_comes_first_where_the_latest_is_asked_for(story, glossary, language):
    latest, _ = OF_THE_STORY[language]
    without = found_in(story, latest, glossary, language)
    assert set(without[:2]) == {f"{language}-0", f"{language}-undated"}, "the oldest meets the question best"
    assert found_in(story, latest, glossary, language, recency=0.9) == [
        f"{language}-2",
        f"{language}-1",
        f"{language}-0",
        f"{language}-undated",
    ]


@pytest.mark.parametrize("recency", [0.3, 0.9, 1.0])
@pytest.mark.parametrize("language", LANGUAGES)
def test_recency_leaves_other_questions_alone(story, glossary, language, recency):
    question = read_question(OF_THE_STORY[language][1], (), glossary, 2000)
    assert story.retriever(recency=recency).retrieve(question, 8) == story.retriever().retrieve(question, 8)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("recency", [0.0, 0.1, 0.5, 1.0])
def test_an_old_passage_loses_at_most_the_share_and_the_newest_nothing(story, glossary, language, recency):
    question = read_question(OF_THE_STORY[language][0], (), glossary, 2000)
    before = {found.chunk.chunk_id: found for found in story.retriever(recency=0.0).retrieve(question, 50)}
    assert len(before) >= 4
    for found in story.retriever(recency=recency).retrieve(question, 50):
        plain = before[found.chunk.chunk_id].score
        assert (1 - recency) * plain - 1e-3 <= found.score <= plain + 1e-3
        if found.chunk.published is None:
            assert found.score == pytest.approx((1 - recency) * plain, abs=1e-3)
        if found.article.path.endswith("-2"):
            assert found.score == pytest.approx(plain, abs=1e-3)


@pytest.mark.parametrize(("own", "other"), ACROSS_PAIRS)
def test_the_newest_is_that_of_all_languages(tmp_path, glossary, own, other):
    """The only report in the reader's own language is a year old: it is no news beside a new one in another."""
    rows = [
        {"id": own, "language": own, "published": "2024-03-01", "text": STORY[own].format(TURNS[own][1])},
        {"id": other, "language": other, "published": "2025-03-01", "text": STORY[other].format(TURNS[other][1])},
    ]
    stores = stores_of(tmp_path, rows)
    latest, _ = OF_THE_STORY[own]
    assert found_in(stores, latest, glossary) == [own, other]
    assert found_in(stores, latest, glossary, recency=0.95) == [other, own]


def test_of_what_is_farther_than_the_average_the_older_loses_too(tmp_path):
    """Scores below 0, of which a share taken off must not be a gain."""
    near = SUBJECTS["ظظظظ"]["ar"]
    rows = [{"id": f"near-{n}", "language": "ar", "text": f"{n} {near}", "published": "2025-03-01"} for n in range(4)]
    rows += [
        {"id": f"far-{year}", "language": "ar", "text": "أضرب السائقون يومين.", "published": f"{year}-03-01"}
        for year in (2021, 2025, 2023)
    ]
    stores = stores_of(tmp_path, rows, HomesickEmbedder(0.5))
    question = read_question("ما آخر أخبار ظظظظ؟", (), Glossary([]), 2000)
    assert question.asks_latest
    found = stores.retriever(parts=frozenset({"dense"}), recency=0.9).retrieve(question, 10)
    assert names_of(found)[4:] == ["far-2025", "far-2023", "far-2021"]
    assert [passage.score for passage in found[4:]] == [0, 0, 0], "farther than the average is no score to weigh by"


def test_where_nothing_is_dated_the_latest_is_as_before(news, glossary):
    question = read_question("ما آخر أخبار الناتو؟", (), glossary, 2000)
    assert question.asks_latest
    assert news.retriever(recency=1.0).retrieve(question, 8) == news.retriever().retrieve(question, 8)


# A reranker


@pytest.mark.parametrize(
    ("served", "text", "called"),
    [
        (["ar"], "أسعار القمح", True),
        (["ar", "en"], "أسعار القمح", True),
        (["en"], "أسعار القمح", False),
        (["ar", "en"], "بهای گندم", False),
        ([], "price of wheat", False),
        (LANGUAGES, "price of wheat", True),
    ],
)
def test_a_reranker_is_asked_in_languages_that_it_serves_alone(news, glossary, served, text, called):
    reranker = ScriptedReranker({}, served)
    found_in(news, text, glossary, reranker=reranker)
    assert len(reranker.asked) == called
    for question, texts in reranker.asked:
        assert question == text
        by_text = {row["text"]: row["language"] for row in NEWS}
        assert texts and all(by_text[passage.split("\n", 1)[1]] in served for passage in texts)


def test_a_reranker_is_not_asked_where_nothing_was_found(news, glossary):
    reranker = ScriptedReranker({}, LANGUAGES)
    assert found_in(news, "ظظظظظ", Glossary([]), reranker=reranker, parts=frozenset({"grams"})) == [] and not reranker.asked


def test_a_reranker_orders_what_it_serves_and_leaves_the_others_in_their_places(news, glossary):
    question = read_question("وصل ترامب وبوتين إلى القمة، قال لافروف", (), glossary, 2000)
    before = news.retriever().retrieve(question, 8)
    reranker = ScriptedReranker({found.chunk.text: found.rank / 100 for found in before}, ["ar"])
    after = news.retriever(reranker).retrieve(question, 8)
    arabic = [found for found in before if found.chunk.language == "ar"]
    assert len(arabic) > 2 and len(arabic) < len(before)
    assert [found.chunk for found in after if found.chunk.language == "ar"] == [found.chunk for found in reversed(arabic)]
    for one, other in zip(before, after, strict=True):
        assert (one.chunk.language == "ar") == (other.chunk.language == "ar"), "places stay with their language"
        assert one.chunk.language == "ar" or one == other
    assert [found.rank for found in after] == list(range(1, len(after) + 1))
    scores = [found.score for found in after if found.chunk.language == "ar"]
    assert scores == sorted(scores, reverse=True) and scores[0] == pytest.approx(arabic[-1].rank / 100)


@pytest.mark.parametrize("text", ["وصل ترامب", "بهای گندم", "price of wheat", "2025"])
def test_a_reranker_that_tells_nothing_leaves_the_order(news, glossary, text):
    assert found_in(news, text, glossary, reranker=ScriptedReranker({}, LANGUAGES)) == found_in(news, text, glossary)


def test_a_reranker_reads_a_follow_up_with_what_it_leans_on(news, glossary):
    reranker = ScriptedReranker({}, LANGUAGES)
    question = read_question("ولماذا؟", ["متى وصل ترامب إلى أنكوريج؟"], glossary, 2000)
    news.retriever(reranker).retrieve(question, 8)
    assert reranker.asked[0][0] == question.asked != "ولماذا؟"


def test_as_many_passages_as_were_asked_for(tmp_path, glossary):
    stores = stores_of(tmp_path, [{"id": str(n), "language": "ar", "text": f"انعقدت قمة التمساح رقم {n}."} for n in range(120)])
    question = read_question("قمة التمساح", (), glossary, 2000)
    assert [len(stores.retriever().retrieve(question, top_k)) for top_k in (1, 40, 100)] == [1, 40, 100]


# Filters


PLACES = ["الرياض", "بودابست", "بوداپست", "تهران", "می‌شود", "نشست", "القمة", "ترامب", "Budapest", "summit", "٢٠٢٥", "لافروف"]
OUTLETS = [None, "وكالة النورس", "خبرگزاری کبوتر", "Northgate Wire"]
DAYS = [date(2025, 10, day) for day in (1, 2, 3, 5, 8)]
ROW = st.tuples(
    st.sampled_from(LANGUAGES),
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=9).map(" ".join),
    st.sampled_from(OUTLETS),
    st.sampled_from([None, *DAYS]),
)


@st.composite
def filters(draw):
    since, until = draw(st.sampled_from([None, *DAYS])), draw(st.sampled_from([None, *DAYS]))
    if since and until and since > until:
        since, until = until, since
    outlets = draw(st.frozensets(st.sampled_from(["وکاله النُّورس", "NORTHGATE WIRE", "خبرگزاري كبوتر", "nobody"]), max_size=2))
    return Filter(outlets, draw(st.frozensets(st.sampled_from(LANGUAGES), min_size=1)), since, until)


def passes(article, within):
    outlets = {squash(outlet) for outlet in within.outlets}
    return (
        article.language in within.languages
        and (not outlets or squash(article.outlet or "") in outlets)
        and (not within.since or (article.published is not None and article.published >= within.since))
        and (not within.until or (article.published is not None and article.published <= within.until))
    )


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(ROW, min_size=1, max_size=30),
    st.lists(
        st.tuples(filters(), st.lists(st.sampled_from(PLACES), min_size=1, max_size=4).map(" ".join)), min_size=12, max_size=12
    ),
)
def test_what_is_found_within_a_filter_is_what_brute_force_finds(tmp_path_factory, made, asked):
    embedder = LetterEmbedder()
    rows = [
        {"id": str(number), "language": language, "text": text}
        | ({"outlet": outlet} if outlet else {})
        | ({"published": day} if day else {})
        for number, (language, text, outlet, day) in enumerate(made)
    ]
    stores = stores_of(tmp_path_factory.mktemp("within"), rows, embedder)
    lexical, dense = stores.retriever(parts=PARTS - {"dense"}), stores.retriever(parts=frozenset({"dense"}))
    for within, text in asked:
        question = read_question(text, (), Glossary([]), 2000)
        everything = {found.chunk.chunk_id: found for found in lexical.retrieve(question, 100)}
        by_words = {found.chunk.chunk_id: found.score for found in lexical.retrieve(question, 100, within)}
        assert by_words == pytest.approx(
            {known: found.score for known, found in everything.items() if passes(found.article, within)}, abs=2e-4
        )
        by_meaning = dense.retrieve(question, 100, within)
        assert {found.chunk.chunk_id for found in by_meaning} == {
            chunk.chunk_id
            for chunk in stores.catalog.chunks_since(0)
            if passes(stores.catalog.article(chunk.article_id), within)
        }
        query = embedder.embed_query(text)
        for language in LANGUAGES:
            cosines = [
                float(query @ embedder.embed_query(f"{found.chunk.title}\n{found.chunk.text}"))
                for found in by_meaning
                if found.chunk.language == language
            ]
            assert cosines == pytest.approx(sorted(cosines, reverse=True), abs=1e-5)
    for found in (stores.catalog.close,):
        found()


def test_a_filter_that_passes_every_article_finds_the_same_by_the_other_way(tmp_path):
    rows = [row | {"published": "2025-10-21", "outlet": "Wire"} for row in NEWS]
    stores = stores_of(tmp_path, rows, LetterEmbedder())
    for text in ("أين وصل ترامب؟", "نشست بوداپست", "Where did Witkoff land?"):
        question = read_question(text, (), Glossary([]), 2000)
        plain = stores.retriever().retrieve(question, 50)  # Chroma's neighbours
        for within in (Filter(since=date.min), Filter(outlets=frozenset({"WIRE"})), Filter(until=date(2025, 10, 21))):
            found = stores.retriever().retrieve(question, 50, within)  # each vector compared
            scores = {one.chunk.chunk_id: one.score for one in found}
            assert scores == pytest.approx({one.chunk.chunk_id: one.score for one in plain}, abs=2e-4)


def test_a_rare_outlet_is_found_however_many_others_are_nearer(tmp_path):
    embedder = LetterEmbedder()
    rows = [{"id": str(n), "language": "ar", "text": f"نشست القمة في بودابست {'ا' * n}", "outlet": "كثير"} for n in range(120)]
    rows.append({"id": "rare", "language": "ar", "text": "ظظظ ضضض غغغ ثثث", "outlet": "نادر"})
    stores = stores_of(tmp_path, rows, embedder)
    question = read_question("القمة في بودابست", (), Glossary([]), 2000)
    assert "rare" not in names_of(stores.retriever().retrieve(question, 100))
    assert names_of(stores.retriever().retrieve(question, 100, Filter(frozenset({"نادر"})))) == ["rare"]


@pytest.mark.parametrize("languages", [{"ar"}, {"fa"}, {"en"}, {"ar", "en"}, set(LANGUAGES)])
def test_a_filter_of_languages_leaves_the_others_out(archive, glossary, languages):
    for text in ("قمة بودابست", "نشست بوداپست", "the Budapest summit"):
        found = archive.retriever.retrieve(read_question(text, (), glossary, 2000), 100, Filter(languages=frozenset(languages)))
        assert {passage.chunk.language for passage in found} == languages


def test_a_changed_outlet_and_date_reach_the_retriever(tmp_path, glossary):
    rows = [row | {"outlet": "الأول", "published": "2025-01-01"} for row in NEWS]
    question = read_question("متى وصل ترامب؟", (), glossary, 2000)
    first, late = Filter(frozenset({"الثاني"})), Filter(since=date(2025, 6, 1))
    before = stores_of(tmp_path, rows, LetterEmbedder())
    assert before.retriever().retrieve(question, 8, first) == [] == before.retriever().retrieve(question, 8, late)
    rows[0] |= {"outlet": "الثاني", "published": "2025-10-21"}
    after = stores_of(tmp_path, rows, LetterEmbedder())
    for stores in (before, after):  # one that was open, and one opened since
        assert names_of(stores.retriever().retrieve(question, 8, first)) == ["ar-trump"]
        assert names_of(stores.retriever().retrieve(question, 8, late)) == ["ar-trump"]


# Questions and archives of any kind


BAD = {
    "stop words": "هل هو في من على ما هذا الذي",
    "Persian stop words": "آیا او که از در به این است",
    "English stop words": "what is the of in who are they",
    "one letter": "ق",
    "one Latin letter": "a",
    "one digit": "٧",
    "two scripts in one word": "ترامبTrumpترامپ بوtin ق1م2ة",
    "control characters": "قمة\x00\x07\x1b بودا\x08بست\x7f\x9f",
    "bidi overrides": "\u202eقمة\u202c \u2067بودابست\u2069 \u200eTrump\u200f\u061c",
    "quotes and operators": 'قمة AND بودابست OR NOT +ترامب -بوتين "قمة"~2 بود* ^3 title:قمة [a TO z] {b TO y} (x) \\ / ~1',
    "operators alone": 'AND OR NOT + - " * ~ ^ : [ ] { } ( ) \\ / && || !',
    "emoji": "😀 قمة 🇮🇷 بودابست 👨‍👩‍👧 ٣",
    "lone surrogates": "\ud800قمة\udfff \udc80",
    "signs": "؟!…«»،؛٪",
    "a long Arabic word": "ب" * 10_000,
    "a long Persian compound": "می‌" * 3_000 + "شود",
    "a long Latin word": "x" * 10_000,
    "a long number": "١٢٣" * 3_000,
    "three kinds of digits": "2025 ٢٠٢٥ ۲۰۲۵ 2٠۲5",
    "1,500 words": " ".join(f"كلمة{number} واژه{number} word{number}" for number in range(500)),
    "5,000 times one word": "بودابست " * 5_000,
    "combining marks": "\u064b\u064c\u0651 ق\u0300\u0301\u0302\u0303م\u0308ة",
    "tatweel": "ـــ قـــمـــة ـ",
    "ligatures": "ﷺ ﷲ ﻻ ﬁ ㎏ ½",
    "other scripts": "首脑会谈 саммит שלום शिखर",
    "a path": "../../etc/passwd ; DROP TABLE chunks; --",
}  # fmt: skip
FILTERS = {
    "everything": EVERYTHING,
    "an outlet": Filter(frozenset({"Northgate Wire"})),
    "no such outlet": Filter(frozenset({"\ud800 ؟"})),
    "a span": Filter(since=date(2025, 3, 1), until=date(2025, 10, 20)),
    "one language": Filter(languages=frozenset({"fa"})),
    "all at once": Filter(frozenset({"x", "Northgate Wire"}), frozenset({"en", "ar"}), date(2025, 1, 1), date.max),
}


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """Archives of any kind: full, with vectors, in one language, and empty."""
    folder = tmp_path_factory.mktemp("archives")
    dated = [row | {"outlet": "Northgate Wire", "published": "2025-10-01"} for row in NEWS]
    return {
        "news": stores_of(folder / "news", dated),
        "dense": stores_of(folder / "dense", dated, LetterEmbedder()),
        "Persian": stores_of(folder / "fa", [row for row in dated if row["language"] == "fa"], LetterEmbedder()),
        "English": stores_of(folder / "en", [row for row in dated if row["language"] == "en"]),
        "empty": stores_of(folder / "empty", [], LetterEmbedder()),
    }


@pytest.mark.parametrize("name", ["news", "dense", "Persian", "English", "empty"])
@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_no_question_and_no_archive_makes_retrieval_raise(archives, glossary, name, text):
    retriever = archives[name].retriever(ScriptedReranker({}), recency=1.0)
    try:
        question = read_question(text, ("وماذا بعد؟", text[:500]), glossary, 1_000_000)
    except QuestionError as error:
        assert "has no words" in error.problem or "is empty" in error.problem
        return
    for top_k in (1, 100):
        for within in FILTERS.values() if len(text) < 1_000 else [EVERYTHING, FILTERS["a span"]]:
            found = retriever.retrieve(question, top_k, within)
            assert isinstance(found, list) and len({passage.chunk.chunk_id for passage in found}) == len(found)
            assert all(passes(passage.article, within) for passage in found)
            assert len(found) <= top_k
            assert name != "empty" or not found


def test_only_signs_and_emoji_are_no_question(glossary):
    refused = {name for name, text in BAD.items() if not is_question(text, glossary)}
    assert refused == {"signs", "combining marks"} - {"combining marks"}


def is_question(text, glossary):
    try:
        return bool(read_question(text, (), glossary, 1_000_000))
    except QuestionError:
        return False


@given(text=st.text(st.characters() | st.sampled_from('قمةبودابست نشست Trump٣۳3\u200c\u202e"*~^:[]{}()\\/+-'), max_size=80))
@settings(max_examples=60, deadline=None)
def test_no_text_makes_retrieval_raise(archives, glossary, text):
    try:
        question = read_question(text, (), glossary, 2000)
    except QuestionError:
        return
    for name in ("news", "Persian", "empty"):
        found = archives[name].retriever().retrieve(question, 8)
        assert all(passage.score >= 0 for passage in found)


def test_an_archive_that_lost_most_of_a_language_is_still_asked(tmp_path, glossary):
    rows = [{"id": str(n), "language": "ar", "text": f"انعقدت قمة التمساح رقم {n} في بودابست."} for n in range(40)]
    stores_of(tmp_path, [*rows, NEWS[-1]])
    stores = stores_of(tmp_path, [*rows[:8], NEWS[-1]])
    for text in ("متى انعقدت قمة التمساح؟", "نشست بوداپست", "Budapest summit"):
        found = stores.retriever().retrieve(read_question(text, (), glossary, 2000), 8)
        assert all(passage.score > 0 for passage in found)
        assert len(found) >= 4


def test_what_is_found_while_the_index_changes_is_looked_for_again():
    states, looks = iter([1, 2, 2, 2]), []

    class Lexical:
        @property
        def state(self):
            return next(states)

    found = Retriever.of_one_state(SimpleNamespace(lexical=Lexical()), lambda: looks.append("بودابست") or len(looks))
    assert found == len(looks) == 2
