"""The login page -> HTML, in one language and without a script; and the three addresses around it."""

from __future__ import annotations

import hmac
import logging
import secrets
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, quote

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from index.types import LANGUAGES, KhabarError, Language
from rag.phrases import counted, phrase, say
from rag.server.addresses import address_of
from rag.server.caller import caller_of
from ui.direction import direction
from ui.login.login import Login, Refusal
from ui.login.sessions import LASTING
from ui.page.assets import FOLDER, faces_css
from ui.page.guard import COOKIE, PLACES
from ui.page.visitor import is_user, language_in, language_of

_LOGGER = logging.getLogger(__name__)
# A form of another site cannot hold what this cookie holds: nobody is logged in by a link to somebody else's account.
_FORM_COOKIE = "khabar_login"
_LONGEST_FORM = 20_000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_STYLE = (FOLDER / "login.css").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Form:
    """What a login form holds: where to go afterwards, the secret that its cookie also holds, and the name typed so far."""

    following: str = ""
    secret: str = ""
    name: str = ""


def login_page_html(language: Language, form: Form, fault: str = "") -> str:
    """Return the login page in one language, with what was wrong."""
    told = f'<p class="fault" role="alert" id="fault">{escape(fault)}</p>' if fault else ""
    described = ' aria-describedby="fault" aria-invalid="true"' if fault else ""
    # Whoever has typed a name goes on with the password.
    at_name, at_password = ("", " autofocus") if form.name else (" autofocus", "")
    hidden = {"next": form.following, "secret": form.secret, "language": language}
    fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items())
    return (
        f'<!DOCTYPE html><html lang="{language}" dir="{direction(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{_said('login.title', language)}</title><style>{faces_css()}{_STYLE}</style></head><body><main>"
        '<p class="wordmark"><span lang="en">Khabar</span><span class="dot" aria-hidden="true">·</span>'
        '<span lang="ar">خبر</span></p>'
        f'<form method="post" action="login"><h1>{_said("login.title", language)}</h1>{told}{fields}'
        f'<label>{_said("login.name", language)}<input name="name" dir="auto" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" maxlength="64" required value="{escape(form.name)}"{described}{at_name}></label>'
        f'<label>{_said("login.password", language)}<input type="password" name="password" dir="auto" '
        f'autocomplete="current-password" required{described}{at_password}></label>'
        f'<button type="submit">{_said("login.enter", language)}</button></form>{_languages_html(language, form.following)}'
        "</main></body></html>"
    )


def _said(key: str, language: Language) -> str:
    return escape(phrase(key, language))


def _languages_html(chosen: Language, following: str) -> str:
    after = f"&amp;next={quote(following)}" if following else ""
    here = {language: ' aria-current="true"' if language == chosen else "" for language in LANGUAGES}
    links = "".join(
        f'<a href="login?language={language}{after}" lang="{language}" hreflang="{language}"{here[language]}>'
        f"{phrase(f'own_name.{language}', language)}</a>"
        for language in LANGUAGES
    )
    return f'<nav aria-label="{_said("login.language", chosen)}">{links}</nav>'


def refusal_in_words(refusal: Refusal, language: Language) -> str:
    """Return why nobody was logged in."""
    if not refusal.wait:
        return phrase("login.wrong", language)
    minutes, seconds = divmod(refusal.wait, 60)
    time = counted("minute", minutes + (seconds > 0), language) if minutes else counted("second", seconds, language)
    return say("login.wait", language, time=time)


def safe_following(following: str) -> str:
    """Return where to go after a login, if it is a place of the page; else the page itself."""
    return following if PLACES.fullmatch(f"/{following}") else ""


def add_login_page(application: FastAPI, login: Login) -> None:
    """Serve the login page: GET and POST /login, POST /logout. That nobody comes in without it is the guard's part."""

    @application.get("/login", include_in_schema=False)
    def show(request: Request) -> Response:
        following = safe_following(request.query_params.get("next", ""))
        if is_user(caller_of(request)):
            return RedirectResponse(f"./{following}", 303)
        return _page(request, Form(following))

    @application.post("/login", include_in_schema=False)
    async def begin(request: Request) -> Response:
        fields = await _fields_of(request)
        language = language_in(request.headers, fields.get("language", ""))
        form = Form(safe_following(fields.get("next", "")), name=fields.get("name", "")[:64])
        if not _is_own_form(request, fields.get("secret", "")):
            return _page(request, form, phrase("login.cookies", language), 400, language)
        try:
            given = form.name, fields.get("password", ""), address_of(request)
            begun = await anyio.to_thread.run_sync(login.begin, *given, limiter=login.checks)
        except KhabarError as error:
            _LOGGER.error("nobody can log in: %s", error)
            return _page(request, form, phrase("login.broken", language), 503, language)
        if isinstance(begun, Refusal):
            status = 429 if begun.wait else 401
            refused = _page(request, form, refusal_in_words(begun, language), status, language)
            if begun.wait:
                refused.headers["Retry-After"] = str(begun.wait)
            return refused
        response = RedirectResponse(f"./{form.following}", 303, _HEADERS)
        _set_cookie(request, response, COOKIE, begun, int(LASTING))
        return response

    @application.post("/logout", include_in_schema=False)
    def end(request: Request) -> Response:
        if token := request.cookies.get(COOKIE):
            login.end(token)
        response = RedirectResponse("./login", 303, _HEADERS)
        response.delete_cookie(COOKIE, path=_cookie_path(request))
        return response


def _page(request: Request, form: Form, fault: str = "", status: int = 200, language: Language | None = None) -> HTMLResponse:
    secret = request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(24)
    filled = Form(form.following, secret, form.name)
    response = HTMLResponse(login_page_html(language or language_of(request), filled, fault), status, _HEADERS)
    _set_cookie(request, response, _FORM_COOKIE, secret, None)
    return response


def _is_own_form(request: Request, secret: str) -> bool:
    kept = request.cookies.get(_FORM_COOKIE, "")
    return bool(kept) and hmac.compare_digest(kept.encode(), secret.encode())


async def _fields_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; what is longer than any login is read no further."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST_FORM:
            return {}
    try:
        found = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="replace")
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def _set_cookie(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        name, value, seconds, path=_cookie_path(request), httponly=True, samesite="lax", secure=_is_https(request)
    )


def _cookie_path(request: Request) -> str:
    return request.scope.get("root_path", "").rstrip("/") or "/"


def _is_https(request: Request) -> bool:
    """Tell whether the browser speaks https, to this server or to a proxy before it; who lies harms nobody else."""
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto", "").startswith("https")
