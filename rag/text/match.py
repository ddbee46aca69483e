"""When two words count as the same: folded words go in, a verdict comes out. Every such question is asked here.

What hangs on the verdict decides how much two words may differ, so there are four notions, the strictest first:

- `same_stem`: one word, but for article, clitics and common endings. For what a question, an article or a name says.
- `same_but_for_pronoun`: also the noun that a pronoun was joined to. For a follow-up rewritten, whose pronouns leave.
- `sound_alike`: the same consonants. For names that no glossary has, over two scripts or misspelt in one.
- `forms`: also a verb in another person, and synonyms. For a draft, whose words a source must hold in some wording.

Beside these, rag/weigh measures by how much of a word's grams a text meets it, which is a share and no verdict;
rag/quote/repetition.py compares whole sentences letter by letter; and rag/request/naming.py looks for a name as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from index.text import skeletons, stems, words
from rag.text import tuning
from rag.text.common_words import is_function_word, is_light_word
from rag.text.word_list import synonym_groups

_ARTICLE = re.compile("^ال(?=.{3})")
# A word with a pronoun, up to the letter before it, which another takes the place of when the pronoun leaves.
_OWNED = re.compile(r"(\w{2,})\w(?:هما|ها|هم|هن|ه|شان|ش)")
_VERB_ENDING = re.compile(r"(?<=.{3})(?:ت|وا|تا|ند|يد|ا|ي)$")
_PRESENT_ENDING = re.compile(r"(?:ند|د)$")


def same_stem(one: str, other: str) -> bool:
    """Tell whether two words are one but for article, clitics and common endings: البيت and بيته, خانه‌ها and خانه."""
    return not set(stems(one)).isdisjoint(stems(other))


def same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two wordings are as long and of the same words in order."""
    return len(one) == len(other) and all(map(same_stem, one, other))


def same_but_for_pronoun(one: str, other: str) -> bool:
    """Tell whether two words are one, or one but for a pronoun: مداها and مدى, رسالته and رسالة."""
    return same_stem(one, other) or _is_owned(one, other) or _is_owned(other, one)


def sound_alike(sounds: Set[str], others: Iterable[str], *, across_scripts: bool) -> bool:
    """Tell whether of two words' consonants (`skeletons`) enough are the same for one name."""
    least = tuning.SOUNDS_ACROSS_SCRIPTS if across_scripts else tuning.SOUNDS_WITHIN_SCRIPT
    return any(len(sound) >= least for sound in others if sound in sounds)


def stems_of(found: Iterable[str]) -> frozenset[str]:
    """Return the stems of several words."""
    return frozenset().union(*map(stems, found))


def sounds_of(found: Iterable[str]) -> frozenset[str]:
    """Return the consonants of several words."""
    return frozenset().union(*map(skeletons, found))


def content_stems(text: str) -> frozenset[str]:
    """Return the shortest stems of the words of a text that bear a topic."""
    content = (word for word in words(text) if not is_function_word(word) and not is_light_word(word))
    return frozenset(min(stems(word), key=len) for word in content)


def without_article(word: str) -> str:
    """Return an Arabic word without its article."""
    return _ARTICLE.sub("", word)


@lru_cache(maxsize=100_000)
def forms(word: str) -> frozenset[str]:
    """Return the forms of which two words that may stand for each other share one: stems, verbs, groups of synonyms."""
    found = set(stems(word))
    if not word.isascii():
        found |= {_VERB_ENDING.sub("", form) for form in set(found)}
        if word.startswith("مي") and len(word) >= tuning.SHORTEST_PRESENT:
            found |= {word[2:], _PRESENT_ENDING.sub("", word[2:])}
        if word.startswith("ي") and len(word) >= tuning.SHORTEST_PRESENT:
            found |= {word[1:], f"ا{word[1:]}"}
    groups = {f"={group}" for form in found for group in synonym_groups().get(form, ())}
    return frozenset({form for form in found if len(form) >= tuning.SHORTEST_FORM or form == word} | groups)


def _is_owned(owned: str, bare: str) -> bool:
    """Tell whether one word is another with a pronoun joined to it."""
    found = _OWNED.fullmatch(owned)
    return found is not None and any(
        form.startswith(found[1]) and len(form) == len(found[1]) + 1 and not form.isascii() for form in stems(bare)
    )
