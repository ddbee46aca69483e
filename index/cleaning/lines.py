"""The lines of a document, sorted: the article's own, those that state its outlet and date, noise, a second story."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.cleaning.list_page import is_date, is_list_page, trailing_teasers
from index.cleaning.noise import (
    FULL_STOP,
    is_end_mark,
    is_footer,
    is_keyword_label,
    is_label,
    label_tail,
    noise_of,
    opens_comments,
)
from index.cleaning.removed import Reason, Removed
from index.cleaning.stated import outlet_of, states_date
from index.dates import is_dateline, parse_date
from index.text import spaced, stem, stems, words

# The fewest words, in lines longer than a headline, that make a story.
_STORY_WORDS = 40
_STORY_LINE = 12
_HEADLINE_WORDS = 22
# Readers' comments come after an article of some length, a repeated paragraph is one of some length.
_BEFORE_COMMENTS = 20
_REPEATED_WORDS = 12
_MENU_WORDS, _MENU_LINES = 3, 3
_FOOTER_LINES = 8
# A line that is only a date, as papers have it over a text, stands among the first lines.
_DATELINES = 4
_UNDER_HEADLINE, _HEADER_WORDS, _BYLINE_WORDS = 8, 8, 4
_FIRST_LINES, _MENU_ROW = 4, 4
_GAP = re.compile(r"\s{2,}|\t|\s*[|•»›]\s*")
# Time to read, how often it was read, the number of a story.
_YEAR, _TIME = re.compile(r"\b(?:1[34]|20)\d\d\b"), re.compile(r"\b\d{1,2}:\d\d\b")
_BY = re.compile(r"^\W*(?:by|بقلم|كتب|كتبت|نوشته|كزارش از)\b\D*$")
_EDITION = re.compile(r"^\W*(?:العدد|عدد|شماره|صفحه|الصفحه|سال|السنه|no|issue|vol|volume|page|edition)\b\W*[\d٠-٩۰-۹]+\W*$")
_COUNTED = re.compile(r"\b(?:min|mins|minutes?|views?|no|دقيق\w*|دقايق|مشاهد\w*|قراءه|بازديد|رقم|كد|شناسه)\b")


@dataclass(slots=True)
class _Line:
    """One line, folded for comparing, and what it was found to be noise of."""

    text: str
    folded: str
    count: int
    after_blank: bool
    reason: Reason | None = None

    @property
    def is_sentence(self) -> bool:
        """Whether it is more than a headline."""
        return self.count > _HEADLINE_WORDS or bool(FULL_STOP.search(self.text))

    @property
    def is_box_title(self) -> bool:
        """Whether it may be the heading of a box in the page."""
        return self.after_blank and self.count <= _HEADER_WORDS and not FULL_STOP.search(self.text)

    @property
    def is_headline(self) -> bool:
        """Whether it reads like a headline: some words without a full stop, no row and no item of a list."""
        plain = not any(character in "\t|:•*-–" for character in self.text)
        return _BYLINE_WORDS <= self.count <= _HEADER_WORDS * 2 and plain and not FULL_STOP.search(self.text)

    @property
    def is_menu_like(self) -> bool:
        """Whether it is as short as an entry of a menu: no sentence, no row of figures, no item of a list that was written."""
        plain = not any(character.isdigit() or character in "\t|:" for character in self.text)
        return self.count <= _MENU_WORDS and plain and self.text[:1] not in "-–*" and not FULL_STOP.search(self.text)


    @property
    def is_edition(self) -> bool:
        """Whether it tells which edition or page of a paper this is, or the day: over a headline that is no text."""
        short = self.count <= _MENU_WORDS and bool(_EDITION.match(self.folded))
        return short or (self.count <= _HEADER_WORDS and is_date(self.text))


@dataclass(frozen=True, slots=True)
class SortedLines:
    """What the lines of one page hold, once its noise is told apart.

    `headlines` is how many headlines with dates a list page consists of, 0 for an article.
    """

    body: tuple[str, ...]
    outlet: str | None
    published: str | None
    second_story: tuple[str, ...]
    removed: tuple[Removed, ...]
    headlines: int


def sort_lines(raw_lines: list[str], *, with_menus: bool) -> SortedLines:
    """Tell the lines of a document apart, in time linear in their length.

    Empty lines may stand among them. `with_menus` says that nobody put the text in order: runs of short lines at its very
    beginning and end are then menus.
    """
    lines = _lines(raw_lines, with_menus)
    _mark_single(lines)
    _mark_comments(lines)
    _mark_behind_end(lines)
    second = _mark_read_also(lines)
    headlines = is_list_page([line.text for line in lines if line.reason is None])
    if with_menus and not headlines:
        _mark_menus(lines)
        _mark_under_headline([line for line in lines if line.reason is None][1:])
        _mark_headlines_at_end(lines[: second or len(lines)])
    _mark_footer(lines[: second or len(lines)])
    _mark_repeated(lines)
    if not headlines:
        _mark_other_stories(lines[: second or len(lines)])
    main, rest = lines[: second or len(lines)], lines[second:] if second else []
    return SortedLines(
        tuple(line.text for line in main if line.reason is None),
        next((outlet_of(line.text) for line in main if line.reason == "outlet line"), None),
        _date_of(main),
        tuple(line.text for line in rest if line.reason is None),
        tuple(Removed(line.text, line.reason) for line in lines if line.reason and line.text),
        headlines,
    )


def _date_of(lines: list[_Line]) -> str | None:
    """Return the line that tells the day of publication: one of those taken away, else one under the headline that tells it."""
    told = next((line.text for line in lines if line.reason == "date line"), None)
    kept = [line.text for line in lines if line.reason is None][1:_DATELINES]
    return told or next((text for text in kept if is_dateline(text) and not FULL_STOP.search(text)), None)


def _lines(raw_lines: list[str], with_menus: bool) -> list[_Line]:
    found: list[_Line] = []
    after_blank = False
    for place, raw in enumerate(raw_lines):
        if with_menus and place < _FIRST_LINES and len(row := _GAP.split(raw.strip())) >= _MENU_ROW and max(map(len, row)) < 25:
            found.append(_Line(" ".join(raw.split()), "", 0, after_blank, "menu"))
            continue
        text = " ".join(raw.split())
        if not text:
            after_blank = True
            continue
        tail = label_tail(text)
        for part in (text.removesuffix(tail).rstrip(" ([") if tail else text, tail):
            if part:
                folded = spaced(part)
                found.append(_Line(part, folded, len(words(part)), after_blank))
                after_blank = False
    return found


def under_headline(texts: list[str]) -> list[Reason | None]:
    """Return what the first lines under a headline are, where they are not the article's text."""
    lines = _lines(texts, with_menus=False)
    _mark_under_headline(lines)
    found = {line.text: line.reason for line in lines}
    return [found.get(" ".join(text.split())) for text in texts]


