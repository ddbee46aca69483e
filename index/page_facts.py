"""What an HTML page states about its own article: publication, outlet, author, section, tags, link, language, agency."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from index.dates import is_date_line
from index.text import squash

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time", "published_time", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "publication-date", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article_date_original", "originalpublicationdate", "date_published", "citation_publication_date",
    "article.published", "date",
)  # fmt: skip
_META: dict[str, tuple[str, ...]] = {
    "outlet": ("og:site_name", "dc.publisher", "citation_journal_title", "application-name"),
    "author": ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl"),
    "section": ("article:section", "section", "parsely-section", "category"),
    "origin": ("agency", "article:agency", "syndication-source", "original-source", "news_source", "wire", "copyright-agency"),
}
_TAGS = ("article:tag", "news_keywords", "parsely-tags", "keywords")
# Kinds of JSON-LD that are articles, among which a page's own is.
_ARTICLES = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report|NewsItem)$")
# What holds other stories, readers' words or clocks: a date in one of these is not the article's.
_FOREIGN = re.compile(
    r"comment|disqus|repl(?:y|ies)|related|recommend|read-?(?:more|also|next)|more-?(?:news|stor)|most-?|popular|trending|latest|sidebar"
    r"|side-bar|aside|widget|teaser|promo|ticker|clock|now\b|current|today|breaking|live-?(?:time|clock)|weather|advert|sponsor|footer"
    r"|copyright|event|expir|deadline|countdown|poll|newsletter|carousel|card|listing|archive-list|seealso|see-also|also",
    re.IGNORECASE,
)
_FOREIGN_TAGS = frozenset({"footer", "nav", "aside", "form", "script", "style", "template", "noscript", "select", "dialog"})
_UPDATED = re.compile(
    r"updat|modif|revis|edit|expir|valid|until|dateline-?end|event|duration|reading|تحديث|بروز", re.IGNORECASE
)
_DATE_LIKE = re.compile(r"date|publish|pub-?time|posted|timestamp|تاريخ|تاریخ|\btime\b", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_LONGEST_DATE, _WORDS_OF_TEXT = 90, 12
_COLLECTIONS = frozenset(
    {
        "itemlistelement", "comment", "comments", "mentions", "haspart", "relatedlink", "citation", "subjectof", "about",
        "review", "isrelatedto", "associatedmedia",
    }
)  # fmt: skip


def page_facts(html: str) -> dict[str, str]:
    """Return what a page states of its article under the names of a header, `dated_by` telling where the date stands.

    The date is the publication that JSON-LD, a meta tag, a <time> or a date line of the article's own header states, in this
    order; none of another story, a comment, a clock, an update or an expiry. A page that cannot be parsed states nothing.
    """
    tree = _parsed(html)
    if tree is None:
        return {}
    meta = _meta_of(tree)
    titles = _titles(tree, meta)
    link = _link(tree, meta)
    own = _own_json(tree, titles, link)
    facts = {name: value for name, keys in _META.items() if (value := _first(meta, keys))}
    facts |= {
        "tags": ", ".join(dict.fromkeys(value for key in _TAGS[:1] for value in meta.get(key, ()))) or _first(meta, _TAGS) or ""
    }
    facts |= {"url": link or "", "page_language": _language(tree, meta)}
    facts |= _facts_of_json(own)
    for stated, by in _dates(tree, meta, own):
        if _YEAR.search(stated):
            facts |= {"published": stated, "dated_by": by}
            break
    if re.match(r"https?://", facts.get("author", "")):
        del facts["author"]
    return {name: value for name, value in facts.items() if value.strip()}


def _parsed(html: str) -> Any:
    from lxml import etree
    from lxml import html as parser

    if not html.strip():
        return None
    try:
        # Of bytes, for a page that declares a charset in its first line is refused as text.
        return parser.document_fromstring(html.encode(), parser=parser.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _meta_of(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        key = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        value = (tag.get("content") or "").strip()
        if key and value and not _is_foreign(tag):
            found.setdefault(key.strip().lower(), []).append(" ".join(value.split()))
    return found


def _first(meta: Mapping[str, Sequence[str]], keys: Sequence[str]) -> str | None:
    return next((meta[key][0] for key in keys if meta.get(key)), None)


def _titles(tree: Any, meta: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the page's titles, squashed: those that a JSON object of the page's own article has one of."""
    found = [*meta.get("og:title", ()), *meta.get("twitter:title", ())]
    found += [tag.text_content() for name in ("h1", "title") for tag in list(tree.iter(name))[:2]]
    return [squash(title) for title in found if squash(title)]


