"""An article -> the questions that its sentences may answer, the best first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from index.text import fold, spaced
from index.types import Article, Language
from rag.entities.extraction import GlossaryNames
from rag.offer import tuning
from rag.offer.arabic import arabic_questions
from rag.offer.english import english_questions
from rag.offer.frames import frame_questions, remarks_questions
from rag.offer.persian import persian_questions
from rag.offer.sentence import Sentence, sentences_of
from rag.offer.types import Candidate
from rag.text.common_words import is_function_word
from rag.text.days import names_a_time
from rag.text.glossary import Glossary
from rag.text.word_list import word_list

_CLAUSES: Mapping[Language, Callable[[Sentence], Iterator[Candidate]]] = {
    "ar": arabic_questions, "fa": persian_questions, "en": english_questions,
}  # fmt: skip
_GLUED = re.compile(r"\d[\u0600-\u06ff]{3}")
_REST = re.compile(r"[؟?]$")


def candidates_of(article: Article, reader: GlossaryNames, glossary: Glossary) -> Iterator[Candidate]:
    """Yield the questions made of an article, in its own language and in others, sentence by sentence."""
    told: set[str] = set()
    for sentence in sentences_of(article, reader):
        for candidate in (*frame_questions(sentence, glossary), *_CLAUSES[article.language](sentence)):
            if _is_fit(candidate, sentence) and candidate.question not in told:
                told.add(candidate.question)
                yield candidate


def remarks_of(article: Article, reader: GlossaryNames, glossary: Glossary, language: Language) -> Iterator[Candidate]:
    """Yield the questions what those said whom an article quotes, each asked once."""
    told: set[str] = set()
    for sentence in sentences_of(article, reader):
        for candidate in remarks_questions(sentence, glossary, language):
            if candidate.question not in told:
                told.add(candidate.question)
                yield candidate


def _is_fit(candidate: Candidate, sentence: Sentence) -> bool:
    """Tell whether a question is of a length that people ask, names something, and ends as a question does."""
    found = _REST.sub("", candidate.question).split()
    if not tuning.FEWEST_WORDS <= len(found) <= tuning.MOST_WORDS or len(candidate.question) > tuning.MOST_LETTERS:
        return False
    content = [word for word in found[1:] if not is_function_word(fold(word))]
    least = tuning.FEWEST_OF_A_FRAME if candidate.kind == "said" else tuning.FEWEST_CONTENT_WORDS
    if len(content) < least or fold(found[-1]) in word_list("offer_words.tsv", "preposition"):
        return False
    if candidate.kind == "said" or candidate.language != sentence.language:
        return True
    # A day or a number that was written into a word is left over: 14أفريل.
    if candidate.kind == "when" and names_a_time(candidate.question) or _GLUED.search(candidate.question):
        return False
    question = spaced(candidate.question)
    answer = range(candidate.start - sentence.start, candidate.end - sentence.start)
    return any(spaced(name.text) in question for name in sentence.names if name.start not in answer)
