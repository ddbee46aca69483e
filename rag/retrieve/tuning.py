"""The numbers of this stage that are set by hand, and two that are fitted; docs/retrieval.md has the measurements."""

# What is searched for by words: weights beside 1.0 for a word of the question in its own language

FUNCTION_WORD = 0.5
# What the glossary says in another language.
TRANSLATION = 0.8
# Another name for the same in the question's own language must not drown the one that was asked with; a synonym of any
# other word is searched for only where fewer than RARE chunks hold that word.
OTHER_NAME = 0.1
SYNONYM_OF_RARE = 0.4
RARE = 3
# The consonants of a word in the other script, and of a word of SHORTEST_MISSPELT letters or more that no chunk holds.
SKELETON = 2.5
MISSPELT = 1.5
SHORTEST_MISSPELT = 4
# The first words of an article, where a question asks what something is.
OPENING = 0.3
# A long word has more grams than a short one and is not that much more important: each counts (4 / grams) to this power.
LENGTH_POWER = 0.35
# BM25's k1 + 1, with Tantivy's k1 of 1.2: the limit of a term's score over its inverse document frequency.
MOST_OF_A_TERM = 2.2
# In a language with at least LARGE chunks, terms that a share COMMON of them or more hold are not searched for: they cost
# most of a query's time and rank next to nothing.
LARGE = 20_000
COMMON = 0.2

# What is found, in each language: chunks by words, and by meaning

BY_WORDS = 100
BY_MEANING = 60
# Up to this many passing chunks all are compared, which is exact; above, Chroma's neighbours are sifted, which is faster
# (benchmarks/filters.py). Without a filter that is so until Chroma is open: a single question is answered before it would be.
COMPARED_UP_TO = 20_000
# Most vectors compared (some hundred megabytes) where the store that would find them cannot be reached.
HELD_UP_TO = 200_000
# How many times as many neighbours as should pass are sifted, and how many at most: beyond that, comparing all is as fast.
MARGIN = 2.0
MOST_NEIGHBOURS = 2_000

# How a passage's score is made of the share (0 to 1) of the question's words and of its nearness by meaning (in spreads of the
# model's cosines). Fitted on the even queries of six sets within a language and six across; a passage that answers is nearer
# than the average one by seven spreads in its own language and by five in another, and holds shares of .45 and .27.

WORDS = 0.5
MEANING = 0.029
# Added in the question's own language: of two equal finds, the user takes that one.
OWN_LANGUAGE = 0.01
# The nearness of a chunk that has no vector yet, where none of those found by words in its language has one.
UNKNOWN_NEARNESS = 3.6
# Days after which a passage has lost half of what the setting `recency` takes off an old one.
HALF_LIFE_DAYS = 30
# Passages that a reranker reads, and those that it reads at once.
RERANKED = 20
BATCH = 16

# Searches, at most, for one question, where another index is swapped in during each.
TRIES = 6
# Seconds for which a count of the embedded chunks holds: it looks at every chunk, and may take longer than an answer.
COUNT_HOLDS = 5.0
# Texts whose words are kept apart for telling why a passage was found: some 40 kB each, and popular passages come again.
TEXTS_IN_WORDS = 500