def _mark_under_headline(lines: list[_Line]) -> None:
    """Mark what stands between a headline and the first sentence: day, time to read, author, section."""
    for place, line in enumerate(lines[:_UNDER_HEADLINE]):
        if line.count <= 2 * _HEADER_WORDS and not line.is_sentence and _tells_when(line):
            line.reason = "date line"
            continue
        if line.count <= _HEADER_WORDS and not line.is_sentence and _BY.match(line.folded):
            line.reason = "byline"
            continue
        if line.is_sentence or line.count > _HEADER_WORDS or line.text[:1] in "-•*–":
            break
        if is_date(line.text):
            line.reason = "date line"
        elif line.count <= _BYLINE_WORDS and not any(character.isdigit() for character in line.text):
            follows = any(after.is_sentence for after in lines[place + 1 : _UNDER_HEADLINE + 1])
            line.reason = "byline" if follows else None
        elif _COUNTED.search(line.folded):
            line.reason = "above the headline"


def _tells_when(line: _Line) -> bool:
    """Tell whether a line of a header holds the day beside other facts, or a year and a time of day."""
    if _COUNTED.search(line.folded) and parse_date(line.text):
        return True
    return bool(_YEAR.search(line.folded) and _TIME.search(line.folded))


def _mark_headlines_at_end(lines: list[_Line]) -> None:
    """Mark a run of headlines and short lines at the end, where the article itself ends its sentences.

    Most of them must be such: a table, results and a list that a sentence announces are text.
    """
    kept = [line for line in lines if line.reason is None]
    start = len(kept)
    while start and not FULL_STOP.search(kept[start - 1].text):
        start -= 1
    while start < len(kept) and not kept[start].after_blank:
        start += 1
    run = kept[start:]
    if len(run) < _MENU_LINES or sum(bool(FULL_STOP.search(line.text)) for line in kept[:start]) < 2:
        return
    fitting = sum(line.is_headline or line.is_menu_like for line in run)
    if 4 * fitting >= 3 * len(run) and any(line.is_headline for line in run) and not kept[start - 1].text.endswith(":"):
        for line in run:
            line.reason = "other stories"


