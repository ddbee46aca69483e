"""An answer that nobody wants any longer: the language server sees its reader hang up, though it has said nothing yet."""

from __future__ import annotations

import threading

import pytest

from index.types import LANGUAGES
from rag.ask.question import read_question
from rag.draft.writer import Writer
from rag.generate.leash import Leash
from rag.generate.server import OpenAIGenerator
from rag.quote.quoted_answer import quoted_answer
from rag.text.glossary import load_glossary
from rag.trial.task import tasks
from tests.rag.generate.played import MODEL, Silent


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_leash_of_a_written_answer_reaches_the_server(language):
    task, leash, answers = tasks()[language], Leash(), []
    question = read_question(task.question, (), load_glossary(None), 200)
    quoted = quoted_answer(question, task.evidence, 2, task.evidence[0].passage.article.published)
    with Silent() as server:
        writer = Writer(OpenAIGenerator(server.address, MODEL, "", frozenset(LANGUAGES), 60.0), 200, 3000)
        written = writer.write(question, task.evidence, quoted, leash)
        reading = threading.Thread(target=lambda: answers.extend(written), daemon=True)
        reading.start()
        assert server.asked.wait(20) and not server.gone.is_set()
        leash.pull()
        assert server.gone.wait(10)
        reading.join(10)
        assert not reading.is_alive() and all(answer.mode == "quotes" for answer in answers)
