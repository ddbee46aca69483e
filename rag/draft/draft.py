"""A model's draft, piece by piece -> the answer so far: the sentences that pass, with numbered citations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.language import detect_language
from index.text import fold, squash
from index.types import Language
from rag.ask.question import Question
from rag.ask.term import Term
from rag.draft import tuning
from rag.draft.attribution import without_attribution
from rag.draft.check import CheckedSentence, check_sentence, cited_passages, needs_antecedent, with_sentence_before
from rag.draft.dispute import is_dated_where_overtaken, told_of
from rag.draft.judge import NO_JUDGE, Judge
from rag.draft.leaving import Patience, Reason, fault_of_tail
from rag.draft.markers import DraftReader, DraftSentence
from rag.draft.markup import is_structure, is_thought, plain, without_empty_thought
from rag.draft.prompt import Excerpt, is_refusal, orders_in
from rag.draft.tokens import Token, read_tokens
from rag.generate.generator import Form
from rag.phrases import in_quotation_marks, say, written_count
from rag.text.instruction import is_instruction
from rag.text.match import forms, sounds_of
from rag.types import Answer, Citation, DraftCount, Evidence, citation


class Draft:
    """Checks a draft sentence by sentence and makes the answer of it."""

    def __init__(
        self, question: Question, excerpts: Sequence[Excerpt], quoted: Answer, form: Form = "passages", judge: Judge = NO_JUDGE
    ) -> None:
        """Begin with nothing read; `excerpts` are what the model was given, `quoted` the answer that it is to better."""
        self._question = question
        self._excerpts = excerpts
        self._quoted = quoted
        self._numbers = CitationList(quoted.citations)
        self._shown: list[str] = []
        self._stands: list[CheckedSentence] = []
        self._seen: set[str] = set()
        self._count = DraftCount()
        self._last: Evidence | None = None
        self._patience = Patience(form)
        self._judge = judge
        # Why the draft is not read to its end.
        self._left: Reason | None = None

    def read(self, pieces: Iterable[str]) -> Iterator[Answer]:
        """Take in a draft, and yield the answer with each sentence that stands, as soon as it is checked.

        Nothing is yielded before a sentence of the model's own stands, nor before all is told in which the sources differ; a
        quote in the place of another comes with the next. A draft that leads nowhere is left.
        """
        for sentence in self._sentences(without_empty_thought(pieces)):
            if self._take(sentence) and self._stands and (answer := self._answer()):
                yield answer
            if self._left:
                return

    def whole(self) -> Answer:
        """Return the answer when the draft has ended: the quotes and why, where what stands of it may not be shown."""
        language = self._question.language
        answer = self._answer() if self._stands and self._left != "order" else None
        if answer:
            return replace(answer, notices=(*self._quoted.notices, *_count_notices(self._count, language)))
        count = self._count
        dropped = count.supported + count.replaced + count.dropped
        notice = self._why_quotes(language)
        return replace(self._quoted, notices=(*self._quoted.notices, notice), drafted=DraftCount(dropped=dropped))

    def _why_quotes(self, language: Language) -> str:
        """Return the line that says why the quotes stand."""
        reason = self._left or self._patience.reason
        if self._stands and reason != "order":
            return say("left.hides", language)
        if reason is None:
            return say("nothing_written", language)
        return say("nothing_supported", language) if reason == "unsupported" else say(f"left.{reason}", language)

    def _sentences(self, pieces: Iterable[str]) -> Iterator[DraftSentence]:
        """Yield the sentences of a draft, up to one that goes wrong while it is still being written."""
        reader = DraftReader()
        for piece in pieces:
            # Bold and italics: what stands between asterisks ends where it would without them.
            for character in piece.replace("*", ""):
                yield from reader.read(character)
            self._left = self._left or fault_of_tail(reader.unfinished, self._question.language)
            if self._left:
                return
        yield from reader.close()

    def _take(self, sentence: DraftSentence) -> bool:
        """Take in a sentence, and tell whether there is more to show."""
        if is_refusal(sentence.text):
            self._left = "refused"
        elif is_thought(sentence.text):
            self._left = "thinks"
        elif is_structure(sentence.text):
            self._left = "markup"
        else:
            return self._take_plain(replace(sentence, text=plain(sentence.text)))
        return False

    def _take_plain(self, sentence: DraftSentence) -> bool:
        key = "".join(filter(str.isalnum, fold(sentence.text)))
        if not key:
            return False
        if key in self._seen:  # what a model repeats is shown, and counted, once
            self._left = self._patience.repeated()
            return False
        self._seen.add(key)
        if self._follows_an_order(sentence.text):
            self._left = "order"
            self._count = replace(self._count, dropped=self._count.dropped + 1)
            return False
        checked = self._checked(sentence)
        if checked:
            self._patience.stood()
            return self._show(checked)
        self._left = self._patience.failed("unsupported" if self._is_in_language(sentence.text) else "language")
        return self._replace(sentence)

    def _is_in_language(self, text: str) -> bool:
        return detect_language(text) == self._question.language

    def _follows_an_order(self, text: str) -> bool:
        """Tell whether a sentence is an order to a model, or what one in the passages wants to have written."""
        if is_instruction(text):
            return True
        said = squash(text)
        orders = (order for item in self._excerpts for order in orders_in(item.passage))
        return len(said) >= tuning.LEAST_LETTERS_OF_AN_ORDER and any(said in order for order in orders)

    def _checked(self, sentence: DraftSentence) -> CheckedSentence | None:
        """Return a sentence that may be shown: supported, in the question's language, to the point, and clear by itself."""
        if not self._is_in_language(sentence.text):
            return None
        checked = self._supported(sentence) or self._attributed(sentence)
        if checked is None or not is_dated_where_overtaken(checked, self._quoted):
            return None
        if needs_antecedent(checked.text, self._question.glossary):
            return checked if self._goes_on(checked.evidence[0]) else self._with_antecedent(checked)
        return checked if _bears_on(self._question, checked.text, checked.evidence) else None

    def _supported(self, sentence: DraftSentence) -> CheckedSentence | None:
        return check_sentence(sentence, self._excerpts, self._question.glossary, self._judge)

    def _attributed(self, sentence: DraftSentence) -> CheckedSentence | None:
        """Return a sentence that names the outlet of a passage as its source, if an article of that outlet says the rest."""
        for passage in cited_passages(sentence, self._excerpts):
            said = without_attribution(sentence.text, passage.article, self._question.language)
            if said is None or needs_antecedent(said, self._question.glossary):
                continue
            checked = self._supported(replace(sentence, text=said))
            evidence = tuple(
                item for item in (checked.evidence if checked else ()) if item.passage.article.outlet == passage.article.outlet
            )
            if evidence:
                return CheckedSentence(sentence.text, evidence)
        return None

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
        self._stands.append(checked)
        self._count = replace(self._count, supported=self._count.supported + 1)
        self._last = checked.evidence[-1]
        return True

    def _replace(self, sentence: DraftSentence) -> bool:
        """Put a quote from the passage that a sentence names in the sentence's place, if there is one not shown yet."""
        quote = self._quote_for(sentence)
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
            # An overtaken report without its day would pass for the news.
            if quote.number in self._quoted.overtaken or self._numbers.holds(quote):
                continue
            if any(
                quote.article_id == article_id and start <= quote.start < end for article_id, start, end in places
            ):
                return quote
        return None

    def _answer(self) -> Answer | None:
        """Return the answer as far as it is written; None where it hides what the sources differ in."""
        citations = self._numbers.citations
        told = told_of(self._question, self._quoted, self._stands, citations)
        if told is None:
            return None
        return replace(told, answer=" ".join(self._shown), mode="written", citations=citations, drafted=self._count)


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
