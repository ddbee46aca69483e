"""A model's draft, piece by piece -> the answer so far: the sentences that pass, with numbered citations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.language import detect_language
from index.text import fold
from index.types import Language
from rag.ask.question import Question
from rag.ask.term import Term
from rag.draft import tuning
from rag.draft.check import CheckedSentence, check_sentence, cited_passages, needs_antecedent, with_sentence_before
from rag.draft.markers import DraftSentence, draft_sentences
from rag.draft.prompt import Excerpt, is_refusal
from rag.draft.tokens import Token, read_tokens
from rag.phrases import in_quotation_marks, say, written_count
from rag.text.instruction import is_instruction
from rag.text.match import forms, sounds_of
from rag.types import Answer, Citation, DraftCount, Evidence, citation


class Draft:
    """Checks a draft sentence by sentence and makes the answer of it."""

    def __init__(self, question: Question, excerpts: Sequence[Excerpt], quoted: Answer) -> None:
        """Begin with nothing read; `excerpts` are what the model was given, `quoted` the answer that it is to better."""
        self._question = question
        self._excerpts = excerpts
        self._quoted = quoted
        self._numbers = CitationList(quoted.citations)
        self._shown: list[str] = []
        self._seen: set[str] = set()
        self._count = DraftCount()
        self._last: Evidence | None = None

    def read(self, pieces: Iterable[str]) -> Iterator[Answer]:
        """Take in a draft, and yield the answer with each sentence that stands, as soon as it is checked.

        Nothing is yielded before a sentence of the model's own stands; a quote in the place of another comes with the next.
        """
        failed = 0
        for sentence in draft_sentences(pieces):
            if is_refusal(sentence.text):
                return
            if not self._is_new(sentence):
                continue
            checked = self._checked(sentence)
            failed = 0 if checked else failed + 1
            changed = self._show(checked) if checked else self._replace(sentence)
            if changed and self._count.supported:
                yield self._answer()
            if failed == tuning.PATIENCE:
                return

    def whole(self) -> Answer:
        """Return the answer when the draft has ended: the quotes, where no sentence of the model's own stands."""
        language = self._question.language
        if self._count.supported:
            return replace(self._answer(), notices=(*self._quoted.notices, *_count_notices(self._count, language)))
        dropped = self._count.replaced + self._count.dropped
        notices = (*self._quoted.notices, say("nothing_supported" if dropped else "nothing_written", language))
        return replace(self._quoted, notices=notices, drafted=DraftCount(dropped=dropped))

    def _is_new(self, sentence: DraftSentence) -> bool:
        """Tell whether a sentence has words and was not read before: what a model repeats is shown, and counted, once."""
        key = "".join(filter(str.isalnum, fold(sentence.text)))
        if not key or key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _checked(self, sentence: DraftSentence) -> CheckedSentence | None:
        """Return a sentence that may be shown: supported, in the question's language, to the point, and clear by itself."""
        if detect_language(sentence.text) != self._question.language:
            return None
        checked = check_sentence(sentence, self._excerpts, self._question.glossary)
        if checked is None:
            return None
        if needs_antecedent(checked.text, self._question.glossary):
            return checked if self._goes_on(checked.evidence[0]) else self._with_antecedent(checked)
        return checked if _bears_on(self._question, checked.text, checked.evidence) else None

    def _with_antecedent(self, checked: CheckedSentence) -> CheckedSentence | None:
        """Return "He said ..." with the sentence before in its quote, if that one names whom the question asks about."""
        wider = with_sentence_before(checked.evidence[0])
        if wider is None or not _names_what_is_asked(self._question, wider):
            return None
        return CheckedSentence(checked.text, (wider,))

    def _goes_on(self, evidence: Evidence) -> bool:
        """Tell whether a piece of evidence is the sentence behind the last one shown, so that "he" is whom that one names."""
        if self._last is None or self._last.passage.article.article_id != evidence.passage.article.article_id:
            return False
        between = evidence.passage.article.text[self._last.end : evidence.start]
        return self._last.end <= evidence.start and not between.strip()

    def _show(self, checked: CheckedSentence) -> bool:
        self._shown.append(f"{checked.text} {self._numbers.marker(checked.evidence)}")
        self._count = replace(self._count, supported=self._count.supported + 1)
        self._last = checked.evidence[-1]
        return True

    def _replace(self, sentence: DraftSentence) -> bool:
        """Put a quote from the passage that a sentence names in the sentence's place, if there is one not shown yet."""
        quote = None if is_instruction(sentence.text) else self._quote_for(sentence)
        self._last = None
        if quote is None:
            self._count = replace(self._count, dropped=self._count.dropped + 1)
            return False
        self._shown.append(f"{in_quotation_marks(quote.quote, quote.language)} [{self._numbers.number(quote)}]")
        self._count = replace(self._count, replaced=self._count.replaced + 1)
        return True

    def _quote_for(self, sentence: DraftSentence) -> Citation | None:
        places = [
            (passage.article.article_id, passage.chunk.start, passage.chunk.end)
            for passage in cited_passages(sentence, self._excerpts)
        ]
        for quote in self._quoted.citations:
            if not self._numbers.holds(quote) and any(
                quote.article_id == article_id and start <= quote.start < end for article_id, start, end in places
            ):
                return quote
        return None

    def _answer(self) -> Answer:
        return replace(
            self._quoted, answer=" ".join(self._shown), mode="written", citations=self._numbers.citations, drafted=self._count
        )


