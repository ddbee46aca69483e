"""What a person reads where a request is turned away before the page: words for scripts, or a page in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

from index.types import LANGUAGES, Language
from rag.phrases import counted, phrases, say
from rag.server.refusal import Refusal
from ui.direction import direction

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = (
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem;color:#222;background:#fff}"
    "h1{font-size:1.1rem}code{direction:ltr;unicode-bidi:isolate}"
    "@media (prefers-color-scheme:dark){body{color:#ddd;background:#181818}}"
)


def refused_words(refusal: Refusal, language: Language) -> str:
    """Return why a request is refused, as far as somebody at the page can do with it."""
    if refusal.code == "login-needed":
        return say("login.ended", language)
    key = f"refused.{refusal.code}" if f"refused.{refusal.code}" in phrases() else "refused.other"
    wait = counted("second", int(refusal.headers.get("Retry-After", "0")), language)
    return say(key, language, name=(refusal.value or "").strip(), time=wait)


def refused_page(refusal: Refusal, headers: Mapping[str, str]) -> HTMLResponse:
    """Return a page that says why, in each language."""
    said = "".join(
        f'<p lang="{language}" dir="{direction(language)}">{escape(refused_words(refusal, language))}</p>'
        for language in LANGUAGES
    )
    content = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>Khabar · خبر</title><style>{_STYLE}</style></head><body><main><h1>Khabar · <span lang="ar">خبر</span></h1>'
        f'{said}<p><code dir="ltr">{escape(refusal.remedy)}</code></p></main></body></html>'
    )
    return HTMLResponse(content, refusal.status, {**headers, **_HEADERS})
