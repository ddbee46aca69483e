import json
import shutil
from pathlib import Path

import pytest

from index.models import (
    RECOMMENDED,
    check_transformer,
    damage_of,
    installed,
    language_model_for,
    language_models,
    locate,
    origin,
    recommended,
    size_of,
)
from index.types import LANGUAGES, KhabarError
from tests import tiny

BASE = "multilingual-e5-base"


@pytest.fixture
def models(tmp_path):
    """A models folder with one embedder, one language model and one of the user's own."""
    folder = tmp_path / "نماذج"
    for name, file in ((BASE, "config.json"), ("aya", "aya-q4.gguf"), ("نموذجي", "config.json")):
        (folder / name).mkdir(parents=True)
        (folder / name / file).write_text("{}")
    return folder


# What is recommended


def test_names_and_repositories_are_told_apart():
    words = [word for model in RECOMMENDED for word in (model.name, model.repo)]
    assert len(words) == len(set(words))
    for model in RECOMMENDED:
        assert model.repo.endswith(f"/{model.name}") and model.name == Path(model.name).name
        assert model.languages <= set(LANGUAGES) and model.languages and model.megabytes > 0 and model.licence
        assert recommended(model.name) is model and recommended(model.repo) is model


def test_the_first_of_a_role_goes_by_the_role():
    assert recommended("embedder").name == BASE
    assert recommended("reranker").role == "reranker" and recommended("llm").role == "llm"


def test_a_recommended_language_model_is_one_gguf_file():
    models = [model for model in RECOMMENDED if model.role == "llm"]
    assert models
    for model in models:
        [file] = model.files
        assert file.endswith(".gguf") and not set("*?[") & set(file)


def test_there_is_a_language_model_for_each_size_of_memory_with_what_is_known_of_it():
    assert [fit.memory for fit, _ in language_models()] == [4, 8, 16, 32]
    for fit, model in language_models():
        assert model.role == "llm" and model.megabytes < 800 * fit.memory and fit.why and fit.results
        assert fit.tokens_per_word is None or all(1 <= tokens <= 4 for tokens in fit.tokens_per_word)
    assert {model.name for _, model in language_models()} == {model.name for model in RECOMMENDED if model.role == "llm"}


@pytest.mark.parametrize(
    ("memory", "chosen"), [(4, 4), (3.7, 4), (7.0, 4), (7.6, 8), (8, 8), (12, 8), (15.4, 16), (31, 32), (500, 32)]
)
def test_the_language_model_for_so_much_memory(memory, chosen):
    assert language_model_for(memory).fit.memory == chosen


def test_too_little_memory_for_any_language_model():
    with pytest.raises(KhabarError, match=r"fits into 2 GB") as caught:
        language_model_for(2)
    assert "--memory 4" in caught.value.remedy


@pytest.mark.parametrize("role", ["embedder", "reranker", "llm"])
def test_some_recommended_model_of_each_role_knows_all_three_languages(role):
    assert any(model.languages == set(LANGUAGES) for model in RECOMMENDED if model.role == role)


@pytest.mark.parametrize("name", ["", "e5", "minilm", "../x", "النموذج", "EMBEDDER"])
def test_another_name_is_refused_with_the_known_ones(name):
    with pytest.raises(KhabarError) as caught:
        recommended(name)
    assert f"'{name}'" in str(caught.value)
    for model in RECOMMENDED:
        assert model.name in caught.value.remedy and model.role in caught.value.remedy


# Where a chosen model lies


@pytest.mark.parametrize("choice", [BASE, f"intfloat/{BASE}"])
def test_a_recommended_model_that_is_there(models, choice):
    assert locate(choice, "embedder", models) == models / BASE


def test_any_folder_of_the_models_folder_goes_by_its_name(models):
    assert locate("نموذجي", "embedder", models) == models / "نموذجي"
    assert locate("نموذجي", "reranker", models) == models / "نموذجي"


def test_a_language_model_is_the_one_gguf_in_its_folder(models):
    assert locate("aya", "llm", models) == models / "aya" / "aya-q4.gguf"
    assert locate("aya", "embedder", models) == models / "aya"
    (models / "aya" / "aya-q8.gguf").write_text("")
    assert locate("aya", "llm", models) == models / "aya"


def test_a_recommended_language_model_that_is_not_there_is_told_with_the_command(models):
    name, repo, [file] = recommended("llm").name, recommended("llm").repo, recommended("llm").files
    with pytest.raises(KhabarError) as caught:
        locate(name, "llm", models)
    assert f"'{name}'" in caught.value.problem and f"khabar models download {name}" in caught.value.remedy
    (models / name).mkdir()
    (models / name / file).touch()
    assert locate(name, "llm", models) == locate(repo, "llm", models) == models / name / file


@pytest.mark.parametrize("choice", [BASE, f"intfloat/{BASE}"])
def test_a_recommended_model_that_is_not_there_is_told_with_the_command(models, choice):
    shutil.rmtree(models / BASE)
    with pytest.raises(KhabarError) as caught:
        locate(choice, "embedder", models)
    told = str(caught.value)
    assert f"'{choice}'" in told and str(models) in told and f"khabar models download {BASE}" in told


