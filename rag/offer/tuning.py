"""Every number of the offered questions, and what it was chosen by."""

from __future__ import annotations

# Sentences of an article that are read for questions: news tells what matters first.
SENTENCES_READ = 14
# Letters of a sentence of which a question is made: a longer one holds several clauses.
SHORTEST_SENTENCE, LONGEST_SENTENCE = 25, 260
# Words and letters of a question: shorter ones say too little of what they ask about, longer ones no reader would type.
FEWEST_WORDS, MOST_WORDS = 4, 15
MOST_LETTERS = 105
# Words of an English subject.
SUBJECT_WORDS = 7
# Words of a title between an Arabic verb and the person who is its subject.
TITLE_WORDS = 4
# Words of a Persian sentence, and from its end those among which all its verbs are: خواهد شد, برگزار شده است.
FEWEST_PERSIAN_WORDS = 6
PERSIAN_VERB_WORDS = 3
# A Persian number up to this names things that both speakers know: the two countries.
FEWEST_COUNTED = 2
# Words from a Persian number to the end of its sentence: behind more the verb is not the one that counts it.
WORDS_BEHIND_NUMBER = 9
# Words of a question that bear its topic; where somebody's words are asked for, two names are enough.
FEWEST_CONTENT_WORDS = 3
FEWEST_OF_A_FRAME = 2
# Letters behind a "that" within which what is said is about a name; further on it is mentioned.
TOPIC_BEHIND_THAT = 60
# Confidence of an answer from which on its question is offered: more than an answer needs, because nobody asked for it.
LEAST_CONFIDENCE = 0.6
# Examples kept in each language, those of them made of articles in another, and those of one kind.
EXAMPLES_KEPT = 6
FOREIGN_KEPT = 3
OF_ONE_KIND = 2
# Examples shown, and those of them in the user's own language where the others have some.
SHOWN, SHOWN_IN_OWN = 8, 4
# Questions asked to find the examples: a large archive gets MOST_ASKED at most, a small one LEAST_ASKED and one an article.
MOST_ASKED, LEAST_ASKED = 240, 40
# Questions of an article that are asked in each language.
TRIED_OF_AN_ARTICLE = 2
# Letters between two people who met: farther apart they stand in the same sentence only.
BETWEEN_TWO = 45
# Articles read for the examples, in which few find none.
MOST_READ = 2_400
# Seconds between two looks at whether the archive has changed; between two looks at whether users still wait, and the longest
# time for which all of them are let go first.
LOOK_SECONDS = 5.0
BUSY_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 120.0
# Follow-ups under an answer: one alone would be advice, not a choice. How many are asked for them, and for how many seconds.
FOLLOWUPS, FEWEST_FOLLOWUPS = 3, 2
FOLLOWUPS_TRIED = 12
FOLLOWUP_SECONDS = 8.0
# Articles that are read for them: of the cited ones, and of others that name the same; names in the quotes that
# lead to those.
CITED_READ = 3
RELATED_READ = 8
NAMES_FOLLOWED = 4
# The share of a question's content words from which on another with them asks the same.
SAME_QUESTION = 0.7
# Answers whose follow-ups are looked for at a time, and those whose follow-ups are remembered.
FOLLOWUPS_WAITING = 8
FOLLOWUPS_REMEMBERED = 500
