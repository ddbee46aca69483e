"""Sentences, and what the reader model found in them -> which of them answer, and with which span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.language import detect_language
from index.text import words
from index.types import Language
from rag.ask.question import Question
from rag.ask.term import terms_of
from rag.weigh import tuning
from rag.weigh.logistic import log_odds
from rag.weigh.reader import AnswerSpan, Reading
from rag.weigh.sentences import Sentence
from rag.weigh.weighted_question import WeightedQuestion, countries_of

# Characters stripped from the ends of a span: a token includes the stop or comma after a word.
_BORDERS = " \n.,;:،؛!?؟…"
# What opens and what closes: a span that holds one of two takes the other along where it stands next to it.
_PAIRS = (("«", "»"), ("“", "”"), ("(", ")"), ("[", "]"), ('"', '"'))


class SentenceSigns(NamedTuple):
    """The signs that a sentence answers.

    `span` are the log odds of the best span in it, `behind` what these are behind the best of its passage (0 or less), and
    `answers` the log odds that its passage answers; `words` are its words' log odds behind the best sentence's (0 or less);
    `score` is its passage's; `own` tells (0 or 1) that it is in the question's language, `elsewhere` that it names other
    countries than the question.
    """

    span: float
    behind: float
    answers: float
    words: float
    score: float
    own: float
    elsewhere: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence that was read: the span in it that answers best, and the log odds that the sentence answers."""

    sentence: Sentence
    span: AnswerSpan
    signs: SentenceSigns
    odds: float


def read_sentences(
    question: WeightedQuestion, ranked: Sequence[tuple[Sentence, float]], readings: Sequence[Reading]
) -> list[ReadSentence]:
    """Return the sentences that were read, best first; one that two passages share counts once, at its best.

    `ranked` are all sentences with their words' log odds.
    """
    best_words = max((odds for _, odds in ranked), default=0.0)
    by_words = {sentence.key: (sentence, odds) for sentence, odds in ranked}
    found: list[ReadSentence] = []
    for reading in readings:
        passage, best_span = reading.passage, max((span.odds for span in reading.spans.values()), default=0.0)
        own = float(passage.chunk.language == question.question.language)
        for start, span in reading.spans.items():
            known = by_words.get((passage.article.article_id, start))
            if known is None:
                continue
            sentence, odds = known
            elsewhere = float(_is_elsewhere(question, sentence.text, passage.chunk.language))
            signs = SentenceSigns(
                span.odds, span.odds - best_span, reading.answers, odds - best_words, passage.score, own, elsewhere
            )
            found.append(ReadSentence(sentence, span, signs, log_odds("judged", signs)))
    return likeliest([found])


def _is_elsewhere(question: WeightedQuestion, text: str, language: Language) -> bool:
    """Tell whether a text names countries, and none of those of which a question asks a number: the storm's dead in another.

    To a question after anything else, other countries may belong: whoever refused missiles to one is of another.
    """
    if not question.countries:
        return False
    told = countries_of(terms_of(words(text), language, question.question.glossary))
    return bool(told) and question.countries.isdisjoint(told)


def likeliest(ways: Sequence[Sequence[ReadSentence]]) -> list[ReadSentence]:
    """Return the sentences read for each way to ask one question, each once, for the way in which it answers best."""
    found: dict[tuple[str, int], ReadSentence] = {}
    for one in (one for way in ways for one in way):
        if one.sentence.key not in found or found[one.sentence.key].odds < one.odds:
            found[one.sentence.key] = one
    return sorted(found.values(), key=lambda one: (-one.odds, one.sentence.passage.rank, one.sentence.start))


def together(parts: Sequence[Sequence[ReadSentence]]) -> list[ReadSentence]:
    """Return the sentences read for each part of a question in one order: the best of each part that answers it, the rest.

    A sentence counts once, for the part that it answers best.
    """
    whole: dict[tuple[str, int], ReadSentence] = {}
    for one in sorted((one for part in parts for one in part), key=lambda one: -one.odds):
        whole.setdefault(one.sentence.key, one)
    leading: dict[tuple[str, int], ReadSentence] = {}
    for part in parts:
        best = next((one for one in part if one.sentence.key not in leading and one.odds >= tuning.LEAST_MARKED), None)
        if best:
            leading[best.sentence.key] = best
    if len(leading) < 2:
        return list(whole.values())
    first = sorted(leading.values(), key=lambda one: -one.odds)
    return [*first, *(one for key, one in whole.items() if key not in leading)]


def phrase_of(question: Question, one: ReadSentence) -> tuple[int, int] | None:
    """Return the span that answers, in the article's text, where its sentence may; None for a question of yes or no."""
    text = one.sentence.passage.article.text[one.span.start : one.span.end]
    if one.odds < tuning.LEAST_MARKED or question.kind == "yesno":
        return None
    if not any(map(str.isalnum, text)) or _is_beside(question, text):
        return None
    start = one.span.start + len(text) - len(text.lstrip(_BORDERS))
    return with_its_marks(one.sentence.passage.article.text, start, start + len(text.strip(_BORDERS)))


def with_its_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span with the quotation mark or bracket beside it whose other half it holds: "a 10" out of ten."""
    for opening, closing in _PAIRS:
        held = text[start:end]
        alone = held.count(closing) % 2 if opening == closing else held.count(closing) - held.count(opening)
        if not alone:
            continue
        if (alone > 0) and text[:start].endswith(opening):
            start -= 1
        elif (alone < 0 or opening == closing) and text.startswith(closing, end):
            end += 1
    return start, end


def _is_beside(question: Question, text: str) -> bool:
    """Tell whether a span is but a person, and none that a question after somebody asks for.

    It does not ask for one whom it names itself; and who that is, no name tells.
    """
    if question.kind != "who" and not question.asks_definition:
        return False
    named = {entry for term in question.all_terms for entry in term.entries if entry.kind == "person"}
    found = terms_of(words(text), detect_language(text), question.glossary) if named else ()
    persons = [{entry for entry in term.entries if entry.kind == "person"} for term in found]
    return bool(found) and all(met if question.asks_definition else not named.isdisjoint(met) for met in persons)
