"""Settings -> a ready Answerer over the index in a data folder."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import get_args

from index.build import BuildOptions
from index.catalog import FILE_NAME, Catalog
from index.e5.encoder import E5Encoder
from index.embed import Embedder, load_embedder
from index.embedding import Embedded
from index.formats.options import columns_of
from index.models import locate
from index.progress import Tell, silent
from index.stores import LexicalStore, Stores, store_of, stores_of
from index.types import Article, KhabarError, Language
from rag.answer import Answerer, AnswerOptions
from rag.entities.extraction import GlossaryNames
from rag.generate.generator import Generator
from rag.generate.load import EMBEDDED, NONE, load_generator
from rag.generate.rewrite import Rewriter
from rag.generate.server import OpenAIGenerator, is_address
from rag.retrieve.coverage import Coverage
from rag.retrieve.reranker import Reranker, load_reranker
from rag.retrieve.retriever import PARTS, Retriever
from rag.settings import Settings, cache_folder, models_folder
from rag.text.glossary import load_glossary
from rag.weigh.reader import Reader, load_reader

# Tokens of the context that neither prompt nor draft takes: a model's template adds some of its own.
_DRAFT_MARGIN = 32


@dataclass(frozen=True, slots=True)
class Archive:
    """An open index: its catalog and words, its embedder, the Retriever that searches it and the Answerer that answers from it.

    `coverage` tells how much of it can be searched by meaning so far.
    """

    catalog: Catalog
    lexical: LexicalStore
    embedder: Embedder
    retriever: Retriever
    answerer: Answerer
    coverage: Coverage

    def article(self, article_id: str) -> Article | None:
        """Return an article as the search sees it: while it is being replaced, the version that can be found."""
        return self.retriever.article(article_id)

    def embedded(self) -> Embedded:
        """Return how many of the chunks have a vector of the chosen embedder, and how many should have one."""
        return self.coverage.now()


def open_archive(settings: Settings, parts: frozenset[str] = PARTS, tell: Tell = silent, ahead: bool = False) -> Archive:
    """Open the index in `settings.data` with the chosen models; `tell` hears what the user must wait for.

    No model is loaded yet; but with `ahead`, for a question that follows at once, the embedded embedder begins to load. Raises
    KhabarError.
    """
    catalog = Catalog(settings.data / FILE_NAME)
    stores = chosen_stores(settings, catalog)
    lexical = stores.open_lexical(catalog)
    embedder = chosen_embedder(settings, tell)
    if ahead and isinstance(embedder, E5Encoder):
        Thread(target=_load_ahead, args=(embedder,), name="embedder").start()
    generator, reranker, reader = chosen_generator(settings), chosen_reranker(settings), chosen_reader(settings, tell)
    vectors = stores.open_vectors(catalog, embedder)
    retriever = Retriever(catalog, lexical, vectors, embedder, reranker, settings.recency, parts)
    glossary, coverage = load_glossary(settings.glossary), Coverage(catalog, embedder)
    # The embedded model cannot rewrite a question: it answers, or writes noise, and the user waits for it.
    rewriter = None if settings.llm in (EMBEDDED, NONE) else Rewriter(generator)
    options = _answer_options(settings)
    answerer = Answerer(retriever, generator, glossary, embedder.name, options, rewriter, coverage, reader)
    return Archive(catalog, lexical, embedder, retriever, answerer, coverage)


def _load_ahead(embedder: E5Encoder) -> None:
    """Load the embedder while the rest is opened; a failure is raised again, and reported, when the question is embedded."""
    with suppress(KhabarError):
        embedder.load()


def tokens_of_a_draft(settings: Settings) -> tuple[int, int]:
    """Return the most tokens that a draft may take, and that its whole prompt may."""
    return settings.llm_tokens, settings.llm_context - settings.llm_tokens - _DRAFT_MARGIN


def _answer_options(settings: Settings) -> AnswerOptions:
    draft_tokens, prompt_tokens = tokens_of_a_draft(settings)
    return AnswerOptions(
        top_k=settings.top_k,
        read_k=settings.read_k,
        quotes=settings.quotes,
        draft_tokens=draft_tokens,
        prompt_tokens=prompt_tokens,
        max_question=settings.max_question,
    )


def chosen_stores(settings: Settings, catalog: Catalog) -> Stores:
    """Return where the words and vectors lie. Raises KhabarError where the settings name another place than that."""
    if settings.store and settings.store != store_of(catalog):
        raise KhabarError(
            f"this archive's words and vectors are in '{store_of(catalog)}', not in '{settings.store}'",
            "leave --store (KHABAR_STORE) out, or run khabar index with it, which puts them there",
        )
    return stores_of(catalog)


def chosen_embedder(settings: Settings, tell: Tell = silent) -> Embedder:
    """Return the embedder that the settings name, not loaded yet; `tell` hears what the user must wait for."""
    languages = languages_of(settings.embedder_languages, "embedder-languages")
    query, passage = ("" if prompt == NONE else prompt for prompt in (settings.query_prompt, settings.passage_prompt))
    models, cache = models_folder(settings), cache_folder(settings)
    return load_embedder(settings.embedder, languages, models, query, passage, cache=cache, tell=tell)


def chosen_reader(settings: Settings, tell: Tell = silent) -> Reader:
    """Return the reader that the settings name, not loaded yet; `tell` hears what the user must wait for."""
    return load_reader(settings.reader, cache_folder(settings), tell)


def chosen_reranker(settings: Settings) -> Reranker:
    """Return the reranker that the settings name, not loaded yet."""
    languages = languages_of(settings.reranker_languages, "reranker-languages")
    return load_reranker(settings.reranker, languages, models_folder(settings))


def chosen_generator(settings: Settings) -> Generator:
    """Return the generator that the settings name, not loaded yet."""
    languages = languages_of(settings.llm_languages, "llm-languages")
    if is_address(settings.llm):
        return _server(settings, languages)
    own = settings.llm not in (EMBEDDED, NONE)
    choice = str(locate(settings.llm, "llm", models_folder(settings))) if own else settings.llm
    return load_generator(choice, languages, settings.llm_context)


def _server(settings: Settings, languages: frozenset[Language]) -> Generator:
    if not settings.llm_model:
        raise KhabarError(
            "--llm (KHABAR_LLM) is a server's address, but no model is named",
            "name one of its models with --llm-model (KHABAR_LLM_MODEL)",
        )
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    return OpenAIGenerator(settings.llm, settings.llm_model, key, languages, settings.llm_timeout)


def chosen_names(settings: Settings) -> GlossaryNames:
    """Return what reads the names in articles, by the glossary that the settings name."""
    return GlossaryNames(load_glossary(settings.glossary))


def build_options(settings: Settings) -> BuildOptions:
    """Return how articles are read and chunked, as the settings say."""
    megabyte = 1_000_000
    return BuildOptions(
        settings.chunk_words,
        settings.overlap_words,
        int(settings.max_mb * megabyte),
        int(settings.unpacked_mb * megabyte),
        settings.read_seconds,
        int(settings.read_memory_mb * megabyte),
        columns_of(settings.columns),
    )


def languages_of(text: str, flag: str) -> frozenset[Language]:
    """Return the languages of a comma-separated list. Raises KhabarError for another code than ar, fa and en."""
    wanted = {part.strip() for part in text.split(",") if part.strip()}
    known: frozenset[Language] = frozenset(language for language in get_args(Language) if language in wanted)
    if wanted - known or not wanted:
        raise KhabarError(f"--{flag} is '{text}'", "give a comma-separated list of ar, fa and en")
    return known
