"""`khabar models`."""

import json
import shutil

import pytest

from index.models import RECOMMENDED
from tests import tiny
from tests.cli.command import ARABIC, article, khabar, refused
from tests.rag.generate.played import MODEL, Ollama, played
from tests.rag.trial.test_trial import well, writing


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A models folder with a downloaded embedder and a reranker of the user's own, both small and made here."""
    folder = tmp_path_factory.mktemp("models")
    tiny.published_e5(folder / "multilingual-e5-base")
    tiny.cross_encoder(folder / "مرتب")
    (folder / ".bge-reranker-v2-m3@0123").mkdir()
    return folder


def test_models(tmp_path):
    stdout = khabar("models", KHABAR_MODELS=str(tmp_path)).stdout
    assert "embedder: none" in stdout and "reranker: none" in stdout and "language model: none" in stdout
    assert "--llm FILE.gguf" in stdout and f"lie in {tmp_path}" in stdout
    for model in RECOMMENDED:
        assert f"{model.name}: " in stdout and f"{model.licence}: not downloaded" in stdout
    stdout = khabar("models", KHABAR_EMBEDDER="multilingual-e5-small", KHABAR_LLM="smollm2").stdout
    assert "embedder: multilingual-e5-small-int8, languages: ar, en, fa, 72 MB, in /" in stdout and "e5-small-q4.bin;" in stdout
    assert "SmolLM2-135M-Instruct, languages: en" in stdout and ".gguf;" in stdout


@pytest.mark.slow
def test_models_that_are_here_and_in_use(models):
    chosen = {"KHABAR_MODELS": str(models), "KHABAR_EMBEDDER": "multilingual-e5-base", "KHABAR_RERANKER": "مرتب"}
    result = khabar("models", "--check", "--reranker-languages", "fa", **chosen)
    assert result.exit_code == 0, result.output
    place = models / "multilingual-e5-base"
    lines = result.stdout.splitlines()
    assert lines[0].startswith("embedder: multilingual-e5-base@") and f"in {place}" in lines[0]
    assert "languages: ar, en, fa, 1" in lines[0] and "prompts 'query: ' and 'passage: '" in lines[0]
    assert lines[1].startswith("reader: none") and "--reader e5-reader" in lines[1]
    assert lines[2].startswith("reranker: مرتب, languages: fa") and "kB" in lines[2]
    told = {line.strip().split(": ")[0]: line for line in lines if line.startswith("  ")}
    assert "MIT: downloaded, " in told["multilingual-e5-base"] and "not downloaded" in told["bge-reranker-v2-m3"]
    assert "kB" in told["مرتب"] and len(told) == len(RECOMMENDED) + 1
    assert lines[-1] == "All of them work."


@pytest.mark.slow
def test_a_downloaded_model_that_is_damaged_is_told_in_the_list(models, tmp_path):
    shutil.copytree(models / "multilingual-e5-base", tmp_path / "multilingual-e5-base")
    (tmp_path / "multilingual-e5-base" / "khabar.json").write_text('{"files": {"model.safetensors": 7}}')
    assert "model.safetensors has" in khabar("models", "--models", tmp_path).stdout
    refused(khabar("models", "--models", tmp_path, "--embedder", "multilingual-e5-base"), "not whole")


def test_a_model_that_is_not_downloaded(tmp_path):
    for flag, name in (("--embedder", "multilingual-e5-base"), ("--reranker", "bge-reranker-v2-m3")):
        refused(khabar("models", "--models", tmp_path, flag, name), tmp_path, f"khabar models download {name}")