def _link(tree: Any, meta: Mapping[str, Sequence[str]]) -> str | None:
    for tag in tree.iter("link"):
        if (tag.get("rel") or "").lower() == "canonical" and (tag.get("href") or "").startswith("http"):
            return str(tag.get("href"))
    found = _first(meta, ("og:url", "twitter:url"))
    return found if found and found.startswith("http") else None


def _language(tree: Any, meta: Mapping[str, Sequence[str]]) -> str:
    stated = next((tag.get("lang") for tag in tree.iter("html") if tag.get("lang")), None)
    return str(stated or _first(meta, ("og:locale", "language", "content-language", "dc.language")) or "")


# JSON-LD


def _own_json(tree: Any, titles: Sequence[str], link: str | None) -> Mapping[str, Any]:
    """Return the JSON-LD object of the page's own article: the one of its title or link; else the only one, untitled."""
    found = [item for item in _json_objects(tree) if any(map(_ARTICLES.search, _kinds(item)))]
    for item in found:
        name = squash(str(item.get("headline") or item.get("name") or ""))
        if name and any(name in title or title in name for title in titles if min(len(name), len(title)) > 5):
            return item
    if link:
        for item in found:
            if _path(link) in {_path(address) for address in _addresses(item)}:
                return item
    untitled = [item for item in found if not item.get("headline") and not item.get("name")]
    return found[0] if len(found) == 1 and (untitled or not titles) else {}


def _json_objects(tree: Any) -> Iterator[Mapping[str, Any]]:
    for tag in tree.iter("script"):
        if "ld+json" not in (tag.get("type") or "") or _is_foreign(tag):
            continue
        try:
            yield from _objects(json.loads(tag.text or "", strict=False))
        except (ValueError, RecursionError):
            continue


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a JSON-LD block, but for those that another one lists, mentions or comments with."""
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
    elif isinstance(value, dict):
        yield value
        for key, item in value.items():
            if isinstance(item, dict | list) and key.lower() not in _COLLECTIONS:
                yield from _objects(item)


def _kinds(item: Mapping[str, Any]) -> list[str]:
    kind = item.get("@type")
    return [str(each) for each in kind] if isinstance(kind, list) else [str(kind or "")]


def _addresses(item: Mapping[str, Any]) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = item.get(key)
        value = value.get("@id") if isinstance(value, dict) else value
        if isinstance(value, str):
            yield value


def _path(address: str) -> str:
    return re.sub(r"^https?://[^/]*|[?#].*$|/$", "", address) or "/"


def _facts_of_json(own: Mapping[str, Any]) -> dict[str, str]:
    named = {
        "outlet": own.get("publisher"), "author": own.get("author"), "section": own.get("articleSection"),
        "origin": own.get("sourceOrganization") or own.get("provider"),
    }  # fmt: skip
    found = {key: ", ".join(dict.fromkeys(_names(value))) for key, value in named.items()}
    tags = own.get("keywords")
    found["tags"] = ", ".join(map(str, tags)) if isinstance(tags, list) else tags if isinstance(tags, str) else ""
    if isinstance(own.get("inLanguage"), str):
        found["page_language"] = own["inLanguage"]
    if found["origin"] == found["outlet"]:
        found["origin"] = ""
    return {key: " ".join(value.split()) for key, value in found.items() if value.strip()}


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _names(value.get("name"))
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


# Dates


def _dates(tree: Any, meta: Mapping[str, Sequence[str]], own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what may state the publication, best first, with the name of its place."""
    if isinstance(own.get("datePublished"), str):
        yield own["datePublished"], "JSON-LD"
    for key in _PUBLISHED:
        for value in meta.get(key, ())[:1]:
            yield value, f"meta {key}"
    for tag in _header_parts(tree):
        stated = _attribute(tag)
        if tag.tag == "time" or stated:
            yield stated if _YEAR.search(stated) else tag.text_content(), "time"
        else:
            yield tag.text_content(), "date line of the page"


