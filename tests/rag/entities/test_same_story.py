"""One event in several languages: what names, numbers, agency and day make of two reports."""

from __future__ import annotations

import pytest

from rag.entities.extraction import GlossaryNames
from rag.entities.same_story import Report, likeness, same_stories
from rag.entities.tuning import LEAST_LIKENESS
from rag.text.glossary import load_glossary
from tests.rag.scripted import archive_of

RAIL = {
    "ar": "افتتح العراق وإيران خط السكك الحديدية بين البصرة والشلامجة. ويبلغ طوله ٣٢ كيلومترا وكلف ١٤٨ مليون دولار.",
    "fa": "عراق و ایران راه‌آهن میان بصره و شلمچه را گشودند. طول آن ۳۲ کیلومتر است و ۱۴۸ میلیون دلار هزینه داشت.",
    "en": "Iraq and Iran opened the railway between Basra and Shalamcheh. It is 32 kilometres long, for 148 million dollars.",
}
STRIKE = "A strike of 900 dockers stopped the port of Basra. Iraq's ministry talks with them, and ships from Iran wait."


def stories(folder, rows):
    made = [
        {"id": name, "language": language, "date": day, "title": f"report {name}", "text": text, "outlet": f"outlet {name}"}
        for name, language, day, text in rows
    ]
    archive = archive_of(folder, made, GlossaryNames(load_glossary()))
    found = [[each.path.partition("#")[2] for each in story.articles] for story in same_stories(archive.catalog)]
    archive.catalog.close()
    return found


def test_translations_are_one_story_and_another_story_of_the_same_places_is_not(tmp_path):
    rows = [(language, language, "2026-04-27", text) for language, text in RAIL.items()]
    rows += [("strike", "en", "2026-04-28", STRIKE), ("other", "fa", "2026-04-27", "کتابخانه شهر تا پایان هفته باز است.")]
    assert stories(tmp_path, rows) == [["ar", "en", "fa"]]


@pytest.mark.parametrize(("day", "one"), [("2026-04-28", True), ("2026-05-04", False)])
def test_reports_lie_a_day_apart_at_most(tmp_path, day, one):
    rows = [("ar", "ar", "2026-04-27", RAIL["ar"]), ("fa", "fa", day, RAIL["fa"])]
    assert stories(tmp_path, rows) == ([["ar", "fa"]] if one else [])


def test_what_is_shared_is_weighed():
    iran, iraq, basra = (("place", f"={name}") for name in ("iran", "iraq", "basra"))
    weights = {iran: 0.7, iraq: 1.0, basra: 3.0}
    one = Report(frozenset({iran, iraq, basra}), frozenset({"32", "148"}), "reuters")
    assert likeness(one, one, weights) > LEAST_LIKENESS
    other = Report(frozenset({iran, iraq}), frozenset({"900"}))
    assert likeness(one, other, weights) < LEAST_LIKENESS
    assert likeness(one, Report(frozenset({iran}), frozenset()), weights) == 0.0
    agency = Report(other.names, frozenset(), "reuters")
    assert likeness(one, agency, weights) > likeness(one, Report(other.names, frozenset()), weights)
