"""The numbers set by hand for written mode, each with its unit and its reason."""

# What a model gets to read

PASSAGES = 3  # passages; more than three crowd a small model's prompt, and it mixes them up
EVIDENCE = 12  # pieces of evidence among which those passages are looked for
QUOTES = 3  # quotes of the short form, as many as the embedded model was taught with
BRIEF_TOKENS = 80  # tokens of a draft in the short form: a sentence or two
TEMPLATE_TOKENS = 24  # tokens that a chat template may put around the messages

# How long a draft is read

PATIENCE = 3  # sentences running that do not stand; behind them nothing better comes, and the user has the quotes
PATIENCE_WITH_QUOTES = 2  # the same for a model that writes a sentence or two about quotes: it has no third to give
PATIENCE_WITH_LANGUAGE = 2  # sentences running in another language than the question's
PATIENCE_WITH_REPEATS = 2  # sentences running that were there before
LONGEST_SENTENCE = 700  # characters; three times the longest of the sample archive (240)
TIMES_ROUND = 4  # times that the same words follow themselves before it is a circle; "very, very, very" is none
LONGEST_ROUND = 12  # words of such a circle
LEAST_LETTERS_OF_AN_ORDER = 12  # letters that a sentence has in common with an order before it is held for what that wants
SAME_LETTERS = 40  # characters at a sentence's end among which are one or two different ones only: no word does that
WORDS_OF_ANOTHER_SCRIPT = 12  # words of a sentence in the script of another language before it is not waited for
PIECES_PER_TOKEN = 2  # pieces; a limit for a generator that never ends, whose pieces are a token or more
LONGEST_MARKER = 40  # characters; an open bracket with more behind it is text
LONGEST_PROBLEM = 160  # characters of an error that a notice repeats

# How a sentence is taken apart

LONGEST_TERM = 6  # words of a date or of a term of the glossary
RELATION_BEFORE = 6  # tokens before a word among which its preposition stands, over articles and titles
REPORT_WITHIN = 9  # tokens from the beginning in which "X said" has its verb
THAT_WITHIN = 12  # tokens behind the verb in which its "that" follows: said on Tuesday that ...
SPEAKER_WORDS = 6  # words of who speaks in ", X said"; longer than that it is a statement of its own

# How a claim is compared with a source

MISSING_SHARE = 0.3  # share of a claim's letters in words of little meaning that its source has not
COUNTED_WORDS = 2  # words of a claim beside a number that must stand in the number's clause in the source too
UNIT_WORDS = 3  # tokens behind a number that may tell its unit: percentage points, degrees Celsius, km/h
SHORT_UNIT = 3  # letters of a unit so short that their case counts: MW and mW
OPERATOR_REACH = 3  # tokens between an operator and its word, which another language may put between them
REPORT_AT_END = 3  # tokens at the end of a source in which a verb of saying still governs all before it: "..., he said"
MOVED_WORDS = 2  # places that a word may move across languages, as an adjective behind its noun does
PAUSE_REACH = 2  # tokens around a "not" or a verb of saying in which a comma tells what is denied or who speaks

# How a claim is judged beside the rules

PAIR_TOKENS = 192  # tokens of a claim and its source together; longer pairs were not learned from
JUDGED = 5  # sentences of a passage, or two that follow one another, which are judged; each takes some milliseconds
TOGETHER = 0.1  # share of a claim's letters that two sentences must hold more than one of them alone, to be read together
CLOSE = 0.2  # share of a claim's letters, names and numbers aside, that are not its source's; below, it is a cut of it
DOUBT = -1.0  # log odds of a judge below which what the rules pass is not shown; of our pairs 1 true in 54, 2 false in 5
SURE = 3.0  # log odds of the first judge from which on the second is asked; what stays below does not pass
BAR = 3.36  # log odds from which on a judge speaks for a claim: `python -m benchmarks.entailment … --bar` finds it

# What is kept in memory

PASSAGES_READ = 64  # passages taken apart; a draft cites the same few again and again
SENTENCES_READ = 2_048  # sentences taken apart
FUTURES_READ = 20_000  # Arabic words looked up as futures