def _mark_single(lines: list[_Line]) -> None:
    """Mark what each line is, taken alone."""
    after_keyword_label = after_share = False
    before: _Line | None = None
    for line in lines:
        if line.reason is None:
            line.reason = noise_of(line.folded)
        if line.reason == "newsletter" and before and before.reason is None and before.is_box_title:
            before.reason = "newsletter"
        before = line
        if line.reason is None and after_keyword_label and not FULL_STOP.search(line.text):
            line.reason = "keyword row"
        follows = after_keyword_label and line.reason == "keyword row" and line.is_menu_like
        after_keyword_label = follows or is_keyword_label(line.folded)
        if after_keyword_label:
            line.reason = "keyword row"
        elif line.reason is None and after_share and line.count == 1 and len(line.text) <= 4:
            line.reason = "share line"  # what networks and messengers are called: X, بله
        elif line.reason is None and outlet_of(line.text):
            line.reason = "outlet line"
        elif line.reason is None and states_date(line.text, line.folded):
            line.reason = "date line"
        after_share = line.reason == "share line"


def _mark_comments(lines: list[_Line]) -> None:
    """Mark readers' comments: all that follows their heading, where an article stands before it."""
    before = 0
    for place, line in enumerate(lines):
        if opens_comments(line.folded):
            line.reason = line.reason or "comments"
            if before >= _BEFORE_COMMENTS:
                for comment in lines[place:]:
                    comment.reason = "comments"
                return
        elif line.reason is None and line.is_sentence:
            before += line.count


def _mark_behind_end(lines: list[_Line]) -> None:
    """Mark an agency's mark for the end of its report, and what follows it where that is no other story."""
    for place, line in enumerate(lines):
        if is_end_mark(line.folded):
            line.reason = "footer"
            rest = [after for after in lines[place + 1 :] if after.reason is None]
            if _story_words(rest) < _STORY_WORDS:
                for after in rest:
                    after.reason = "footer"


def _mark_read_also(lines: list[_Line]) -> int | None:
    """Mark what stands under "read also" labels; return where a second story begins, if there is one."""
    ended = sentences = False
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.reason is None and is_label(line.folded):
            after = _mark_block(lines, place)
            if ended:
                return _mark_rest(lines, place)
            if _is_second_story(lines, place, after):
                return place
            place = after
            continue
        if line.reason in {"outlet line", "keyword row"}:
            ended = sentences
        elif line.reason is None and line.is_sentence:
            sentences, ended = True, False
        place += 1
    return None


