"""A sentence of a draft and the passages -> the evidence that supports it, or None: nothing else may be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from index.chunk import Span, split_sentences
from index.language import detect_language
from index.text import words
from rag.draft import tuning
from rag.draft.alignment import Alignment, align_whole
from rag.draft.guards import is_open
from rag.draft.judge import NO_JUDGE, NONE, Judge
from rag.draft.markers import DraftSentence
from rag.draft.prompt import Excerpt
from rag.draft.punctuation import asks, same_marks_of_words, same_writing, unwrapped
from rag.draft.statement import Statement, joined, read_statement, refers_back, with_antecedent
from rag.draft.support import support
from rag.draft.tokens import Token, read_tokens
from rag.text.glossary import Glossary
from rag.text.instruction import is_instruction
from rag.types import Evidence, Passage
from rag.weigh.logistic import probability


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a draft without its markers, and the evidence that supports it."""

    text: str
    evidence: tuple[Evidence, ...]


def cited_passages(sentence: DraftSentence, excerpts: Sequence[Excerpt]) -> list[Passage]:
    """Return the passages that a sentence's markers name, by tag or by number; none where one of them names nothing."""
    known = {item.tag: item.passage for item in excerpts}
    known |= {str(number): item.passage for number, item in enumerate(excerpts, 1)}
    if sentence.broken or any(tag not in known for tag in sentence.tags):
        return []
    return list({known[tag].chunk.chunk_id: known[tag] for tag in sentence.tags}.values())


def check_sentence(
    sentence: DraftSentence, excerpts: Sequence[Excerpt], glossary: Glossary, judge: Judge = NO_JUDGE
) -> CheckedSentence | None:
    """Return a draft's sentence with its evidence, or None unless its markers name passages and one of those supports it.

    Raises KhabarError where the judge cannot be loaded.
    """
    if not words(sentence.text) or is_instruction(sentence.text):
        return None
    found = (supporting_evidence(sentence.text, passage, glossary, judge) for passage in cited_passages(sentence, excerpts))
    evidence = tuple(item for item in found if item)
    return CheckedSentence(sentence.text, evidence) if evidence else None


def supporting_evidence(text: str, passage: Passage, glossary: Glossary, judge: Judge = NO_JUDGE) -> Evidence | None:
    """Return the sentence of a passage that says what `text` says, or None.

    A sentence that points back ("he said ...") is read with the one before it, and both become the quote; a judge may read any
    two that follow one another. Sentences that give orders to a model support nothing.
    """
    language = detect_language(text)
    claim = read_statement(read_tokens(text, language, glossary, passage.article.published), language)
    told = _statements(passage, glossary)
    found = _best(passage, [(span, _by_rules(text, claim, span, said, passage, glossary, judge)) for span, said in told])
    if found is None and judge.name != NONE:
        near = _nearest(claim, passage, glossary)
        found = _best(passage, [(span, _judged(text, span, whole, passage, judge)) for span, whole in near])
    return found


def _best(passage: Passage, found: Sequence[tuple[Span, float]]) -> Evidence | None:
    """Return the span of a passage that supports a claim best, the first of equals; None where none does."""
    span, share = max(found, key=lambda one: one[1], default=(Span(0, 0), 0.0))
    offset = passage.chunk.start
    return Evidence(passage, offset + span.start, offset + span.end, share) if share > 0.0 else None


def _by_rules(
    text: str, claim: Statement, span: Span, statement: Statement, passage: Passage, glossary: Glossary, judge: Judge
) -> float:
    """Return how much of a claim a sentence of a passage says by the rules; 0 where a judge of its language doubts it.

    A copy is beyond doubt.
    """
    source = passage.chunk.text[span.start : span.end]
    if asks(text) != asks(source):
        return 0.0
    if _is_copy(text, source, passage, glossary):
        return 1.0
    share = support(claim, statement)
    odds = judge.odds(text, source) if share and claim.language == statement.language else None
    return 0.0 if odds is not None and odds < tuning.DOUBT else share


