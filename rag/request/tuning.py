"""The numbers set by hand in reading and answering requests, each with its unit and its reason."""

from __future__ import annotations

from index.types import Language

# Reading a request (rag/request/request.py, speaker.py).

# Characters: longer texts are no requests, and take long to compare with the wordings of such. A limit of safety too.
LONGEST_REQUEST = 300
# Most words of a person's name that the glossary lacks: more are a phrase, not a name.
UNLISTED_NAME_WORDS = 3
# Characters of an Arabic word from which ال at its beginning is the article, which no first or last name alone has.
SHORTEST_WITH_ARTICLE = 5
# Words of a topic that may be no more than a pointer to the conversation (that, this one).
POINTING_WORDS = 2
# Words at the beginning of a topic of statements that may be a day or a month: "on Monday" is a time and no topic.
WORDS_OF_A_TIME = 2

# Who says a sentence (rag/request/speaker.py): distances in words.

# A title, an office or a time: between a name and its verb, before a name at the beginning, behind "according to".
TITLE_WORDS = 3
# An English apposition is short; a Persian verb stands at the end of its clause, behind what is said.
NAME_TO_VERB: dict[Language, int] = {"en": 6, "fa": 14}
PRONOUN_TO_VERB: dict[Language, int] = {"en": 2, "fa": 14}
# An Arabic subject follows its verb: an office and first names may stand before the last name.
VERB_TO_ARABIC_NAME = 7
# What stands before a Persian subject in its clause is at most an office or a time.
WORDS_BEFORE_PERSIAN_NAME = 6

# Statements (rag/request/statements.py).

# Sentences: as many as people read at one sitting; the answer says that there are more.
STATEMENTS = 10
# Articles: who is in the news every day says something in each, and reading all of them would take seconds.
ARTICLES_READ_FOR_STATEMENTS = 400
# Shares of the terms of a topic that a sentence under its title has; across languages not every word is in the glossary.
TOPIC_IN_STATEMENT = 0.6
TOPIC_IN_STATEMENT_ACROSS = 0.5

# Key sentences (rag/request/summary.py).

# Words: shorter lines are headings, places of origin and lines of authors.
SHORTEST_SENTENCE = 4
# Stems that a sentence's weight is shared out over at least, else the shortest sentences win.
LEAST_STEMS = 12
# How many sentences stand for an article, by the sentences that it has.
SENTENCES_OF_SHORT, SHORT_ARTICLE = 3, 8
SENTENCES_OF_MIDDLING, MIDDLING_ARTICLE = 4, 15
SENTENCES_OF_LONG = 5
# What counts beside the words that the whole article speaks of (a score): the title's words, the topic's terms, to be first.
TITLE_IN_SENTENCE, TOPIC_IN_SENTENCE, FIRST_SENTENCE = 1.5, 2.0, 3.0

# The article that a summary is of (rag/request/summary.py).

# Passages among which it is looked for.
PASSAGES_FOR_SUMMARY = 20
# Characters of a topic that are read.
LONGEST_TOPIC = 500
# Share of a topic's terms that the article has, all names among them.
TOPIC_IN_ARTICLE = 0.6
# What a term in the title counts beside one in the text, and an article in the user's language (scores).
TITLE_OF_ARTICLE = 0.6
SUMMARY_IN_OWN_LANGUAGE = 0.5

# The news of some days or of a topic (rag/request/news.py).

# Articles that are quoted.
ARTICLES_OF_DAYS = 8
ARTICLES_OF_TOPIC = 5
# Sentences in all, where fewer articles tell of a topic.
SENTENCES_OF_TOPIC = 3
# Share of the stems of two titles, or beginnings, from which they tell one story.
SAME_STORY = 0.5
# Characters of a text that are compared as its beginning.
BEGINNING = 160
# Stems that a title's weight is shared out over at least.
LEAST_STEMS_OF_TITLE = 4
# How many times as much a title in the user's language weighs.
NEWS_IN_OWN_LANGUAGE = 1.5

# Articles that mention something (rag/request/sources.py, mentions.py).

# Listed under the count, the newest; the count is of all.
LISTED_ARTICLES = 50
# Other spellings of a name that are named.
NAMED_SPELLINGS = 4

# A question in another language (rag/request/tongue.py): words of its own, and words that are also in names or in English.

# Fewest of either kind, in a question long enough to have them; and the share of the question that they are.
LEAST_WORDS_OF_TONGUE = 3
LEAST_SHARE_OF_TONGUE = 0.4
# Words of its own that make it sure without a question mark: a name alone holds one (Le Monde, La Liga).
SURE_WORDS_OF_TONGUE = 2
# What a word that is also in names counts beside one of its own.
SHARED_WORD_OF_TONGUE = 0.5
# Sorani is sure without a small word of its own where so many words have its letters.
MARKED_SORANI_WORDS = 3
