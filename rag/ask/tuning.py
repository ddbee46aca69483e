"""The numbers set by hand in the reading of a question, each with its unit and its reason."""

# The terms of a question (rag/ask/term.py, question.py). An emphasis is a weight from 0 to 1 beside the other terms'.

# The emphasis of a word that is common in any news text: "times" says less than "Riyadh", even where it is rarer.
LIGHT_EMPHASIS = 0.3
# Most terms of a question for a definition ("who is Lavrov?"); with more it asks something about them.
MOST_DEFINED_TERMS = 3

# What a question counts (counted.py). In words.

# How many words after "how many" may hold what is counted ("how many of them" says nothing), and how many it takes up.
WORDS_BEHIND_HOW_MANY = 5
COUNTED_WORDS = 2

# The conversation (rag/ask/question.py, followup.py).

# Earlier questions that a follow-up may reach back to. More would be read at each turn for what people seldom mean.
REMEMBERED_QUESTIONS = 4
# The emphasis of a term of the question before, as a share of its own there, so that it falls with each turn; where that
# question is asked again about another name, its words are what the user means.
TAKEN_OVER = 0.6
ASKED_ANEW = 0.9
# The emphasis of a name that an answer cited, and how many are taken: it breaks ties between passages, and does not outweigh
# what was asked.
CITED = 0.1
MOST_CITED_NAMES = 6

# When a question leans on the one before it (rag/ask/dependence.py). In terms, those that say what it is about.

# With more than this it stands alone, though it says "it" or "there".
MOST_TERMS_POINTING = 3
# The same of a question that only begins with "and", and of one that asks what the one before asked, of another name.
MOST_TERMS_JOINED = 2
MOST_TERMS_PARALLEL = 2
# The words of "and Iran?", which asks nothing itself.
MOST_WORDS_INSTEAD = 4
# Topics that are enough to search for without a name.
ENOUGH_TOPICS = 3

# The spelling of names (rag/ask/spelling.py). Letters: a shorter word is one slip from too many names.
SHORTEST_MISSPELT = 6

# Places that a question offers (rag/ask/offers.py).

# Least letters of a word whose first ب is a preposition joined to a place, as in بالقاهرة, and not its own.
SHORTEST_JOINED = 5
# Words that may stand between two places before their "or": a Persian verb, or a day (در مصر برگزار شد یا در سودان).
MOST_WORDS_BEFORE_OR = 3
