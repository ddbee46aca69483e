"""An embedder of the user's own: small multilingual models that the tests make, loaded and used like any other."""

import json
import shutil

import numpy as np
import pytest

from index.catalog import FILE_NAME, Catalog
from index.embed import NoEmbedder, Prompts, load_embedder, prompts_of
from index.types import LANGUAGES, KhabarError
from index.vectors import VectorIndex
from tests import tiny
from tests.index.made import TinyEmbedder, build, write_articles

pytestmark = pytest.mark.slow

TEXTS = {
    "ar.txt": "قمة\nعُقدت القمة في بودابست يوم الخميس ٢٣ أكتوبر.",
    "fa.txt": "نشست\nنشست در بوداپست روز پنجشنبه ۲۳ اکتبر برگزار می‌شود.",
    "en.txt": "Summit\nThe summit was held in Budapest on Thursday 23 October.",
}
QUESTIONS = ["أين عُقدت القمة؟", "نشست کجا برگزار می‌شود؟", "Where was the summit?"]
E5 = Prompts("query: ", "passage: ")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A model that says nothing of prompts."""
    return tiny.encoder(tmp_path_factory.mktemp("models") / "tiny-multilingual")


@pytest.fixture(scope="module")
def e5(tmp_path_factory):
    """The same weights, in a folder as the E5 models are published."""
    return tiny.published_e5(tmp_path_factory.mktemp("models") / "multilingual-e5-tiny")


def copied(folder, target):
    shutil.copytree(folder, target)
    return target


def configured(folder, **config):
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config), "utf-8")
    return folder


def same(one, other):
    return bool(np.allclose(one, other, atol=1e-3))


# Vectors


def test_vectors_are_of_length_one_and_of_the_models_dimension(plain):
    embedder = load_embedder(str(plain))
    vectors = embedder.embed_passages(list(TEXTS.values()))
    assert vectors.shape == (3, 32) and vectors.dtype == np.float32 and vectors.flags.c_contiguous
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-2)
    assert embedder.embed_query("أين عُقدت القمة؟").shape == (32,)


def test_texts_of_any_kind_have_a_vector(plain):
    vectors = load_embedder(str(plain)).embed_passages(["", " ", "😀", "\u202e", "كلمة " * 1000, "می‌شود"])
    assert vectors.shape == (6, 32) and np.isfinite(vectors).all()


def test_a_text_has_one_vector_alone_and_among_others(plain):
    embedder = load_embedder(str(plain))
    many = embedder.embed_passages([*TEXTS.values(), *QUESTIONS])
    alone = [embedder.embed_passages([text])[0] for text in [*TEXTS.values(), *QUESTIONS]]
    assert np.allclose(many, np.stack(alone), atol=2e-2)
    assert not same(many[0], many[1])


def test_it_serves_the_languages_that_the_user_names(plain):
    assert load_embedder(str(plain)).languages == {"ar", "fa", "en"}
    assert load_embedder(str(plain), frozenset({"fa"})).languages == {"fa"}


def test_nothing_is_loaded_before_it_is_needed(plain):
    assert "_model" not in vars(load_embedder(str(plain)))


def test_none():
    embedder = load_embedder("none")
    assert isinstance(embedder, NoEmbedder) and embedder.languages == frozenset()
    assert embedder.embed_passages(["a", "b"]).shape == (2, 0) and embedder.embed_query("a").shape == (0,)


def test_a_published_e5_is_loaded_without_a_word(e5, capfd):
    load_embedder(str(e5)).embed_query(QUESTIONS[0])
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


# Prompts


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_prompt_reaches_the_tokenizer(plain, e5, question):
    """The vector of a question with its prompt is that of a text that begins with the prompt."""
    bare, prompted = load_embedder(str(plain)), load_embedder(str(e5))
    assert prompted.prompts == E5
    assert same(prompted.embed_query(question), bare.embed_query(f"query: {question}"))
    assert same(prompted.embed_passages([question])[0], bare.embed_passages([f"passage: {question}"])[0])
    assert not same(prompted.embed_query(question), bare.embed_query(question))
    assert not same(prompted.embed_query(question), prompted.embed_passages([question])[0])


def test_without_prompts_question_and_passage_are_one(plain):
    embedder = load_embedder(str(plain))
    assert embedder.prompts == Prompts()
    assert same(embedder.embed_query("قمة"), embedder.embed_passages(["قمة"])[0])


@pytest.mark.parametrize(
    ("config", "prompts"),
    [
        ({"prompts": {"query": "سؤال: ", "passage": "نص: "}}, Prompts("سؤال: ", "نص: ")),
        ({"prompts": {"query": "q: ", "document": "d: "}}, Prompts("q: ", "d: ")),
        ({"prompts": {"query": "q: ", "document": ""}}, Prompts("q: ", "")),
        ({"prompts": {"query": "q: "}}, Prompts("q: ", "")),
        ({"prompts": {"text": "t: "}, "default_prompt_name": "text"}, Prompts("t: ", "t: ")),
        ({"prompts": {"query": "q: ", "text": "t: "}, "default_prompt_name": "text"}, Prompts("q: ", "t: ")),
        ({"prompts": {"clustering": "c: "}}, E5),
        ({"prompts": {"query": "", "document": ""}, "default_prompt_name": None}, E5),
        ({"prompts": None}, E5),
        ({"prompts": []}, E5),
        ({}, E5),
    ],
)
def test_the_models_configuration_says_its_prompts_and_else_its_family(e5, tmp_path, config, prompts):
    assert prompts_of(configured(copied(e5, tmp_path / e5.name), **config)) == prompts


def test_a_models_default_prompt_does_not_slip_in(plain, tmp_path):
    config = {"prompts": {"text": "t: "}, "default_prompt_name": "text"}
    folder = configured(copied(plain, tmp_path / "default"), **config)
    embedder = load_embedder(str(folder), query_prompt="", passage_prompt="")
    assert same(embedder.embed_query("قمة"), load_embedder(str(plain)).embed_query("قمة"))


@pytest.mark.parametrize(
    ("path", "prompts"),
    [
        ("multilingual-e5-small", E5),
        ("intfloat_multilingual-e5-base", E5),
        ("E5", E5),
        ("my.e5.news", E5),
        ("hub/models--intfloat--multilingual-e5-large/snapshots/0123abcd", E5),
        ("nomic-embed-text-v2-moe", Prompts("search_query: ", "search_document: ")),
        ("bge-m3", Prompts()),
        ("gte5-base", Prompts()),
        ("granite-embedding-97m", Prompts()),
        ("multilingual-e5-small/inner", Prompts()),
    ],
)
def test_a_family_is_known_by_the_folder(tmp_path, path, prompts):
    assert prompts_of(tmp_path / path) == prompts


def test_instructed_e5_models_take_an_instruction_and_bare_passages(tmp_path):
    prompts = prompts_of(tmp_path / "multilingual-e5-large-instruct")
    assert prompts.query.startswith("Instruct: ") and prompts.query.endswith("\nQuery: ") and prompts.passage == ""


def test_a_family_is_known_by_the_repository_in_the_record(tmp_path):
    (tmp_path / "khabar.json").write_text('{"model": "intfloat/multilingual-e5-small"}')
    assert prompts_of(tmp_path) == E5


def test_settings_override_either_prompt(plain, e5):
    assert load_embedder(str(e5), query_prompt="سؤال: ").prompts == Prompts("سؤال: ", "passage: ")
    assert load_embedder(str(e5), passage_prompt="").prompts == Prompts("query: ", "")
    own = load_embedder(str(plain), query_prompt="query: ", passage_prompt="passage: ")
    assert same(own.embed_query("قمة"), load_embedder(str(e5)).embed_query("قمة"))


# The name, by which an index knows its embedder


def test_the_name_changes_with_the_prompts(e5):
    names = {
        load_embedder(str(e5), query_prompt=query, passage_prompt=passage).name
        for query in (None, "", "q: ")
        for passage in (None, "", "q: ")
    }
    assert len(names) == 9 and all(name.startswith("multilingual-e5-tiny@") for name in names)


def test_the_name_changes_with_weights_of_the_same_size(plain, tmp_path):
    other = tiny.encoder(tmp_path / plain.name, seed=2)
    weights = "model.safetensors"
    assert (other / weights).stat().st_size == (plain / weights).stat().st_size
    assert load_embedder(str(other)).name != load_embedder(str(plain)).name


def test_the_name_stays_with_what_only_tells_of_a_model(plain, tmp_path):
    copy = copied(plain, tmp_path / plain.name)
    (copy / "README.md").write_text("another")
    (copy / "khabar.json").write_text('{"model": "own/model"}')
    (copy / ".cache" / "huggingface").mkdir(parents=True)
    (copy / ".cache" / "huggingface" / "x.metadata").write_text("now")
    assert load_embedder(str(copy)).name == load_embedder(str(plain)).name


def test_an_index_changes_over_to_another_dimension(plain, tmp_path):
    data, news = tmp_path / "data", write_articles(tmp_path / "news", TEXTS)
    build(data, news, embedder=TinyEmbedder())
    own = load_embedder(str(plain))
    assert found_languages(data, own) == set(), "vectors of another embedder answer nothing"
    build(data, news, embedder=own)
    assert found_languages(data, own) == {"ar", "fa", "en"}
    assert VectorIndex(data, TinyEmbedder()).search(TinyEmbedder().embed_query("قمة"), "ar", 3) == []


def test_an_index_changes_over_between_two_models_and_two_prompts(plain, e5, tmp_path):
    wide = load_embedder(str(tiny.encoder(tmp_path / "wide", dimension=48)))
    data, news = tmp_path / "data", write_articles(tmp_path / "news", TEXTS)
    build(data, news, embedder=load_embedder(str(plain)))
    for embedder, dimension in ((wide, 48), (load_embedder(str(e5)), 32), (load_embedder(str(e5), query_prompt=""), 32)):
        assert found_languages(data, embedder) == set()
        build(data, news, embedder=embedder)
        assert embedder.embed_query("قمة").shape == (dimension,)
        assert found_languages(data, embedder) == {"ar", "fa", "en"}


def found_languages(data, embedder):
    catalog = Catalog(data / FILE_NAME)
    chunks = {chunk.chunk_id: chunk for chunk in catalog.chunks_since(0)}
    catalog.close()
    reader, vector = VectorIndex(data, embedder), embedder.embed_query("القمة في بودابست")
    found = {language: reader.search(vector, language, 3) for language in LANGUAGES}
    assert all(chunks[chunk_id].language == language for language, pairs in found.items() for chunk_id, _ in pairs)
    return {language for language, pairs in found.items() if pairs}


# What is no embedder


def refused(load, *told):
    with pytest.raises(KhabarError) as caught:
        load()
    line = str(caught.value)
    assert "\n" not in line
    for part in told:
        assert str(part) in line
    return line


def test_no_folder(tmp_path):
    refused(lambda: load_embedder(str(tmp_path / "لا شيء")), tmp_path / "لا شيء", "KHABAR_EMBEDDER")


def test_a_folder_of_something_else(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    refused(lambda: load_embedder(str(tmp_path)), tmp_path, "modules.json")


def test_a_folder_without_weights(plain, tmp_path):
    folder = copied(plain, tmp_path / "light")
    (folder / "model.safetensors").unlink()
    refused(lambda: load_embedder(str(folder)), folder, "weights")
    (folder / "model.safetensors").touch()
    refused(lambda: load_embedder(str(folder)), folder, "weights")


@pytest.mark.parametrize("name", ["config.json", "config_sentence_transformers.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", "لا".encode()])
def test_a_configuration_that_is_no_json(plain, tmp_path, name, content):
    folder = copied(plain, tmp_path / "broken")
    (folder / name).write_bytes(content)
    refused(lambda: load_embedder(str(folder)), folder / name, "cannot be read")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b'{"model_type": "no such model"}'),
        ("config.json", b"[]"),
        ("modules.json", b"[}"),
        ("tokenizer.json", b"{}"),
        ("model.safetensors", b"version https://git-lfs.github.com/spec/v1\n" * 3),
        ("model.safetensors", None),
    ],
)
def test_a_damaged_model_is_told_when_it_is_loaded(plain, tmp_path, name, content):
    folder = copied(plain, tmp_path / "damaged")
    file = folder / name
    file.write_bytes(file.read_bytes()[:-500] if content is None else content)
    embedder = load_embedder(str(folder))
    refused(lambda: embedder.embed_query("قمة"), folder, "could not be loaded", "KHABAR_EMBEDDER")


def test_a_reranker(tmp_path):
    folder = tiny.cross_encoder(tmp_path / "scores")
    refused(lambda: load_embedder(str(folder)), folder, "a reranker", "BertForSequenceClassification")


def test_weights_that_are_no_numbers(plain, tmp_path):
    folder = tiny.without_numbers(copied(plain, tmp_path / "nan"))
    embedder = load_embedder(str(folder))
    refused(lambda: embedder.embed_passages(list(TEXTS.values())), folder, "NaN")