def _count_notices(count: DraftCount, language: Language) -> tuple[str, ...]:
    """Return the lines that say how many sentences of a draft were left out or replaced; none where all stand."""
    told = (("replaced", count.replaced), ("dropped", count.dropped))
    return tuple(say(key, language, number=written_count(number, language)) for key, number in told if number)


class CitationList:
    """Numbers the evidence of an answer from 1 in the order of first use; a sentence cited twice keeps its number."""

    def __init__(self, known: Sequence[Citation] = ()) -> None:
        """Start without citations; `known` are citations made elsewhere, which tell more than a piece of evidence does."""
        self._known = {(item.article_id, item.start, item.end): item for item in known}
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._citations: list[Citation] = []

    def marker(self, evidence: Sequence[Evidence]) -> str:
        """Return the markers of some evidence, such as `[1][3]`."""
        return "".join(f"[{number}]" for number in dict.fromkeys(self.number(citation(0, item)) for item in evidence))

    def holds(self, quote: Citation) -> bool:
        """Tell whether a citation made elsewhere has a number in this list."""
        return (quote.article_id, quote.start, quote.end) in self._numbers

    def number(self, quote: Citation) -> int:
        """Return the number that a citation made elsewhere has in this list, a new one if need be."""
        key = (quote.article_id, quote.start, quote.end)
        if key not in self._numbers:
            self._numbers[key] = len(self._citations) + 1
            self._citations.append(replace(self._known.get(key, quote), number=self._numbers[key]))
        return self._numbers[key]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations so far, in the order of their numbers."""
        return tuple(self._citations)


def _bears_on(question: Question, text: str, evidence: Sequence[Evidence]) -> bool:
    """Tell whether a sentence, or the evidence behind it, meets a term of the question, best one that is not light."""
    tokens = list(read_tokens(text, detect_language(text), question.glossary))
    for item in evidence:
        tokens += read_tokens(item.quote, item.passage.chunk.language, question.glossary)
    terms = [term for term in question.all_terms if not term.is_light] or list(question.all_terms)
    return not terms or any(_met(term, token) for term in terms for token in tokens)


def _names_what_is_asked(question: Question, evidence: Evidence) -> bool:
    """Tell whether a piece of evidence names somebody or something that the question asks about."""
    tokens = read_tokens(evidence.quote, evidence.passage.chunk.language, question.glossary)
    return any(_met(term, token) for term in question.all_terms for token in tokens if token.role == "name")


def _met(term: Term, token: Token) -> bool:
    if not set(term.entries).isdisjoint(token.entries):
        return True
    if any(not forms(word).isdisjoint(part) for word in term.words for part in token.parts):
        return True
    return token.role == "name" and not sounds_of(term.words).isdisjoint(sounds_of([token.word]))
