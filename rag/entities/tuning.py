"""The numbers set by hand in the reading of names, each with its unit and its reason."""

# Names by their surroundings (rag/entities/patterns.py, english.py). In words: longer runs hold more than one name.

LONGEST_BODY = 6
LONGEST_PERSON = 4

# Short words (known.py, name_words.py, patterns.py). In letters.

# So short a name is as often another word, or what is left of one without its first letter.
SHORT_NAME = 3
# A word of fewer letters is nobody's name.
SHORTEST_NAME = 2

# One article (extraction.py).

# Consonants by which a name of two words or more is known over scripts; fewer are many people's.
FEWEST_CONSONANTS = 5
# A headline of which this share of the longer words has capitals writes all words so: there they tell no names.
CAPITALISED_TITLE = 0.6

# Words whose reading is kept (known.py, name_words.py). A limit of memory, some 50 MB.
MOST_WORDS_KEPT = 200_000

# Reports of one event (same_story.py). A pair is one story whose likeness is at least LEAST_LIKENESS.

# Days between two reports of one event: one may come out the day after the other.
MOST_DAYS_APART = 1
# What the shares of common names and numbers add to a likeness, and the same agency; reports that both have numbers and share
# none are of two events of one subject.
NAMES = 1.0
NUMBERS = 0.6
SAME_AGENCY = 0.2
NO_COMMON_NUMBER = -0.5
LEAST_LIKENESS = 0.9
# Names and numbers in common: one may be chance, and without a name it takes three numbers.
FEWEST_IN_COMMON = 2
FEWEST_NUMBERS_ALONE = 3
