"""Taking an article out -> HTML: a dialog that says what becomes of it and of its file, before anything happens."""

from __future__ import annotations

from html import escape

from index.types import Article, Language
from rag.phrases import counted
from ui.page.markup import apart, filled, path_html


def removal_html(article: Article, path: str, at_location: int, is_upload: bool, language: Language) -> str:
    """Return the dialog. A file of the reader's own is never touched; one that came in through the page can be deleted.

    `at_location` is how many articles came from the file at `path`.
    """
    kind = "own" if not is_upload else "upload" if at_location == 1 else "several"
    gaps = {"articles": apart(counted("article", at_location, language))} if kind == "several" else {}
    told = filled(f"page_archive.removal_{kind}", language, path=path_html(path), **gaps)
    buttons = _button_html("", "page_archive.keep", "quiet", language)
    if kind != "upload":
        buttons += _button_html("article", "page_archive.take_out", "quiet strong", language)
    if kind != "own":
        name = "page_archive.delete" if kind == "upload" else "page_archive.delete_whole"
        buttons += _button_html("file", name, "quiet danger", language)
    title = filled("page_archive.remove_one", language, title=apart(article.title))
    return (
        f'<dialog class="removal" aria-labelledby="removal-title" data-article-id="{escape(article.article_id)}">'
        f'<form method="dialog"><h2 id="removal-title">{title}</h2><p>{told}</p>'
        f'<div class="ways">{buttons}</div></form></dialog>'
    )


def _button_html(value: str, key: str, kind: str, language: Language) -> str:
    return f'<button value="{value}" class="{kind}">{filled(key, language)}</button>'