@pytest.mark.slow
def test_an_index_with_a_downloaded_embedder_and_other_prompts(models, tmp_path):
    news, data = tmp_path / "news", tmp_path / "data"
    news.mkdir()
    (news / "قمة.txt").write_text(article("قمة", "عُقدت القمة في بودابست."), "utf-8")
    (news / "قمح.txt").write_text(article("قمح", "ارتفعت أسعار القمح في الأسواق."), "utf-8")
    chosen = {"KHABAR_MODELS": str(models), "KHABAR_EMBEDDER": "multilingual-e5-base", "KHABAR_DATA": str(data)}
    assert khabar("index", news, **chosen).exit_code == 0
    assert "[1]" in khabar("ask", "أين عُقدت القمة؟", **chosen).stdout
    before = status_with(chosen)
    assert before["chunks"] == before["of"] == 2 and before["embedder"].startswith("multilingual-e5-base@")
    # Other prompts make other vectors: they are made beside those in use, and words answer until all are there.
    other = chosen | {"KHABAR_QUERY_PROMPT": "سؤال: "}
    assert "[1]" in khabar("ask", "أين عُقدت القمة؟", **other).stdout
    assert status_with(other)["before"] == before["embedder"] and status_with(other)["chunks"] == 0
    assert f"It was embedded by {before['embedder']}" in khabar("index", **other).stdout
    assert status_with(other)["before"] is None and status_with(other)["chunks"] == 2
    assert "[1]" in khabar("ask", "أين عُقدت القمة؟", **other).stdout


def status_with(chosen):
    return json.loads(khabar("status", "--json", **chosen).stdout)["embedded"]


def test_the_embedder_of_an_earlier_khabar(data):
    for command in (["ask", ARABIC], ["index"], ["status"]):
        told = refused(khabar(*command, "--data", data, "--embedder", "minilm"), "'minilm'", "no longer part of Khabar")
        assert "multilingual-e5-small" in told


@pytest.mark.parametrize("before", [True, False])
def test_the_download_of_a_model(tmp_path, monkeypatch, before):
    """What the command says; tests/rag/test_download.py has the download itself."""
    asked = []

    def download(model, folder, progress):
        asked.append((model.name, folder))
        progress.stage("fetch", 10)
        progress.advance(10)
        return folder / model.name

    monkeypatch.setattr("ui.commands.models.download", download)
    place = tmp_path / "my models"
    flags = ["--models", place]
    result = khabar("models", *(flags if before else []), "download", "embedder", *([] if before else flags))
    assert result.exit_code == 0, result.output
    assert asked == [("multilingual-e5-base", place)]
    assert result.stdout.splitlines() == [
        f"multilingual-e5-base is in {place / 'multilingual-e5-base'}.",
        f"To use it: export KHABAR_EMBEDDER='{place / 'multilingual-e5-base'}' && khabar index",
    ]
    named = khabar("models", "download", "bge-reranker-v2-m3", KHABAR_MODELS=str(place), KHABAR_EMBEDDER="not there")
    assert named.stdout.splitlines()[-1] == "To use it: export KHABAR_RERANKER=bge-reranker-v2-m3"


def fetching(monkeypatch, gigabytes=16.5, unchecked=()):
    """Have nothing fetched, on a machine of so much memory; return the list of what would be."""
    asked = []
    monkeypatch.setattr("ui.commands.models.memory_here", lambda: gigabytes and int(gigabytes * 1e9))
    monkeypatch.setattr("ui.commands.models.unchecked", lambda place: list(unchecked))

    def download(model, folder, progress):
        asked.append(model.name)
        return folder / model.name

    monkeypatch.setattr("ui.commands.models.download", download)
    return asked


def test_the_language_model_for_this_machine_is_told_and_fetched(tmp_path, monkeypatch):
    asked = fetching(monkeypatch)
    result = khabar("models", "download", "llm", KHABAR_MODELS=str(tmp_path))
    assert result.exit_code == 0 and asked == ["gemma-4-12B-it-qat-q4_0-gguf"]
    assert result.stdout.splitlines()[1:] == [f"To use it: export KHABAR_LLM={asked[0]}", "What it can do: khabar models check"]
    rows = [line for line in result.stderr.splitlines() if "GB of memory:" in line]
    assert [row.split()[0] for row in rows] == ["4", "8", "*", "32"]
    assert "Qwen3.5-2B-GGUF, 1.3 GB, Apache-2.0, tokens a word unknown" in rows[0]
    assert "7.0 GB, Apache-2.0, 1.56 tokens an Arabic word, 1.59 a Persian one" in rows[2]
    assert "for this machine's 16.5 GB; --memory chooses another" in result.stderr


