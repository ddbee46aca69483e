"""What was taken away from an article's file at indexing: found by reading the file again, as the index does not keep it."""

from __future__ import annotations

from pathlib import Path

from index.catalog import Catalog
from index.clean import cleaned
from index.cleaning.removed import Removed
from index.formats.kinds import read_file
from index.formats.options import ReadOptions
from index.load import RawDocument
from index.types import Article, KhabarError


def find_article(catalog: Catalog, name: str) -> Article:
    """Return the article of an id, a path, or the end of one path alone. Raises KhabarError where none or several have it."""
    article = catalog.article(name)
    if article is not None:
        return article
    ending = f"/{name.lstrip('/')}"
    found = [article for article in catalog.articles() if article.path == name or f"/{article.path}".endswith(ending)]
    exact = [article for article in found if article.path == name]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise KhabarError(f"no article has the id or path '{name}'", "take one from the sources of an answer")
    named = ", ".join(article.path for article in found[:3])
    raise KhabarError(f"{len(found)} articles have a path that ends in '{name}' ({named}, …)", "give more of the path")


def _path_of_file(catalog: Catalog, location: str | None, path: str) -> str:
    """Return the path of the file that an article is of: a file's own name may hold a "#", too."""
    return (location and catalog.path_at(location)) or path.partition("#")[0]


def taken_away(catalog: Catalog, article: Article, options: ReadOptions) -> tuple[Removed, ...]:
    """Return what was left out of the file that an article is of. Raises KhabarError where it cannot be read any more."""
    location = catalog.location_of(article.article_id)
    main_path = article.path.removesuffix("#read-also")
    try:
        with Path(location or article.path).open("rb") as file:
            for document in read_file(file, _path_of_file(catalog, location, main_path), options):
                if isinstance(document, RawDocument) and document.path == main_path:
                    return cleaned(document).removed
    except OSError as error:
        raise KhabarError(
            f"'{location}' cannot be read again ({error.strerror})", "put the file back, or leave out --removed"
        ) from error
    raise KhabarError(f"'{location}' no longer holds that article", "run khabar index again")
