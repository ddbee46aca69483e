"""The numbers of answering many that are set by hand, each with its unit and its reason."""

# How long a line may be

# Things that wait in a line, in all and of one asker: more than this is a flood, whatever each takes.
MOST_WAITING = 512
MOST_OF_ONE = 256
# Seconds: who would wait longer for an answer is told when to come again instead, for most give up before.
PATIENCE = 10.0
# Seconds that an answer waits for a model to write it. The quotes are there already, and are the answer where it would take
# longer.
PATIENCE_FOR_A_WRITER = 6.0
# The share that the last thing has in the mean of what things take; ten or so tell.
FRESH = 0.1

# How many at once

# Threads beside those that answer, for what else reads the archive: its list, a filter, an article.
ASIDE = 2
# Answers that a language server writes at once; the embedded model writes one.
WRITTEN_AT_A_SERVER = 4

# What is remembered

# Answers, of some 10 kB each.
MOST_REMEMBERED = 2_000
# Seconds after an answer from memory in which its askers count as there: they stand in no line, but lose by what else computes.
STILL_THERE = 2.0

# Processes

# Seconds that a process may take for one thing before it counts as lost, and for opening the archive.
MOST_SECONDS = 120.0
# Seconds that processes get to end by themselves.
STOPPING = 2.0
# Seconds between two starts of a process that ends again and again.
START_AGAIN = 1.0
