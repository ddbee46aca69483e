"""The numbers set by hand in the reading of words and numbers, each with its unit and its reason."""

# The sameness of words (rag/text/match.py). In letters.

# Consonants in common that make two words one name: over two scripts three, for each leaves out other vowels; within one
# script, where nothing but a slip parts them, three are chance.
SOUNDS_ACROSS_SCRIPTS = 3
SOUNDS_WITHIN_SCRIPT = 4
# A shorter form of a verb is a particle as often, and a shorter word of the present is none.
SHORTEST_FORM = 3
SHORTEST_PRESENT = 5

# The glossary (rag/text/glossary.py). In words, variants and terms: its longest terms, and bounds against a file that is odd.

LONGEST_TERM = 5
MOST_VARIANTS = 12
# Meanings kept of a word that has many; the first ones are the likeliest.
MOST_MEANINGS = 3
# Names one edit from a misspelt word that are looked at; two of different things are one too many already.
MOST_NEAR_NAMES = 8

# Numbers (rag/text/numeral.py, quantity.py).

# Characters: longer ones are digits of no number that anybody counts, but of an account or of a wall of noise. A limit of
# safety, for powers too.
LONGEST_NUMERAL = 30
# Characters before and behind a number in which a word may hedge it: "no fewer than about", "or more".
HEDGE_REACH = 24
# What a hedged number may be in truth, as shares of it: from the first to the second. "More than 100" is seldom 200.
AT_LEAST = (1.0, 1.2)
MORE_THAN = (1.0, 1.5)
NEARLY = (0.8, 1.1)
ABOUT = (0.8, 1.2)
AT_MOST = (0.0, 1.0)
# A number of years from this on is somebody's age where the words say so: "a man of 37".
YOUNGEST_AGE = 15
# Fewer of a Persian تن are persons, more may be tonnes.
FEWEST_TONNES = 1000

# Where a report comes from (rag/text/origin.py).

# Words of the longest name of an agency or outlet.
LONGEST_OUTLET = 5
# Characters at an article's beginning and end in which the line stands that names its source.
BYLINE_HEAD = 240
BYLINE_TAIL = 120
