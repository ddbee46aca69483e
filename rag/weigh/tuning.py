"""The numbers of this stage that are set by hand; those that are fitted lie in rag/data/evidence.json and judging.json.

Shares are of 0 to 1; log odds are in the units of the fitted models.
"""

# When a text meets a term

# Share of a word's grams, each by its rarity, from which on the word counts as met: below it the overlap is chance (_الق is
# in half of all words).
MET = 0.5
# The same for a word of so few grams, the beginning or end of a word of three letters: one gram of two is always chance.
MET_SHORT = 0.99
SHORT_GRAMS = 2
# The same for a word that only the glossary brings: its inflections are listed or stemmed, so it must be met nearly whole.
MET_VARIANT = 0.7
# What a term counts, as a share, that is met in the glossary's words, and by its consonants alone.
BY_GLOSSARY = 0.9
BY_CONSONANTS = 0.8
# Nats added to each term's rarity: in an archive on one subject every chunk names it, and a question about it must meet it.
LEAST_RARITY = 0.5

# What speaks for a sentence by its words. The models are fitted with these values; to change one, fit them again.

# What a term counts, as a share, that stands not in the sentence but before it, in its passage, or (for what tells the sentence
# from its neighbours) in passage or title.
BEFORE = 0.6
AROUND = 0.5
TOPIC = 0.8
# Words by which two neighbouring terms of the question may be apart and still be near each other.
PAIR_DISTANCE = 3
# Content words that the question lacks: more than MOST_FRESH say no more; with FEW_FRESH or fewer a sentence says nothing new.
MOST_FRESH = 30
FEW_FRESH = 2
# A sentence of fewer words is a heading.
SHORTEST_SENTENCE = 5
# Characters at the beginning of an article that say what it is about.
OPENING = 400

# How sentences are ranked by words. In log odds, by hand: the model was fitted on questions and passages of one language, and
# on public sets that hardly ask for names of the glossary.

# Of two equal finds, one in the question's own language and one in another, the user takes the former.
OWN_LANGUAGE = 1.2
# A sentence that is not even near a name of the question is about somebody else.
FAR_NAME = 1.0
# Of two sentences with a number, the one that names what is counted or measured tells it.
UNMEASURED = 2.0
# Sentences that are kept as evidence.
MOST_EVIDENCE = 24
# How fast a sentence's score falls with its log odds behind the best: one unit behind, it has e^-0.15 (.86) of its score.
FALL = 0.15

# What reader and words say together

# Log odds below which no span of a sentence is marked. By the newsroom's questions: at 0 a few marks more are right, and far
# fewer are shown.
LEAST_MARKED = -1.0
# A question that no span can answer has these log odds of span and passage, and none behind: the reader cannot say.
UNREAD_SPAN = -6.0
UNREAD_ANSWERS = -2.5

# How sure it is that the articles answer

# How many of the best sentences (or nearest passages) together show what the archive holds.
NEAREST = 3
# The lead in score of a passage that has no others to be ahead of: what is usual where the archive answers.
LEAD_ALONE = 0.35
# Most mass (nats of rarity over the archive's size) that matched words count: a near miss matches every word too.
MOST_MASS = 2.5
# Most log odds that a mismatch counts beside what a reader says.
MOST_MISMATCH = 10.0
# Log odds against a sentence that names other countries than the one in which a question counts. Of the best sentences of 500
# questions a dozen told of another country, and two of those answered all the same.
ELSEWHERE = 5.0
# Where words are less sure than this (a probability), the reader is not believed. By questions that nothing in the sample
# archive answers (benchmarks/data/off-archive): it refuses no answer more, there or in the newsroom.
HOPELESS = 0.12

# Whether the nearest passages are about the subject of a question that they do not answer: the score of the best, and how far
# it stands above those of the places from FARTHER_FROM to FARTHER_TO. The more chunks an archive has, the more of any question
# some of them hold: the lead is wanted in full from LARGE chunks on, and not at all up to SMALL. The news is full of those who
# are in it, so that a person of the question needs no lead. Chosen by questions that were refused (tests/questions and in
# benchmarks/data off-archive and newsroom) over 36 and 12,020 articles: all 38 near misses have articles near their subject,
# of those off any subject 7 of 174 over the small archive and 16 of 133 over the large one.
NEAR_SCORE = 0.16
NEAR_LEAD = 0.09
FARTHER_FROM, FARTHER_TO = 6, 10
SMALL, LARGE = 100, 10_000

# What a mismatch weighs, in log odds, by hand as above: a name of the question that the article does not hold, or that is not
# near the sentence; the noun of a "how many" that the sentence does not hold; a year that is not the article's.

ABSENT_NAME = 20.0
FAR_NAME_OF_BEST = 1.5
UNCOUNTED = 3.0
OTHER_YEAR = 10.0

# The reader, as benchmarks/train_reader.py puts a question beside a passage

# Tokens: of a question and of a text at most (232 of a text were seen in training; the encoder under it reads twice as many),
# and of the longest answer.
QUESTION_TOKENS = 48
TEXT_TOKENS = 320
LONGEST_ANSWER = 40
# The log odds that a text without a word answers.
NOTHING = -20.0
