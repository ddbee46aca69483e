import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, get_args

import httpx
import pytest
from pydantic import BaseModel, ConfigDict, Field

from index.catalog import FILE_NAME, Catalog
from index.embedding import Embedded
from index.lexical import LexicalIndex
from index.report import BuildReport, kept
from index.types import EVERYTHING, LANGUAGES, ArticleRef, KhabarError, Language, Problem
from index.vectors import VectorIndex
from rag.answer import Answerer, AnswerOptions
from rag.api.application import create_api
from rag.archive import Archive
from rag.desk import open_desk
from rag.generate.generator import NoGenerator
from rag.phrases import not_told, phrase
from rag.retrieve.coverage import Coverage
from rag.retrieve.retriever import Retriever
from rag.settings import Settings
from rag.text.glossary import load_glossary
from rag.types import Answer, Citation, Disagreement, DraftCount, ShortAnswer, Source
from tests.letters import LetterEmbedder
from tests.rag.scripted import ScriptedGenerator

ASKED = {
    "ar": "متى كان الوزيران روبيو ولافروف يعتزمان الاجتماع في بودابست؟",
    "fa": "رادوسلاو سیکورسکی درباره هواپیمای پوتین چه هشداری داد؟",
    "en": "What did Szijjarto write on Facebook about the summit?",
}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ArticleRefSchema(Strict):
    article_id: str
    path: str
    title: str
    outlet: str | None
    published: str | None
    language: Language
    url: str | None


class SourceSchema(ArticleRefSchema):
    quote: str
    start: int
    end: int


class CitationSchema(SourceSchema):
    number: int
    passage: str
    phrase: Annotated[list[int], Field(min_length=2, max_length=2)] | None
    also: list[SourceSchema]
    agency: str | None


class DisagreementSchema(Strict):
    kind: Literal["number", "date", "place", "person"]
    citations: list[int]
    values: list[str]


class DirectSchema(Strict):
    text: str
    language: Language
    citation: int
    start: int
    end: int
    rendered: str | None
    others: list["DirectSchema"]


class DraftCountSchema(Strict):
    supported: int
    dropped: int
    replaced: int


class FilterSchema(Strict):
    outlets: list[str]
    languages: list[Language]
    since: str | None
    until: str | None


class ListingSchema(Strict):
    count: int
    first: str | None
    last: str | None
    articles: list[ArticleRefSchema]


class Models(Strict):
    embedder: str
    reader: str
    generator: str


class Timings(Strict):
    retrieve_ms: float
    answer_ms: float


class AnswerSchema(Strict):
    """The documented JSON of an answer: these keys, no other."""

    question: str
    language: Language
    answer: str
    mode: Literal["quotes", "written"]
    abstained: bool
    citations: list[CitationSchema]
    related: list[ArticleRefSchema]
    confidence: Annotated[float, Field(ge=0, le=1)]
    as_of: str | None
    disagreements: list[DisagreementSchema]
    overtaken: list[int]
    missing: list[str]
    notices: list[str]
    drafted: DraftCountSchema | None
    direct: DirectSchema | None
    request: Literal["summary", "statements", "days", "news", "articles", "unclear", "unserved"] | None
    within: FilterSchema | None
    without_days: str | None
    listing: ListingSchema | None
    models: Models
    timings: Timings


