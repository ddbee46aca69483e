"""The menu of the page's language and appearance -> HTML, and the script that sets both before anything is drawn."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from index.types import LANGUAGES
from rag.phrases import phrase
from ui.page.markup import in_each_language

_GLOBE = (
    '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15z'
    'M2.5 10h15M10 2.5c-5 4.5-5 10.5 0 15c5-4.5 5-10.5 0-15z"/></svg>'
)
# Named late, a browser asks the server's root for one.
_ICON = (
    "<link rel='icon' href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='6' fill='%23963a24'/%3E%3Cpath d='M8 10h16M8 16h16M8 22h9' stroke='%23fff' "
    "stroke-width='2.6' stroke-linecap='round'/%3E%3C/svg%3E\">"
)
_THEMES = ("light", "dark")
# The paper of page.css before that is there, in the place of Gradio's own.
_EARLY_STYLE = (
    ":root,body{background:#faf8f3!important}"
    ':root[data-theme="dark"],:root[data-theme="dark"] body{background:#16171a!important;color-scheme:dark}'
)


def menu_html(login: bool = False) -> str:
    """Return the button and what it opens: the languages, light or dark, and where login is on the way out."""
    names = "".join(f'<span class="own" lang="{each}">{phrase(f"own_name.{each}", each)}</span>' for each in LANGUAGES)
    return (
        f'<button type="button" id="settings-button" class="quiet" popovertarget="settings">{_GLOBE}'
        f'<span class="unseen">{in_each_language("menu.name")}</span>'
        f'<span class="current" aria-hidden="true">{names}</span></button>'
        f'<div id="settings" popover><form autocomplete="off">{_languages_html()}{_themes_html()}</form>'
        f"{_leave_html() if login else ''}</div>"
    )


def _languages_html() -> str:
    rows = "".join(
        _choice("page-language", language, f'<bdi lang="{language}">{phrase(f"own_name.{language}", language)}</bdi>')
        for language in LANGUAGES
    )
    browser = _choice("page-language", "", in_each_language("menu.browser_language"))
    return f'<fieldset><legend>{in_each_language("menu.language")}</legend>{rows}{browser}</fieldset>'


def _themes_html() -> str:
    rows = "".join(_choice("page-theme", theme, in_each_language(f"menu.{theme}")) for theme in _THEMES)
    browser = _choice("page-theme", "", in_each_language("menu.browser_theme"))
    return f'<fieldset><legend>{in_each_language("menu.appearance")}</legend>{rows}{browser}</fieldset>'


def _choice(name: str, value: str, told: str) -> str:
    return f'<label><input type="radio" name="{name}" value="{value}"><span>{told}</span></label>'


def _leave_html() -> str:
    return f'<form method="post" action="logout"><button type="submit">{in_each_language("login.leave")}</button></form>'


@cache
def early_head() -> str:
    """Return what goes before all else: a page in another theme or direction would flash up without it."""
    content = (Path(__file__).parent / "static" / "early.js").read_text(encoding="utf-8")
    return f"{_ICON}<style>{_EARLY_STYLE}</style><script>{content}</script>"
