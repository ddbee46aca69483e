"""A sentence of a draft and the passages -> the evidence that supports it, or None: nothing else may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.chunk import Span, split_sentences
from index.language import detect_language
from index.text import words
from index.types import Language
from rag.draft import tuning
from rag.draft.entailment import compared, entailment, is_open
from rag.draft.judge import NO_JUDGE, NONE, Judge
from rag.draft.markers import DraftSentence
from rag.draft.prompt import Excerpt
from rag.draft.punctuation import asks, same_marks_of_words, same_writing, unwrapped
from rag.draft.statement import Statement, read_statement, refers_back, with_antecedent
from rag.draft.support import support
from rag.draft.tokens import Token, read_tokens
from rag.text.glossary import Glossary
from rag.text.instruction import is_instruction
from rag.types import Evidence, Passage


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
    told = [(span, _by_rules(text, claim, span, said, passage, glossary, judge)) for span, said in _alone(passage, glossary)]
    found = _best(passage, told)
    if found is None and judge.name != NONE:
        near = _nearest(claim, passage, glossary)
        found = _best(passage, [(span, _judged(text, claim, span, said, passage, judge)) for span, said in near])
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


def _judged(text: str, claim: Statement, span: Span, statement: Statement, passage: Passage, judge: Judge) -> float:
    """Return how surely a source says, by a judge, what the rules do not find in it; 0 where it does not, or cannot be told.

    What a guard refuses is not judged: that takes a thousand times as long.
    """
    source, pair = passage.chunk.text[span.start : span.end], compared(claim, statement)
    odds = judge.odds(text, source) if asks(text) == asks(source) and is_open(pair) else None
    return 0.0 if odds is None else entailment(replace(pair, odds=odds))


def _nearest(claim: Statement, passage: Passage, glossary: Glossary) -> Sequence[tuple[Span, Statement]]:
    """Return the sentences of a passage, or two that follow one another, that hold most of a claim: a judge reads but few."""
    found = [(compared(claim, said).whole.missing(), span, said) for span, said in _alone(passage, glossary)]
    found += [
        (compared(claim, said).whole.missing() + tuning.TOGETHER, span, said) for span, said in _together(passage, glossary)
    ]
    return [(span, said) for _, span, said in sorted(found, key=lambda one: one[0])[: tuning.JUDGED]]


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


def _alone(passage: Passage, glossary: Glossary) -> Sequence[tuple[Span, Statement]]:
    """Return what each sentence of a passage says; one that points back also with its antecedent, over both sentences."""
    return _statements(passage, glossary)[0]


def _together(passage: Passage, glossary: Glossary) -> Sequence[tuple[Span, Statement]]:
    """Return what each two sentences of a paragraph that follow one another say."""
    return _statements(passage, glossary)[1]


_Said = tuple[tuple[Span, Statement], ...]


@lru_cache(maxsize=tuning.PASSAGES_READ)
def _statements(passage: Passage, glossary: Glossary) -> tuple[_Said, _Said]:
    alone: list[tuple[Span, Statement]] = []
    together: list[tuple[Span, Statement]] = []
    text, language = passage.chunk.text, passage.chunk.language
    before: tuple[Token, ...] = ()
    previous: Span | None = None
    for span in split_sentences(text, language):
        sentence = text[span.start : span.end]
        told = not is_instruction(sentence)
        tokens = read_tokens(sentence, language, glossary, passage.article.published) if told else ()
        if tokens:
            alone.append((span, read_statement(tokens, language)))
        if previous and tokens and before and "\n" not in text[previous.end : span.start]:
            both = Span(previous.start, span.end)
            resolved = with_antecedent(tokens, before, language)
            if resolved:
                alone.append((both, read_statement(resolved, language)))
            together.append((both, _joined(before, tokens, language)))
        before, previous = tokens, span
    return tuple(alone), tuple(together)


def _joined(first: Sequence[Token], second: Sequence[Token], language: Language) -> Statement:
    """Return what two sentences say together: the speaker of either, and the words of both."""
    one, other = read_statement(first, language), read_statement(second, language)
    speaker = (*(one.speaker or ()), *(other.speaker or ())) or None
    return Statement((*one.body, *other.body), speaker, language, one.voices | other.voices)