@pytest.mark.parametrize(("memory", "name"), [(4, "Qwen3.5-2B-GGUF"), (8, "gemma-4-E4B-it-qat-q4_0-gguf"), (40, "26B-A4B")])
def test_a_language_model_for_other_memory(tmp_path, monkeypatch, memory, name):
    asked = fetching(monkeypatch, gigabytes=None)
    assert khabar("models", "download", "llm", "--memory", memory, KHABAR_MODELS=str(tmp_path)).exit_code == 0
    assert len(asked) == 1 and name in asked[0]


def test_memory_of_which_nothing_is_known_or_too_little(tmp_path, monkeypatch):
    asked = fetching(monkeypatch, gigabytes=None)
    refused(khabar("models", "download", "llm", KHABAR_MODELS=str(tmp_path)), "how much memory", "--memory 4, 8, 16 or 32")
    refused(khabar("models", "download", "llm", "--memory", 2), "fits into 2 GB", "--memory 4")
    refused(khabar("models", "download", "embedder", "--memory", 8), "'embedder' is a name")
    assert asked == [] and khabar("models", "download", "llm", "--memory", "كثير").exit_code == 2


def test_a_hub_without_hashes_is_told(tmp_path, monkeypatch):
    fetching(monkeypatch, unchecked=["نموذج.gguf"])
    result = khabar("models", "download", "llm", "--memory", 8, KHABAR_MODELS=str(tmp_path))
    assert "The hub gives no hash for نموذج.gguf: only the size was checked." in result.stdout


def test_the_download_of_no_known_model(tmp_path):
    refused(khabar("models", "download", "نموذج", "--models", tmp_path), "'نموذج'", "multilingual-e5-base")


# What a language model can do


def test_what_a_model_can_do():
    with played(writing(Ollama, well)) as address:
        told = khabar("models", "check", address, "--llm-model", MODEL, KHABAR_LLM_KEY="sk-0123")
        as_json = khabar("models", "check", "--json", KHABAR_LLM=address, KHABAR_LLM_MODEL=MODEL, KHABAR_LLM_LANGUAGES="fa")
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert lines[0].startswith(f"{MODEL} at {address}: it answers") and "sk-0123" not in told.output
    assert lines[1] == "server: Ollama; model: offered (1 models there); context: 4096 tokens"
    assert lines[2] == "streams: yes; thinks before it writes: no"
    assert lines[-1] == "Written answers: ar yes, fa yes, en yes."
    assert any(line.startswith("Persian: 1 shown, 0 replaced by a quote, 0 dropped; first sentence after") for line in lines)
    assert any(line.startswith("  shown: شهرداری روز سه‌شنبه") for line in lines)
    assert as_json.exit_code == 0, as_json.output
    whole = json.loads(as_json.stdout)
    assert [item["verdict"] for item in whole["languages"]] == ["not asked", "yes", "not asked"]


def test_a_model_that_can_write_nothing():
    with played(Ollama(pieces=["لا أدري."])) as address:
        told = khabar("models", "check", address, "--llm-model", MODEL)
    assert told.exit_code == 1 and "Traceback" not in told.output
    assert told.stdout.splitlines()[-1] == "Written answers: ar quotes only, fa quotes only, en quotes only."


def test_a_model_that_cannot_be_tried(tmp_path):
    with played(Ollama()) as address:
        refused(khabar("models", "check", address, "--llm-model", "نموذج"), "knows no model 'نموذج'", f"offers {MODEL}")
        refused(khabar("models", "check", address), "no model is named", "--llm-model")
    refused(khabar("models", "check", address, "--llm-model", MODEL), "is not reached")
    refused(khabar("models", "check", "none"), "writes no language")
    (tmp_path / "x.gguf").write_bytes(b"GGML")
    refused(khabar("models", "check", tmp_path / "x.gguf"), "broken")
    file, missing = tmp_path / "x.gguf", tmp_path / "مهايئ.gguf"
    file.write_bytes(b"GGUF")
    refused(khabar("models", "check", file, "--llm-adapter", missing), f"the adapter '{missing}'", "--llm-adapter")
    refused(khabar("models", "check", file, "--judge", "قاض"), "قاض")


@pytest.mark.slow
@pytest.mark.llama
def test_what_the_embedded_model_can_do():
    told = khabar("models", "check", "smollm2")
    assert told.exit_code in (0, 1), told.output
    assert told.stdout.splitlines()[-1].startswith("Written answers: ar not asked, fa not asked, en ")
