import re

import pytest

from benchmarks.page import command_line, put_figures
from index.types import KhabarError


def test_the_figures_go_between_the_comments_of_a_page_and_nowhere_else(tmp_path):
    page = tmp_path / "صفحة.md"
    page.write_text("# العنوان\n<!-- figures -->\nold\nolder\n<!-- end of figures -->\nنهاية\n", encoding="utf-8")
    for figures in (r"| \1 | ١٢ |", "| new |"):
        put_figures(page, figures)
        written = page.read_text(encoding="utf-8")
        assert written.startswith("# العنوان\n<!-- figures -->\n\nMade ")
        assert written.endswith(f"`\n\n{figures}\n<!-- end of figures -->\nنهاية\n")


def test_figures_tell_the_commit_and_the_command_that_made_them(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- figures -->\n<!-- end of figures -->\n", encoding="utf-8")
    put_figures(page, "| 1 |")
    made = r"\nMade (at [0-9a-f]{7,}, \d{4}-\d\d-\d\d(, with changes)?|\(commit not recorded\)) by `python -m benchmarks\..+`\n"
    assert re.search(made, page.read_text(encoding="utf-8"))


def test_a_page_without_a_place_is_left_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- figures -->\n<!-- end of figures -->\n", encoding="utf-8")
    with pytest.raises(KhabarError, match="newsroom"):
        put_figures(page, "| 1 |", "newsroom")
    assert page.read_text(encoding="utf-8") == "<!-- figures -->\n<!-- end of figures -->\n"


def test_a_command_names_no_folder_of_the_machine_that_ran_it(tmp_path):
    arguments = ["/somewhere/benchmarks/newsroom.py", str(tmp_path / "أخبار"), "sets/arcd", "--write", "docs/retrieval.md"]
    assert command_line(arguments) == "python -m benchmarks.newsroom …/أخبار sets/arcd --write docs/retrieval.md"