class Asker:
    """A client of the API in this process; httpx speaks ASGI only in async, so each request has its own loop."""

    def __init__(self, api) -> None:
        self._api = api

    def request(self, method, path, **arguments):
        import asyncio

        async def send():
            transport = httpx.ASGITransport(self._api, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://khabar") as client:
                return await client.request(method, path, **arguments)

        return asyncio.run(send())

    def ask(self, body):
        return self.request("POST", "/api/ask", json=body)


@pytest.fixture(scope="module")
def asker_of():
    """A function that returns a client of the API over an archive."""
    desks = []

    def asker(archive):
        desks.append(open_desk(archive, Settings(data=archive.catalog.file.parent, llm="none", embedder="none", reader="none")))
        return Asker(create_api(desks[-1]))

    yield asker
    for desk in desks:
        desk.close()


@pytest.fixture(scope="module")
def client(archive, asker_of):
    return asker_of(archive)


def problem(response, status):
    """Return the problem of an error response, checked for its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert "<html" not in response.text.lower()
    assert "Traceback" not in response.text
    content = response.json()
    assert list(content) == ["error"] and set(content["error"]) == {"problem", "remedy"}
    assert content["error"]["problem"].strip() and content["error"]["remedy"].strip()
    return content["error"]["problem"]


@pytest.mark.parametrize("language", get_args(Language))
def test_a_question_in_each_language(client, language):
    response = client.ask({"question": ASKED[language]})
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    answer = AnswerSchema.model_validate(response.json())
    assert (answer.question, answer.language, answer.abstained) == (ASKED[language], language, False)
    assert answer.models == Models(embedder="none", reader="none", generator="none")
    assert [item.number for item in answer.citations] == list(range(1, len(answer.citations) + 1)) != []
    for item in answer.citations:
        assert f"[{item.number}]" in answer.answer and item.quote in answer.answer
        assert date.fromisoformat(item.published)


@pytest.mark.parametrize("language", get_args(Language))
def test_an_abstention_is_an_answer(client, language):
    question = {"ar": "ما مكونات طبق الكشري؟", "fa": "دستور پخت قورمه‌سبزی چیست؟", "en": "How do I bake sourdough?"}[language]
    response = client.ask({"question": question})
    assert response.status_code == 200
    answer = AnswerSchema.model_validate(response.json())
    assert answer.abstained and answer.answer == not_told(language, missing=answer.missing)
    assert 0 <= answer.confidence < 0.5 and answer.missing and all(word in question for word in answer.missing)
    assert answer.citations == [] == answer.related


ARTICLE = ("a1", "seeds/ar/a1.txt", "قمة الخروبة", "جريدة الرواق", date(2025, 10, 21), "ar", None)
SAYS = "قُتل ١٢ تمساحاً."
WHOLE = Answer(
    "كم تمساحاً قُتل؟", "ar", f"«{SAYS}» [1]", "written", False,
    citations=(
        Citation(*ARTICLE, SAYS, 7, 7 + len(SAYS), 1, SAYS, (12, 14), (Source(*ARTICLE, SAYS, 0, len(SAYS)),), "رويترز"),
        Citation("a2", "a2.txt", "کشتی", None, None, "fa", "https://example.org/", "۱۳", 0, 2, 2, "۱۳"),
    ),
    related=(ArticleRef(*ARTICLE),), confidence=0.75, as_of=date(2025, 10, 21),
    disagreements=(Disagreement("number", (1, 2), ("١٢", "۱۳")),), overtaken=(2,), missing=("ميسي",), notices=("dropped",),
    drafted=DraftCount(3, 2, 1), direct=ShortAnswer("١٢", "ar", 1, 12, 14, None, (ShortAnswer("۱۳", "fa", 2, 0, 2, "١٣"),)),
    models={"embedder": "none", "reader": "none", "generator": "none"},
    timings={"retrieve_ms": 1.5, "answer_ms": 2.5},
)  # fmt: skip


class Fixed:
    """An answerer that gives one answer to everything."""

    models = {"embedder": "none", "reader": "none", "generator": "none"}

    def answer(self, question, history=(), within=EVERYTHING):
        return WHOLE


def test_every_field_of_an_answer_goes_out(archive, asker_of):
    content = asker_of(replace(archive, answerer=Fixed())).ask({"question": "متى؟"}).json()
    answer = AnswerSchema.model_validate(content)
    first, second = content["citations"]
    assert answer.citations[0].quote[first["phrase"][0] - first["start"] : first["phrase"][1] - first["start"]] == "١٢"
    assert (first["agency"], first["published"], second["phrase"], second["also"], second["agency"], second["published"]) == (
        "رويترز", "2025-10-21", None, [], None, None,
    )  # fmt: skip
    assert first["also"] == [
        dict(
            article_id="a1", path="seeds/ar/a1.txt", title="قمة الخروبة", outlet="جريدة الرواق", published="2025-10-21",
            language="ar", url=None, quote=SAYS, start=0, end=len(SAYS),
        )
    ]  # fmt: skip
    assert content["related"][0]["published"] == content["as_of"] == "2025-10-21"
    assert content["disagreements"] == [{"kind": "number", "citations": [1, 2], "values": ["١٢", "۱۳"]}]
    assert (content["confidence"], content["overtaken"], content["missing"]) == (0.75, [2], ["ميسي"])
    assert content["direct"] == {
        "text": "١٢", "language": "ar", "citation": 1, "start": 12, "end": 14, "rendered": None, "others": [
            {"text": "۱۳", "language": "fa", "citation": 2, "start": 0, "end": 2, "rendered": "١٣", "others": []},
        ],
    }  # fmt: skip
    assert first["quote"][12 - first["start"] : 14 - first["start"]] == content["direct"]["text"]
    assert content["notices"] == ["dropped"] and content["drafted"] == {"supported": 3, "dropped": 2, "replaced": 1}


@pytest.mark.parametrize("language", get_args(Language))
def test_the_article_behind_a_citation(client, language):
    for item in client.ask({"question": ASKED[language]}).json()["citations"]:
        response = client.request("GET", f"/api/articles/{item['article_id']}")
        assert response.status_code == 200
        article = response.json()
        assert set(article) == {"article_id", "path", "title", "outlet", "published", "language", "url", "text"}
        assert article["text"][item["start"] : item["end"]] == item["quote"]
        assert item["passage"] in article["text"]
        assert {key: item[key] for key in set(article) - {"text"}} == {key: article[key] for key in set(article) - {"text"}}


def test_a_follow_up_leans_on_the_history(client):
    body = {"question": "و چه هشداری داد؟", "history": ["آیا سیکورسکی درباره هواپیمای پوتین سخن گفت؟"]}
    answer = client.ask(body).json()
    assert not answer["abstained"] and "سیکورسکی" in answer["citations"][0]["quote"]
    alone = client.ask({"question": "و چه هشداری داد؟"}).json()
    assert alone["abstained"] or alone["citations"] != answer["citations"]


def test_status(client, archive):
    content = client.request("GET", "/api/status").json()
    assert content["models"] == {"embedder": "none", "reader": "none", "generator": "none"}
    assert content["articles"] == archive.catalog.counts()["articles"] >= 18
    assert content["chunks"] >= content["articles"] >= content["sources"]
    articles = list(archive.catalog.articles())
    assert content["languages"] == {language: sum(one.language == language for one in articles) for language in LANGUAGES}
    days = sorted(article.published.isoformat() for article in articles if article.published)
    assert (content["first"], content["last"]) == (days[0], days[-1])
    assert content["embedded"] == {"chunks": 0, "of": 0, "embedder": "none"}


def test_the_report_of_the_last_indexing(client, archive, monkeypatch):
    films = {".mp4": [f"news/{number}.mp4" for number in range(1_200)]}
    problems = [Problem("news/خالی.txt", "it is empty; remove it", kind="empty")]
    told = BuildReport(added=7, problems=problems, unread=films, hidden=3)
    stored = [None, kept(told, date(2025, 10, 21))]
    monkeypatch.setattr(archive.catalog, "meta", lambda key: stored.pop(0))
    assert client.request("GET", "/api/report").json() == {"report": None}
    report = client.request("GET", "/api/report").json()["report"]
    assert (report["day"], report["hidden"], report["files"]["added"]) == ("2025-10-21", 3, 7)
    assert [(group["title"], group["files"]) for group in report["groups"]] == [("empty", 1), (".mp4: not read", 1_200)]


@pytest.fixture
def half_embedded(data):
    """The archive as an embedder sees it that has embedded a part of it so far."""
    catalog, embedder = Catalog(data / FILE_NAME), LetterEmbedder()
    retriever = Retriever(catalog, LexicalIndex(data), VectorIndex(data, embedder), embedder)
    coverage = Coverage(catalog, embedder)
    coverage.now = lambda: Embedded(25, 56)
    answerer = Answerer(retriever, NoGenerator(), load_glossary(), embedder.name, AnswerOptions(), coverage=coverage)
    yield Archive(catalog, retriever.lexical, embedder, retriever, answerer, coverage)
    catalog.close()


def test_an_archive_that_is_embedded_in_part(half_embedded, asker_of):
    asker = asker_of(half_embedded)
    assert asker.request("GET", "/api/status").json()["embedded"] == {"chunks": 25, "of": 56, "embedder": "letters"}
    for language, question, told in (
        ("ar", "ما مكونات طبق الكشري؟", "حتى الآن لا يشمل البحث بالمعنى سوى 44% من الأرشيف."),
        ("fa", "دستور پخت قورمه‌سبزی چیست؟", "جست‌وجوی معنایی تاکنون تنها ۴۴٪ از بایگانی را در بر می‌گیرد."),
        ("en", "How do I bake sourdough?", "So far only 44% of the archive can be searched by meaning."),
    ):
        abstention = asker.ask({"question": question}).json()
        assert abstention["abstained"] and abstention["notices"] == [told]
        answer = asker.ask({"question": ASKED[language]}).json()
        assert not answer["abstained"] and answer["notices"] == [], "an answer stands for itself"


# Filters


@pytest.mark.parametrize(
    "wanted",
    [
        {"outlets": ["تارنمای سپیدار"]},
        {"outlets": ["تارنماي سپیدار "], "languages": ["fa"]},  # an Arabic ya, and a space too many
        {"languages": ["fa", "en"]},
        {"since": "2025-10-21", "until": "2025-10-21"},
        {"since": "2025-10-20"},
        {"until": "2025-10-21", "outlets": [], "languages": []},
    ],
)
def test_an_answer_keeps_to_its_filter(client, wanted):
    response = client.ask({"question": ASKED["fa"], "filter": wanted})
    assert response.status_code == 200, response.text
    answer = AnswerSchema.model_validate(response.json())
    assert not answer.abstained and "سیکورسکی" in answer.answer
    for item in answer.citations:
        assert not wanted.get("outlets") or item.outlet == "تارنمای سپیدار"
        assert item.language in (wanted.get("languages") or get_args(Language))
        assert wanted.get("since", "") <= item.published <= wanted.get("until", "9")


@pytest.mark.parametrize("nothing", [None, {}, {"outlets": [], "languages": []}, {"since": None, "until": None}])
def test_a_filter_of_nothing_is_none(client, nothing):
    plain, filtered = (client.ask({"question": ASKED["en"], **more}).json() for more in ({}, {"filter": nothing}))
    assert {**plain, "timings": None} == {**filtered, "timings": None}


@pytest.mark.parametrize("language", get_args(Language))
def test_an_abstention_names_its_filter(client, language):
    wanted = {"outlets": ["Northgate Wire"], "since": "2025-08-01", "until": "2025-08-31"}
    question = {"ar": "ما مكونات طبق الكشري؟", "fa": "دستور پخت قورمه‌سبزی چیست؟", "en": "How do I bake sourdough?"}[language]
    answer = AnswerSchema.model_validate(client.ask({"question": question, "filter": wanted}).json())
    assert answer.abstained and answer.citations == []
    assert "Northgate Wire" in answer.answer and answer.answer != phrase("not_told", language)
    assert {item.outlet for item in answer.related} <= {"Northgate Wire"}


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("Northgate Wire", ["filter", "'Northgate Wire'"]),
        ([], ["filter"]),
        ({"outlet": ["Northgate Wire"]}, ["filter.outlet"]),
        ({"outlets": "Northgate Wire"}, ["filter.outlets", "'Northgate Wire'"]),
        ({"outlets": [7]}, ["filter.outlets.0", "'7'"]),
        ({"outlets": ["x"] * 1001}, ["filter.outlets"]),
        ({"outlets": ["Northgate Wires"]}, ["'Northgate Wires'"]),
        ({"outlets": [""]}, ["''"]),
        ({"outlets": ["Northgate Wire", "؟!"]}, ["'؟!'"]),
        ({"languages": ["de"]}, ["filter.languages.0", "'de'", "'ar', 'fa' or 'en'"]),
        ({"languages": "ar"}, ["filter.languages", "'ar'"]),
        ({"since": "yesterday"}, ["filter.since", "'yesterday'", "2025-10-21"]),
        ({"since": "1404-07-29T00:00:00"}, ["filter.since", "'1404-07-29T00:00:00'"]),
        ({"since": "20251021"}, ["filter.since", "'20251021'"]),
        ({"since": "۲۰۲۵-۱۰-۲۱"}, ["filter.since", "'۲۰۲۵-۱۰-۲۱'"]),
        ({"until": "2025-02-30"}, ["filter.until", "'2025-02-30'"]),
        ({"until": 1761004800}, ["filter.until", "'1761004800'"]),
        ({"until": ["2025-10-21"]}, ["filter.until"]),
        ({"until": ""}, ["filter.until", "''"]),
        ({"since": "2025-10-21", "until": "2025-10-20"}, ["2025-10-21", "2025-10-20"]),
        ({"x" * 5000: 1}, ["filter"]),
        ({"since": "x" * 5000}, ["filter.since"]),
        ({"outlets": ["x" * 5000]}, ["filter"]),
    ],
)
def test_a_wrong_filter(client, wanted, told):
    found = problem(client.ask({"question": ASKED["en"], "filter": wanted}), 422)
    assert all(part in found for part in told), found
    assert len(found) < 300


def test_an_unknown_outlet_comes_with_the_nearest(client):
    for name, near in (("Northgate Wires", "'Northgate Wire'"), ("الرواق", "'جريدة الرواق'"), ("سپیدار", "'تارنمای سپیدار'")):
        remedy = client.ask({"question": ASKED["en"], "filter": {"outlets": [name]}}).json()["error"]["remedy"]
        assert near in remedy


def test_the_outlets_that_a_filter_can_name(client, archive):
    content = client.request("GET", "/api/outlets").json()
    assert list(content) == ["outlets"] and content["outlets"]
    articles = [article for article in archive.catalog.articles() if article.outlet]
    assert sum(row["articles"] for row in content["outlets"]) == len(articles)
    for row in content["outlets"]:
        assert list(row) == ["outlet", "articles", "first", "last"]
        own = [article for article in articles if article.outlet == row["outlet"]]
        days = sorted(article.published.isoformat() for article in own)
        assert (row["articles"], row["first"], row["last"]) == (len(own), days[0], days[-1])
        wanted = {"outlets": [row["outlet"]], "since": row["first"], "until": row["last"]}
        assert client.ask({"question": "Trump Putin", "filter": wanted}).status_code == 200
    assert [row["articles"] for row in content["outlets"]] == sorted(
        (row["articles"] for row in content["outlets"]), reverse=True
    )


# Errors


@pytest.mark.parametrize(
    "article_id", ["nope", "0", "..%2f..%2fetc%2fpasswd", "مقالة", "😀", "%00", "%ff", "x" * 3000, "'; DROP TABLE articles"]
)
def test_an_unknown_article(client, article_id):
    told = problem(client.request("GET", f"/api/articles/{article_id}"), 404)
    assert len(told) < 300


@pytest.mark.parametrize("path", ["/api/nothing", "/api", "/API/ASK", "/api/articles/", "/api/ask/x"])
def test_an_unknown_path(client, path):
    problem(client.request("GET", path), 404)


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/ask"), ("DELETE", "/api/ask"), ("POST", "/api/status")])
def test_a_wrong_method(client, method, path):
    problem(client.request(method, path), 405)


@pytest.mark.parametrize(
    ("body", "words_told"),
    [
        ({}, "question"),
        ({"question": None}, "question"),
        ({"question": 7}, "question"),
        ({"question": True}, "question"),
        ({"question": ["متى؟"]}, "question"),
        ({"question": {"text": "متى؟"}}, "question"),
        ({"question": "متى؟", "history": "متى؟"}, "history"),
        ({"question": "متى؟", "history": [7]}, "history"),
        ({"question": "متى؟", "history": None}, "history"),
        ({"question": "متى؟", "history": ["x"] * 51}, "history"),
        ({"question": "متى؟", "top_k": 3}, "top_k"),
        ({"سؤال": "متى؟"}, "question"),
        ([], ""),
        ("متى؟", ""),
        (None, ""),
        ({"question": ""}, "empty"),
        ({"question": "  \n "}, "empty"),
        ({"question": "😀😀"}, "no words"),
        ({"question": "؟"}, "no words"),
        ({"question": "\u202e"}, "no words"),
        ({"question": "\x00\x01"}, "empty"),
    ],
)
def test_a_bad_body(client, body, words_told):
    assert words_told in problem(client.ask(body), 422)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe\x00", "application/json"),
        (b'{"question": "\xff"}', "application/json"),
        (b'{"question": "\\ud800 \xd9\x85\xd8\xaa\xd9\x89"', "application/json"),
        (b"question=x", "application/x-www-form-urlencoded"),
        (b"[" * 100_000, "application/json"),
        (b'{"question": NaN}', "application/json"),
    ],
)
def test_a_body_that_is_no_json(client, content, kind):
    response = client.request("POST", "/api/ask", content=content, headers={"content-type": kind})
    assert response.status_code in (400, 422)
    problem(response, response.status_code)


def test_a_lone_surrogate_in_json_is_no_crash(client):
    response = client.request(
        "POST", "/api/ask", content=b'{"question": "\\ud800 Trump Putin"}', headers={"content-type": "application/json"}
    )
    assert response.status_code in (200, 422)
    if response.status_code == 422:
        problem(response, 422)


@pytest.mark.parametrize("text", ["س" * 10_000, "ما هذا؟ " * 1250, "😀" * 10_000])
def test_a_question_of_10_000_characters(client, text):
    assert "characters" in problem(client.ask({"question": text}), 413)


def test_a_long_history_is_no_error(client):
    assert client.ask({"question": ASKED["ar"], "history": ["س" * 10_000, "", "😀"]}).status_code == 200


@pytest.mark.parametrize("text", ["<script>alert(1)</script> ترامب", "متى\u202e التقى بوتين\u0000 وترامب؟"])
def test_markup_in_a_question_is_json_text(client, text):
    response = client.ask({"question": text})
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    AnswerSchema.model_validate(response.json())


class Failing:
    """An answerer whose index or model has gone."""

    models = {"embedder": "none", "reader": "none", "generator": "none"}

    def __init__(self, error) -> None:
        self.error = error

    def answer(self, question, history=(), within=EVERYTHING):
        raise self.error


def test_an_expected_failure_is_503_with_problem_and_remedy(archive, asker_of):
    failing = Failing(KhabarError("the index files in 'بيانات' are damaged", "run khabar index --rebuild"))
    response = asker_of(replace(archive, answerer=failing)).ask({"question": "متى؟"})
    assert problem(response, 503) == "the index files in 'بيانات' are damaged"
    assert response.json()["error"]["remedy"] == "run khabar index --rebuild"


def test_an_unexpected_failure_is_json_without_its_inside(archive, asker_of):
    failing = Failing(RuntimeError("secret /etc/path"))
    response = asker_of(replace(archive, answerer=failing)).ask({"question": "متى؟"})
    assert "secret" not in problem(response, 500)


def test_many_at_once_get_the_same_answers_as_one_by_one(client):
    questions = [*ASKED.values(), "ما مكونات طبق الكشري؟"] * 5

    def asked(question):
        content = client.ask({"question": question}).json()
        content.pop("timings")
        return content

    alone = {question: asked(question) for question in set(questions)}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(asked, questions))
    assert together == [alone[question] for question in questions]


def test_a_written_answer_goes_out_whole(archive, answerer_with, asker_of):
    started = threading.Event()

    class Waiting(ScriptedGenerator):
        def stream(self, messages, max_tokens):
            started.set()
            yield "nothing that passes"

    answerer = answerer_with(Waiting([]))
    answer = asker_of(replace(archive, answerer=answerer)).ask({"question": ASKED["en"]}).json()
    assert started.is_set()
    assert AnswerSchema.model_validate(answer).models.generator == "scripted"


def test_the_schema_is_published(client):
    content = client.request("GET", "/openapi.json").json()
    assert {"/api/ask", "/api/articles/{article_id}", "/api/status", "/api/report"} <= set(content["paths"])


def test_the_schema_tells_of_the_filter_and_of_the_errors_that_there_are(client):
    content = client.request("GET", "/openapi.json").json()
    schemas = content["components"]["schemas"]
    assert set(schemas["AskFilter"]["properties"]) == {"outlets", "languages", "since", "until"}
    assert schemas["AskFilter"]["additionalProperties"] is False and "required" not in schemas["AskFilter"]
    assert {"type": "string", "format": "date"} in schemas["AskFilter"]["properties"]["since"]["anyOf"]
    assert schemas["AskFilter"]["properties"]["languages"]["items"]["enum"] == ["ar", "fa", "en"]
    assert schemas["AskRequest"]["required"] == ["question"]
    assert "/api/outlets" in content["paths"]
    for path, operations in content["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status != "200":
                    assert response["content"]["application/json"]["schema"]["$ref"].endswith("/Failure"), path


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("Answer", AnswerSchema),
        ("Citation", CitationSchema),
        ("Source", SourceSchema),
        ("ArticleRef", ArticleRefSchema),
        ("Disagreement", DisagreementSchema),
        ("ShortAnswer", DirectSchema),
        ("DraftCount", DraftCountSchema),
    ],
)
def test_the_schema_tells_of_an_answer_as_it_is(client, name, schema):
    content = client.request("GET", "/openapi.json").json()
    told = content["components"]["schemas"][name]
    assert set(told["properties"]) == set(schema.model_fields)
    ok = content["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert ok == {"$ref": "#/components/schemas/Answer"}