def _header_parts(tree: Any) -> list[Any]:
    """Return the <time> and other date elements of the article's own header: the one that its <h1> stands in, and below it."""
    headings = [tag for tag in tree.iter("h1") if not _is_foreign(tag)]
    scopes = _scopes(headings[0]) if headings else [tag for tag in tree.iter("article") if not _is_foreign(tag)][:1]
    for scope in scopes:
        found = [tag for tag in scope.iter() if isinstance(tag.tag, str) and _is_date_part(tag, scope)]
        if found:
            return sorted(found, key=lambda tag: not _is_published(tag))
    return next((found for scope in scopes if (found := list(_bare_dates(scope)))), [])


def _bare_dates(scope: Any) -> Iterator[Any]:
    """Yield the elements without a telling name that hold a date and little else, above the first paragraph of the text."""
    for tag in scope.iter():
        if not isinstance(tag.tag, str) or tag is scope or tag.tag == "h1":
            continue
        text = " ".join(tag.text_content().split())
        if tag.tag == "p" and len(text.split()) > _WORDS_OF_TEXT:
            return
        is_innermost = not any(is_date_line(child.text_content()) for child in tag)
        is_short = len(text) <= _LONGEST_DATE and is_innermost and is_date_line(text)
        if is_short and not _is_foreign(tag) and not _UPDATED.search(f"{_text_before(tag)} {text} {_label(tag)}"):
            yield tag


def _scopes(heading: Any) -> list[Any]:
    """Return the elements around a heading, the nearest first, as far as the article goes."""
    scopes = []
    for above in heading.iterancestors():
        if above.tag in ("body", "html"):
            break
        scopes.append(above)
        if above.tag in ("article", "main") or len(scopes) == 4:
            break
    return scopes or [heading.getparent()]


def _is_date_part(tag: Any, scope: Any) -> bool:
    label = _label(tag)
    if tag.tag != "time" and not (
        _DATE_LIKE.search(label) and tag.tag not in ("article", "section", "main", "h1", "meta", "body", "a")
    ):
        return False
    if tag.tag != "time" and next(tag.iter("time"), None) is not None:
        return False
    text = " ".join(tag.text_content().split())
    stated = _attribute(tag)
    if len(text) > _LONGEST_DATE or not (_YEAR.search(stated) or _YEAR.search(text)) or stated.startswith("P"):
        return False
    if any(map(_UPDATED.search, (label, text, _text_before(tag)))):
        return False
    return not _is_foreign(tag) and not _is_in_text(tag, scope)


def _attribute(tag: Any) -> str:
    """Return what an element states for machines: its datetime, content or title."""
    return next((str(tag.get(name)) for name in ("datetime", "content", "title") if tag.get(name)), "")


def _text_before(tag: Any) -> str:
    """Return the words right before an element, in the one that it stands in: valid until <time>."""
    previous = tag.getprevious()
    if previous is None:
        return (tag.getparent().text or "")[-40:]
    return f"{previous.text_content() if isinstance(previous.tag, str) else ''}{previous.tail or ''}"[-40:]


def _is_in_text(tag: Any, scope: Any) -> bool:
    """Tell whether a date stands inside a paragraph of more than itself, or behind the first long one."""
    for above in tag.iterancestors():
        if above is scope:
            break
        if above.tag in ("p", "li", "td", "blockquote") and len(above.text_content().split()) > 14:
            return True
    for before in scope.iter("p"):
        if len(before.text_content().split()) > _WORDS_OF_TEXT:
            return bool(_position(before, scope) < _position(tag, scope)) and not _is_published(tag)
    return False


def _position(tag: Any, scope: Any) -> int:
    return next((place for place, each in enumerate(scope.iter()) if each is tag), 0)


def _is_published(tag: Any) -> bool:
    return "pubdate" in tag.attrib or bool(re.search(r"publish|pubdate", _label(tag), re.IGNORECASE))


def _label(tag: Any) -> str:
    return " ".join(tag.get(name) or "" for name in ("class", "id", "itemprop", "data-testid", "aria-label"))


def _is_foreign(tag: Any) -> bool:
    """Tell whether an element is, or stands in, what holds other stories, comments or clocks."""
    for each in (tag, *tag.iterancestors()):
        if each.tag in ("html", "body", "head"):
            return False
        if each.tag in _FOREIGN_TAGS - ({"script"} if each is tag else frozenset()):
            return True
        if _FOREIGN.search(_label(each)):
            return True
    return False
