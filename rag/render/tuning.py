"""The numbers set by hand in the stage of the short answer, each with its unit and its reason."""

from decimal import Decimal

# Whether there is a short answer (rag/render/short_answer.py).

# What is marked is no shorter than its quote if it is nearly the whole of it, as a share; up to SHORT characters it is short.
LONGEST_SHARE = 0.7
SHORT = 60
# Tokens of the longest span that is read for rendering: a bound on time, for a list of names grows slowly.
LONGEST_SPAN = 24

# What is rendered (rag/render/rendered_day.py, rendered_name.py, rendered_quantity.py, noun.py).

# Days by which a day without its year may lie behind its publication or ahead of it; farther off it may be another year's.
DAYS_BACK = 120
DAYS_AHEAD = 60
# Years of the news; another year of publication is an archive's way to say undated, such as 9999.
YEARS_OF_NEWS = range(1900, 2077)
# Years of a day that is told with its year; 1447 is a Hijri one.
YEARS_TOLD = range(1800, 2101)
# Digits that are years rather than numbers: those of the Jalali calendar are told in no other, Gregorian ones stay ungrouped.
JALALI_YEARS = range(1300, 1500)
GREGORIAN_YEARS = range(1500, 2101)
# Tokens of the longest name and of the longest noun that is counted: bounds on time.
LONGEST_NAME = 6
LONGEST_NOUN = 5
# Letters of a name so short that in English it must be written in capitals throughout to be one: US, and not "us".
SHORT_NAME = 3
# The smallest step in which a number of millions is written: 1.234 million.
FINEST_SHARE = Decimal("0.001")
