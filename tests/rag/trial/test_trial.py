"""What a language model can do, by one question a language: played servers, the real prompt and the real check."""

from __future__ import annotations

import json
import re

import pytest

from index.language import detect_language
from index.types import LANGUAGES, KhabarError
from rag.generate.server import OpenAIGenerator
from rag.text.glossary import load_glossary
from rag.trial.task import tasks
from rag.trial.trial import Budget, try_model
from tests.rag.generate.played import MODEL, PROGRAMS, Ollama, played
from tests.rag.scripted import BROKEN, CopyingGenerator, ScriptedGenerator

BUDGET = Budget(200, 3000)
WORDS = {"ar": "رقم آخر تماما هو 99 مليون.", "fa": "هزینه ۹۹ میلیون دلار بود.", "en": "It cost 99 million euros."}


def tried(generator, budget=BUDGET):
    return try_model(generator, load_glossary(None), budget)


def first_sentence(language):
    return tasks()[language].evidence[0].quote


def writing(program, compose, **options):
    """Return a played server that writes what `compose` makes of the prompt's language and of its first marker."""

    class Writing(program):
        def chat(self, request):
            content = request["messages"][-1]["content"]
            language = detect_language(content.rsplit("\n", 1)[-1])
            marker = re.search(r"\[\w+\]", content)
            self.pieces = re.findall(r"\S+\s*", compose(language, marker.group()))
            return super().chat(request)

    return Writing(**options)


def well(language, marker):
    return f"{first_sentence(language)[:-1]} {marker}."


def at(address, languages=LANGUAGES, model=MODEL):
    return OpenAIGenerator(address, model, "", frozenset(languages), 20.0)


def test_the_tasks_are_in_their_languages_and_answered_by_their_first_sentence():
    assert set(tasks()) == set(LANGUAGES)
    for language, task in tasks().items():
        assert detect_language(task.question) == language and len(task.evidence) == 2
        for item in task.evidence:
            assert item.passage.chunk.language == language == detect_language(item.quote)
            assert item.passage.article.text.startswith(item.quote)
    assert "3 November" in first_sentence("en") and "3 نوفمبر" in first_sentence("ar") and "۱۲ آبان" in first_sentence("fa")


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_a_server_whose_model_writes_well(name):
    with played(writing(PROGRAMS[name], well, thoughts=["فكرة"])) as address:
        trial = tried(at(address))
    assert trial.writes and trial.streams and trial.thinks
    assert (trial.card.program, trial.card.known, trial.card.context) == (name, True, 4096)
    for item in trial.languages:
        assert (item.verdict, item.shown, item.replaced, item.dropped) == ("yes", 1, 0, 0)
        assert item.example == f"{first_sentence(item.language)} [1]" and item.failure == ""
        assert item.tokens_per_second > 0 and item.first_sentence_seconds > 0
        assert item.counted == (name in ("llama.cpp", "vLLM")) and item.tokens_per_word > 0


def test_a_model_that_writes_one_language_well():
    def compose(language, marker):
        return well(language, marker) if language == "ar" else f"{WORDS[language]} {marker}"

    with played(writing(Ollama, compose)) as address:
        trial = tried(at(address))
    verdicts = {item.language: item.verdict for item in trial.languages}
    assert verdicts == {"ar": "yes", "fa": "quotes only", "en": "quotes only"} and trial.writes and trial.thinks is False
    persian = next(item for item in trial.languages if item.language == "fa")
    assert persian.shown == 0 and persian.replaced + persian.dropped == 1 and persian.example.startswith("هزینه ۹۹ میلیون")


def test_a_model_that_writes_well_in_part():
    def compose(language, marker):
        return f"{well(language, marker)} {WORDS[language]} {marker}"

    with played(writing(Ollama, compose)) as address:
        trial = tried(at(address, ["fa"]))
    assert {item.language: item.verdict for item in trial.languages} == {"ar": "not asked", "fa": "in part", "en": "not asked"}


def test_letters_that_a_server_lost_are_not_shown():
    """A word with a lost letter in it is another word, even if the rest of it would do."""

    def compose(language, marker):
        first, rest = first_sentence(language)[:-1].split(" ", 1)
        return f"{first[:-1]}\N{REPLACEMENT CHARACTER}{first[-1]} {rest} {marker}."

    with played(writing(Ollama, compose)) as address:
        trial = tried(at(address))
    assert not trial.writes and all(item.shown == 0 for item in trial.languages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_real_prompt_is_shortened_for_a_short_context(language):
    """What rag/generate/shortening.py takes for passages are the passages of rag/draft/prompt.py."""

    class Short(PROGRAMS["llama.cpp"]):
        def chat(self, request):
            self.context = self.context or whole(request) - 1
            self.pieces = [well(language, re.search(r"\[\w+\]", request["messages"][-1]["content"]).group())]
            return super().chat(request)

    def whole(request):
        return sum(len(message["content"].split()) for message in request["messages"]) + request["max_tokens"]

    server = Short(context=0)
    with played(server) as address:
        trial = tried(at(address, [language]))
    first, second = ([message["content"] for message in asked["messages"]] for asked in server.asked)
    assert trial.writes and len(second[-1]) < len(first[-1]) and second[0] == first[0]
    assert first_sentence(language)[:20] in second[-1] and tasks()[language].question in second[-1]
    assert tasks()[language].evidence[1].quote[:20] not in second[-1]


def test_a_server_that_is_not_there():
    with played(Ollama()) as address:
        pass
    with pytest.raises(KhabarError, match="is not reached"):
        tried(at(address))


def test_a_model_that_is_not_there():
    with played(Ollama()) as address, pytest.raises(KhabarError, match=f"knows no model 'آخر'; it offers {MODEL}"):
        tried(at(address, model="آخر"))


def test_a_failure_in_one_language_alone_is_told():
    class Once(Ollama):
        def chat(self, request):
            self.breaks = not self.breaks
            return super().chat(request)

        def broken(self):
            yield b'data: {"error": "\xd9\x86\xd9\x81\xd8\xaf\xd8\xaa"}\n\n'

    with played(Once()) as address:
        trial = tried(at(address, ["ar", "en"]))
    failures = {item.language: item.failure for item in trial.languages}
    assert "نفدت" in failures["ar"] and failures["en"] == "" and not trial.writes


def test_a_model_of_this_process():
    trial = tried(CopyingGenerator(lambda passages: f"{passages[0].split('. ')[0]} [1].", ["en"]))
    assert trial.card is None and trial.name == "scripted" and trial.writes
    assert [item.counted for item in trial.languages if item.verdict != "not asked"] == [True]
    with pytest.raises(KhabarError, match="out of memory"):
        tried(ScriptedGenerator([BROKEN]))


def test_a_model_that_serves_no_language():
    with pytest.raises(KhabarError, match="writes no language"):
        tried(ScriptedGenerator([], []))


def test_everything_is_json():
    with played(writing(Ollama, well)) as address:
        told = json.loads(json.dumps(tried(at(address)).to_json(), ensure_ascii=False))
    assert told["writes"] is True and told["card"]["program"] == "Ollama"
    assert [item["language"] for item in told["languages"]] == list(LANGUAGES)
    assert told["languages"][0].keys() >= {"verdict", "shown", "replaced", "dropped", "example", "tokens_per_word", "failure"}