def _mark_block(lines: list[_Line], label: int) -> int:
    """Mark a label and the headlines under it; return the place of the first line after them."""
    lines[label].reason = "read also"
    end = label + 1
    while end < len(lines) and not (lines[end].reason is None and (lines[end].is_sentence or is_label(lines[end].folded))):
        end += 1
    headlines = [place for place in range(label + 1, end) if lines[place].reason is None]
    # A much shorter line over whole sentences is the next heading of the article.
    if len(headlines) > 1 and end < len(lines) and 2 * lines[headlines[-1]].count <= lines[headlines[-2]].count:
        end = headlines.pop()
    for place in headlines:
        lines[place].reason = "read also"
    return end


def _is_second_story(lines: list[_Line], label: int, after: int) -> bool:
    """Tell whether the one headline under a label is that of the text which follows, not of another page."""
    headlines = [line for line in lines[label + 1 : after] if line.reason == "read also"]
    rest = [line for line in lines[after:] if line.reason is None]
    if len(headlines) != 1 or _story_words(rest) < _STORY_WORDS:
        return False
    told = [word for word in words(headlines[0].text) if len(word) > 2]
    inside, before = _share(told, rest), _share(told, [line for line in lines[:label] if line.reason is None])
    if inside >= 0.5 and inside > before:
        headlines[0].reason = None
        return True
    return False


def _mark_rest(lines: list[_Line], label: int) -> int | None:
    """Where an article has ended before a label: return where its second story begins, or mark what follows as noise."""
    for line in lines[label + 1 :]:
        if line.reason == "read also" and not noise_of(line.folded) and not is_label(line.folded):
            line.reason = None
    rest = [line for line in lines[label + 1 :] if line.reason is None]
    if _story_words(rest) >= _STORY_WORDS:
        return label
    for line in rest:
        line.reason = "read also"
    return None


def _story_words(lines: list[_Line]) -> int:
    return sum(line.count for line in lines if line.count > _STORY_LINE)


def _share(told: list[str], lines: list[_Line]) -> float:
    """Return what share of a headline's words stands in lines, by their stems."""
    said = {word for line in lines for word in words(line.text)}
    said |= {stem(word) for word in said}
    return sum(not said.isdisjoint(stems(word)) for word in told) / len(told) if told else 0.0


def _mark_menus(lines: list[_Line]) -> None:
    """Mark the menu over a page that was copied out of a browser, and the one under it."""
    kept = [line for line in lines if line.reason is None]
    start = 0
    while start < len(kept) and (kept[start].is_menu_like or (start > 1 and kept[start].is_edition)):
        start += 1
    if start < len(kept) and start >= _MENU_LINES:
        # The last of them may be the headline, unless one follows.
        for line in kept[: start if not kept[start].is_sentence else start - 1]:
            line.reason = "menu"
    end = len(kept)
    while end > start and kept[end - 1].is_menu_like:
        end -= 1
    run = kept[end:]
    if end > start and len(run) >= _MENU_LINES and run[0].after_blank and not kept[end - 1].text.endswith(":"):
        for line in run:
            line.reason = "menu"


def _mark_footer(lines: list[_Line]) -> None:
    """Mark the lines that close a page, among its last ones, and what is short after them."""
    last = [line for line in lines if line.reason is None][-_FOOTER_LINES:]
    begun = False
    for line in last[1:]:
        if is_footer(line.folded) or (begun and line.count <= _STORY_LINE):
            line.reason, begun = "footer", True
        else:
            begun = False


def _mark_repeated(lines: list[_Line]) -> None:
    """Mark a paragraph that stands above already, word for word; rows and short sentences may come again."""
    seen: set[str] = set()
    for line in lines:
        if line.reason is None and line.count >= _REPEATED_WORDS:
            if line.folded in seen:
                line.reason = "stands above already"
            seen.add(line.folded)


def _mark_other_stories(lines: list[_Line]) -> None:
    """Mark headlines of other articles, with their dates, at the end."""
    kept = [line for line in lines if line.reason is None]
    count = trailing_teasers([line.text for line in kept])
    for line in kept[len(kept) - count :] if 0 < count < len(kept) else []:
        line.reason = "other stories"
