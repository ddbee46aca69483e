"""Rules about actors and places: who does what to whom, whose it is, and where."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Language
from rag.draft.alignment import Alignment
from rag.draft.tokens import Token
from rag.text.word_list import sentence_words


def same_subjects(alignment: Alignment) -> bool:
    """False where a word goes with another actor: Iraq sold oil, from "Iran bought and Iraq sold oil" turned round.

    Across languages verbs move: there it is enough that no actor is left out, for their order is looked at as well.
    """
    met = {place for _, _, place in alignment.pairs()}
    if alignment.across and all(group & met for group in actor_groups(alignment.source)):
        return True
    for index, (token, place) in enumerate(zip(alignment.claim, alignment.places, strict=True)):
        if place is None or token.role not in ("word", "value") or token.is_office or token.is_time:
            continue
        actors = _subject(alignment.claim, index)
        if not actors:
            continue
        others = _subject(alignment.source, place)
        if not any(alignment.places[actor] in others for actor in actors):
            return False
    return True


def same_objects(alignment: Alignment) -> bool:
    """False where a word gets the next actor for its own: told Fidan, from "told Gerapetritis that Fidan"."""
    met = {place for _, _, place in alignment.pairs()}
    left_out = [group for group in actor_groups(alignment.source) if not group & met]
    for group in actor_groups(alignment.claim):
        first = min(group)
        place, before = alignment.places[first], alignment.places[first - 1] if first else None
        if place is None or before is None or not before < place:
            continue
        if any(before < min(other) and max(other) < place for other in left_out):
            return False
    return True


def keeps_heads(alignment: Alignment) -> bool:
    """False where somebody does what his envoy, son or supporters do: Trump met Putin, from "Trump envoy Witkoff met Putin"."""
    met = {place for _, _, place in alignment.pairs()}
    language = alignment.languages[1]
    for token, other, place in alignment.pairs():
        if not (is_actor(token) or token.is_office) or other.is_direction:
            continue
        run = _title_run(alignment.source, place)
        offices = {near for near in run if alignment.source[near].is_office}
        told = offices | {near for near in run if alignment.source[near].is_person}
        if offices and not met & told:
            return False
        if _belongs_to_another(alignment.source, place, run, met, language):
            return False
    return True


def is_actor(token: Token) -> bool:
    """Tell whether a token names somebody or something that acts or is acted upon, and not where that happens."""
    return token.role == "name" and not token.is_place


def actor_groups(tokens: Sequence[Token]) -> list[frozenset[int]]:
    """Return the actors of a sentence, those that are joined by titles or an "and" as one."""
    groups: list[list[int]] = []
    for place, token in enumerate(tokens):
        if not is_actor(token) or token.is_direction:
            continue
        between = tokens[groups[-1][-1] + 1 : place] if groups else ()
        if groups and all(near.is_office or near.role == "light" for near in between):
            groups[-1].append(place)
        else:
            groups.append([place])
    return [frozenset(group) for group in groups]


def _subject(tokens: Sequence[Token], place: int) -> frozenset[int]:
    """Return the actors that a word goes with: those before it in its clause, else behind it there, else the nearest."""
    groups = actor_groups(tokens)
    before = [group for group in groups if max(group) < place]
    behind = [group for group in groups if min(group) > place]
    clause = tokens[place].clause
    for group in (*before[-1:], *behind[:1]):
        if any(tokens[actor].clause == clause for actor in group):
            return group
    nearest = before[-1:] or behind[:1]
    return nearest[0] if nearest else frozenset()


def _title_run(tokens: Sequence[Token], place: int) -> range:
    """Return the places of the names and titles around a name: Russian Foreign Minister Sergei Lavrov."""

    def goes_on(near: int) -> bool:
        one, other = tokens[near - 1], tokens[near]
        joined = one.clause == other.clause and "apart" not in other.marks
        return joined and all(is_actor(token) or token.is_office for token in (one, other))

    start, end = place, place + 1
    while start > 0 and goes_on(start):
        start -= 1
    while end < len(tokens) and goes_on(end):
        end += 1
    return range(start, end)


def _belongs_to_another(tokens: Sequence[Token], place: int, run: range, met: set[int], language: Language) -> bool:
    """Tell whether the source speaks of something of the named, which the claim leaves out: supporters of X, X's son."""
    before = run.start - 1
    if before >= 0 and before not in met and tokens[before].clause == tokens[place].clause and tokens[before].role == "word":
        relation = tokens[run.start].relation
        if relation in sentence_words("of") if language == "en" else "apart" not in tokens[run.start].marks:
            return True
    beside = place + 1 if language == "en" else place - 1
    if not 0 <= beside < len(tokens) or beside in met or tokens[beside].clause != tokens[place].clause:
        return False
    if tokens[beside].word.split(" ")[0] in sentence_words("relational", language):
        return True
    after = run.stop
    if language != "en" or after >= len(tokens) or after in met or tokens[after].clause != tokens[place].clause:
        return False
    return tokens[after].role == "word" and not tokens[after].marks & {"apart", "to"} and not tokens[after].word.endswith("ly")


def places_stand_the_same(alignment: Alignment) -> bool:
    """False where something happens elsewhere: killed in Cairo, from "killed in Gaza and seen in Cairo"."""
    claim = alignment.claim
    spots = [(index, place) for index, place in enumerate(alignment.places) if place is not None and claim[index].is_place]
    if [place for _, place in spots] != sorted(place for _, place in spots):
        return False
    others = {place for place, token in enumerate(alignment.source) if token.is_place}
    for index, place in spots:
        beside = [
            (claim[near].clause != claim[index].clause, abs(near - index), found)
            for near, found in enumerate(alignment.places)
            if found is not None and not claim[near].is_place and not claim[near].is_grammatical
        ]
        word = min(beside, default=(False, 0, place))[2]
        between = {other for other in others if min(word, place) < other < max(word, place)}
        if any(not _one_place(alignment.source, other, place) for other in between):
            return False
        if not (_in_one_statement(alignment.source, word, place) or _is_adverbial(alignment.source, place)):
            return False
    return True


def _in_one_statement(tokens: Sequence[Token], one: int, other: int) -> bool:
    """Tell whether two words are of one clause, or of two that have a subject in common."""
    behind = tokens[min(one, other) + 1 : max(one, other) + 1]
    return tokens[one].clause == tokens[other].clause or not any(is_actor(token) for token in behind)


def _is_adverbial(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a place stands with nothing but times and places between commas: "In Riyadh on Monday, ..."."""
    beside = [token for token in tokens if token.clause == tokens[place].clause]
    return all(token.is_place or token.is_time or token.role in ("light", "value") for token in beside)


def _one_place(tokens: Sequence[Token], one: int, other: int) -> bool:
    """Tell whether all between two places is names and titles: the Turkish city of Malatya."""
    between = tokens[min(one, other) + 1 : max(one, other)]
    return all(token.role == "name" or token.is_office or token.role == "light" for token in between)