def _judged(text: str, span: Span, whole: Alignment, passage: Passage, judge: Judge) -> float:
    """Return how surely a passage says, by a judge, what the rules do not find in it; 0 where it does not, or cannot be told.

    What a guard refuses is not judged: that takes a thousand times as long.
    """
    source = passage.chunk.text[span.start : span.end]
    odds = judge.odds(text, source) if asks(text) == asks(source) and is_open(whole) else None
    return probability(odds) if odds is not None and odds >= tuning.BAR else 0.0


def _nearest(claim: Statement, passage: Passage, glossary: Glossary) -> Sequence[tuple[Span, Alignment]]:
    """Return a claim beside what of a passage holds most of it, a sentence or two that follow one another: few are judged."""
    alone = [(span, align_whole(claim, said)) for span, said in _statements(passage, glossary)]
    together = [(span, align_whole(claim, said)) for span, said in _neighbours(passage, glossary)]
    found = [(whole.missing(), span, whole) for span, whole in alone]
    found += [(whole.missing() + tuning.TOGETHER, span, whole) for span, whole in together]
    return [(span, whole) for _, span, whole in sorted(found, key=lambda one: one[0])[: tuning.JUDGED]]


def _is_copy(text: str, source: str, passage: Passage, glossary: Glossary) -> bool:
    """Tell whether a text is a passage's sentence as it is written there, perhaps in quotation marks."""
    text = unwrapped(text, source)
    if not same_writing(text, source):
        return False
    language, published = passage.chunk.language, passage.article.published
    one, other = (read_tokens(each, language, glossary, published) for each in (text, source))
    return same_marks_of_words(one, other, language)


def needs_antecedent(text: str, glossary: Glossary) -> bool:
    """Tell whether a sentence leaves open who it is about: "He said ...", "او گفت ...", "وأضاف أن ..."."""
    language = detect_language(text)
    return refers_back(read_tokens(text, language, glossary), language)


def with_sentence_before(evidence: Evidence) -> Evidence | None:
    """Return a piece of evidence together with the sentence before it in its paragraph; None where there is none."""
    passage = evidence.passage
    spans = split_sentences(passage.chunk.text, passage.chunk.language)
    start = evidence.start - passage.chunk.start
    before = next((span for span in reversed(spans) if span.end <= start), None)
    if before is None or "\n" in passage.chunk.text[before.end : start]:
        return None
    return replace(evidence, start=passage.chunk.start + before.start)


@lru_cache(maxsize=tuning.PASSAGES_READ)
def _statements(passage: Passage, glossary: Glossary) -> tuple[tuple[Span, Statement], ...]:
    """Return what each sentence of a passage says; one that points back also with its antecedent, over both sentences."""
    return tuple(_read_passage(passage, glossary))


def _read_passage(passage: Passage, glossary: Glossary) -> Iterator[tuple[Span, Statement]]:
    text, language = passage.chunk.text, passage.chunk.language
    before: tuple[Token, ...] = ()
    previous: Span | None = None
    for span in split_sentences(text, language):
        sentence = text[span.start : span.end]
        told = not is_instruction(sentence)
        tokens = read_tokens(sentence, language, glossary, passage.article.published) if told else ()
        if tokens:
            yield span, read_statement(tokens, language)
        together = previous is not None and "\n" not in text[previous.end : span.start]
        resolved = with_antecedent(tokens, before, language) if together else None
        if previous and resolved:
            yield Span(previous.start, span.end), read_statement(resolved, language)
        before, previous = tokens, span


def _neighbours(passage: Passage, glossary: Glossary) -> Iterator[tuple[Span, Statement]]:
    """Yield what each two sentences of a paragraph that follow one another say together."""
    text, said = passage.chunk.text, dict(_statements(passage, glossary))
    for one, other in pairwise(split_sentences(text, passage.chunk.language)):
        if one in said and other in said and "\n" not in text[one.end : other.start]:
            yield Span(one.start, other.end), joined(said[one], said[other])
