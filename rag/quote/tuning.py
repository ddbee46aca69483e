"""The numbers set by hand in the stage of quotes, each with its unit and its reason."""

from datetime import timedelta

# Which sentences are quoted (rag/quote/selection.py). Scores are shares of the best sentence's score.

# Below this a sentence is beside the point; a part of a question that asks several things is answered from further down.
LEAST_SCORE = 0.5
LEAST_SCORE_FOR_A_PART = 0.4
# What a sentence gains by speaking of a part of the question that no quote speaks of yet, if that part is half of the question.
GAIN_BY_NEW_PART = 0.45
# Sentences looked at for each quote: what repeats a quote is named with it, however far down it stands.
SENTENCES_PER_QUOTE = 6
# Beside a sentence in which the reader marked an answer, another is worth showing if it is nearly as likely to answer; one of
# another article, in which nothing is marked, must be nearer still.
LEAST_SCORE_BESIDE_ANSWER = 0.75
LEAST_SCORE_UNMARKED = 0.85

# Sentences that repeat each other (rag/quote/repetition.py). Likeness is that of rapidfuzz, from 0 to 100.

# Spelling, harakat and marks change fewer than a fifth of the letters; another statement changes more.
SAME_SENTENCE = 82
# One sentence stands whole in the other: nearly all its letters do, and they are no mere phrase, which many sentences share.
CONTAINED_SENTENCE = 95
LEAST_LETTERS_CONTAINED = 40
# The share of four-letter pieces that a contained sentence has in common with the other at least: a tenth of the letters may be
# missing or added, each of which takes four pieces with it. It spares the slow search for most pairs and decides nothing else.
LEAST_PIECES_CONTAINED = 0.5
# Words that are more alike are one word in two spellings.
SAME_WORD = 75

# The order of quotes (rag/quote/arrangement.py), as shares of the best sentence's score.

# Evidence this near to the best is as good, so that the newer of two goes first.
NEWER_FIRST = 0.9
# A question about the latest state prefers newer evidence, unless that is clearly worse.
LATEST_FIRST = 0.65
# So does a yes-or-no question, because what stopped may have resumed; and a denial shares fewer words with the question.
NEWER_STATE_FIRST = 0.55
# What says the same in the user's language is read first, though a little less likely to answer.
OWN_LANGUAGE_FIRST = 0.8

# Whether a text speaks of what a question names (rag/quote/topic.py), as shares of the question's terms.

# In an article whose numbers may be the answer; in another language some terms are always missing from the glossary.
LEAST_TERMS_IN_ARTICLE = 0.5
LEAST_TERMS_IN_FOREIGN_ARTICLE = 0.33
# In the sentence that answers, with the headline and the first sentence of its article. Less is enough where a unit, a
# casualty or a place tells it from other sentences already.
LEAST_TERMS_NEAR_ANSWER = 0.7
LEAST_TERMS_NEAR_COUNT = 0.65
LEAST_TERMS_NEAR_PLACE = 0.6
# The same in another language: a sentence names many places and persons, and few numbers and destinations.
LEAST_TERMS_NEAR_FOREIGN_NAME = 0.5
LEAST_TERMS_NEAR_FOREIGN_VALUE = 0.33
# In the sentence alone, of what headline and first sentence leave out.
LEAST_TERMS_IN_SENTENCE = 0.5
# Terms of less emphasis are common in any news.
LEAST_EMPHASIS = 0.6
# One name in this many may go by another word in an article: Moscow as "the Russian capital".
NAMES_PER_MISS = 3
# Characters in which the first sentence of an article is looked for.
BEGINNING = 400
# Letters of a term that may stand anywhere in a text, compounds and misspelt spaces included; shorter ones do by chance.
LEAST_LETTERS_ANYWHERE = 5
# Consonants of a name that begins with the v of a waw, and letters of a name so short that w and y tell it: sarw and سرو.
LONG_NAME = 4
SHORT_NAME = 3

# What a quote claims (rag/quote/claim.py).

# A sentence with more different numbers of one kind compares things; which of them is meant cannot be told.
MOST_NUMBERS = 2
# A length of time over this many units, or under one in this many, is counted in another unit: 60 minutes are an hour.
SCALE_OF_TIME = 60
# Words of the longest name that a marked answer is taken for.
LONGEST_NAME = 4
# Characters from the beginning of a question to its verb, "when did the minister say".
TO_THE_VERB = 30

# What articles differ in (rag/quote/comparison.py).

# Less is taken for an answer between articles that are not of one week, or of no day.
SENTENCES_PER_DISTANT_ARTICLE = 2
# How many articles are compared, the best first.
MOST_ARTICLES = 6
# Characters of an article in which a second number of the kind asked for is looked for: a bound on time.
SEARCHED_CHARACTERS = 8_000
# News of one day and of the next may have been written in the same hour.
SAME_NEWS = timedelta(days=1)
# One subject within a week is most likely one event.
SAME_EVENT = timedelta(days=7)
# Days further apart are of two events rather than of one that was put off; so are tolls that were told so far apart.
OTHER_EVENT = timedelta(days=60)
# A count that is more times another than this is hardly of the same thing.
MOST_TIMES = 8