def test_a_model_of_another_role_is_not_offered(models):
    assert locate("bge-reranker-v2-m3", "embedder", models) == Path("bge-reranker-v2-m3")


def test_a_path_is_a_path(models, tmp_path, monkeypatch):
    assert locate(str(tmp_path / "x"), "embedder", models) == tmp_path / "x"
    assert locate(f"./{BASE}", "embedder", models) == Path(BASE)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert locate("~/x.gguf", "llm", models) == tmp_path / "x.gguf"


def test_a_folder_here_serves_where_the_models_folder_has_none_of_that_name(models, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.rmtree(models / BASE)
    Path(BASE).mkdir()
    assert locate(BASE, "embedder", models) == Path(BASE)


@pytest.mark.parametrize("choice", ["", ".", "..", "/", f".{BASE}.lock"])
def test_no_word_leads_out_of_the_models_folder(models, choice):
    (models / f".{BASE}.lock").touch()
    assert locate(choice, "embedder", models) == Path(choice)


def test_without_a_models_folder_every_choice_is_a_path():
    assert locate(BASE, "embedder", None) == Path(BASE)


def test_what_is_installed(models, tmp_path):
    (models / f".{BASE}@0123").mkdir()
    (models / "file").touch()
    assert [path.name for path in installed(models)] == ["aya", BASE, "نموذجي"]
    assert installed(tmp_path / "nowhere") == [] and installed(models / "file") == []


def test_sizes(models):
    assert size_of(models / BASE) == 2 and size_of(models) == 6 and size_of(models / BASE / "config.json") == 2


# Whole and of the right kind


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    encoder = tiny.encoder(folder / "encoder")
    cross_encoder = tiny.cross_encoder(folder / "cross-encoder")
    return {
        "encoder": encoder,
        "published encoder": tiny.published_e5(folder / "e5"),
        "cross-encoder": cross_encoder,
        "cross-encoder, saved again": _saved_again(cross_encoder, folder / "saved"),
        "language model": tiny.language_model(folder / "words"),
    }


def _saved_again(folder, target):
    from sentence_transformers import CrossEncoder

    CrossEncoder(str(folder), device="cpu", local_files_only=True).save_pretrained(str(target))
    assert (target / "modules.json").is_file()
    return target


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "role", "problem"),
    [
        ("encoder", "embedder", None),
        ("published encoder", "embedder", None),
        ("language model", "embedder", None),  # averaged over, as the library does with any encoder
        ("cross-encoder", "embedder", "a reranker (BertForSequenceClassification)"),
        ("cross-encoder, saved again", "embedder", "a CrossEncoder"),
        ("cross-encoder", "reranker", None),
        ("cross-encoder, saved again", "reranker", None),
        ("encoder", "reranker", "a SentenceTransformer"),
        ("published encoder", "reranker", "an embedder"),
        ("language model", "reranker", "a model that scores no pairs (BertForMaskedLM)"),
    ],
)
def test_kinds(kinds, kind, role, problem):
    if problem is None:
        check_transformer(kinds[kind], role)
        return
    with pytest.raises(KhabarError) as caught:
        check_transformer(kinds[kind], role)
    assert problem in str(caught.value) and str(kinds[kind]) in str(caught.value)
    assert f"KHABAR_{role.upper()}" in caught.value.remedy


def recorded(folder, sizes, **more):
    (folder / "khabar.json").write_text(json.dumps({"model": "own/model", "files": sizes, **more}), "utf-8")


@pytest.mark.slow
def test_a_downloaded_model_must_have_all_its_weights(tmp_path):
    folder = tiny.encoder(tmp_path / "encoder")
    weights, config = folder / "model.safetensors", folder / "config.json"
    recorded(folder, {"model.safetensors": weights.stat().st_size, "config.json": config.stat().st_size})
    assert origin(folder) == "own/model" and damage_of(folder) == ""
    config.write_text(config.read_text() + " ")  # edited by hand
    assert damage_of(folder) == ""
    weights.write_bytes(weights.read_bytes()[:-1])
    assert damage_of(folder).startswith("model.safetensors has ")
    with pytest.raises(KhabarError, match="is not whole: model.safetensors has"):
        check_transformer(folder, "embedder")
    weights.unlink()
    assert "has 0 of" in damage_of(folder)


@pytest.mark.parametrize("record", ["{}", "[]", '{"files": []}', '{"files": null}'])
def test_a_record_that_says_nothing_accuses_nothing(tmp_path, record):
    (tmp_path / "khabar.json").write_text(record)
    assert damage_of(tmp_path) == "" and origin(tmp_path) == ""


def test_a_record_that_cannot_be_read(tmp_path):
    (tmp_path / "khabar.json").write_text("{")
    with pytest.raises(KhabarError, match="cannot be read"):
        damage_of(tmp_path)
