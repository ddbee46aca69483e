"""Derived stores live in generations: built beside, swapped in by one atomic rename of a small pointer file."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from index.catalog import Catalog
from index.progress import Tell
from index.seal import damage_of, seal
from index.types import KhabarError

_POINTER = "current.json"


@dataclass(frozen=True, slots=True)
class Generation:
    """The state of a derived store: the folder in use, the catalog revision it has seen, and what it was made with.

    `mark` is the catalog's own mark of that revision, by which it is known to be of this catalog and of no other, nor of this
    one before an earlier copy took its place. Khabars before this one wrote none.
    """

    name: str
    revision: int
    made_with: str
    mark: str = ""


def read_generation(folder: Path) -> Generation | None:
    """Return the generation in use, or None where there is none that is whole."""
    found = _pointed_to(folder)
    while found and not (folder / found.name).is_dir():
        again = _pointed_to(folder)
        if again == found:
            return None
        found = again  # it was replaced, and deleted, between two looks
    return found


def pointer(folder: Path) -> Path:
    """Return the small file of a derived store that names the generation in use; it is replaced with each."""
    return folder / _POINTER


def _pointed_to(folder: Path) -> Generation | None:
    try:
        found = Generation(**json.loads((folder / _POINTER).read_text(encoding="utf-8")))
        whole = found.name.isdecimal() and isinstance(found.revision, int) and isinstance(found.mark, str)
        return found if whole else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def is_lost(folder: Path) -> bool:
    """Tell whether a derived store was in use whose pointer, or what it points to, is damaged or missing now."""
    return (folder / _POINTER).exists() and read_generation(folder) is None


def is_of(generation: Generation, catalog: Catalog) -> bool:
    """Tell whether a generation was derived from this catalog: not from another, nor from what an older copy of it replaced."""
    return not generation.mark or generation.mark == catalog.mark_of(generation.revision)


def _unfit(folder: Path, generation: Generation, catalog: Catalog) -> str | None:
    """Return why a generation cannot be brought up to date but must be built anew: None where it can."""
    if not generation.mark:
        return "is of an earlier Khabar"
    if not is_of(generation, catalog):
        return "is of another catalog"
    damage = damage_of(folder / generation.name)
    return f"is damaged ({damage})" if damage else None


def usable(folder: Path, catalog: Catalog, made_with: str, name: str, tell: Tell) -> Generation | None:
    """Return the generation in use where it can be brought up to date, else None: it is to be built anew.

    `tell` hears why, by the `name` of the store, unless it was only made with something else than `made_with`.
    """
    current = read_generation(folder)
    if current is None:
        if is_lost(folder):
            tell(f"{name} is damaged (current.json); it is built anew.")
        return None
    if current.made_with != made_with:
        return None
    if reason := _unfit(folder, current, catalog):
        tell(f"{name} {reason}; it is built anew.")
        return None
    return current


def store_damage(folder: Path, catalog: Catalog) -> str | None:
    """Return why what is in use of a derived store cannot be relied on, by its checksums; None where it can, or is none."""
    current = read_generation(folder)
    if current is None:
        return "is damaged (current.json)" if is_lost(folder) else None
    return _unfit(folder, current, catalog)


def left_behind(folder: Path) -> list[Path]:
    """Return the folders of a derived store that a run has begun and not ended."""
    current = read_generation(folder)
    in_use = int(current.name) if current else 0
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(child for child in found if child.name.isdecimal() and int(child.name) > in_use)


def mirrored(home: Path) -> Path:
    """Return a new folder of links to all that is in a folder: a place for the locks of who only reads there.

    It is the caller's to remove.
    """
    mirror = Path(mkdtemp(prefix="khabar-"))
    for place, _, names in os.walk(home):
        below = mirror / os.path.relpath(place, home)
        below.mkdir(exist_ok=True)
        for name in names:
            if not name.endswith(".lock"):
                (below / name).symlink_to(Path(place, name).resolve())
    return mirror


def damaged(store: Path, error: Exception) -> KhabarError:
    """Return the error for a derived store that cannot be opened."""
    reason = str(error).strip().split("\n")[0][:160] or type(error).__name__
    if not os.access(store, os.W_OK):  # Chroma writes there even to read
        return KhabarError(f"'{store}' is not writable, which reading it needs too ({reason})", "make it writable or copy it")
    return KhabarError(f"the index files in '{store}' are damaged ({reason})", "run khabar index --rebuild; no article is lost")


def new_generation_folder(
    folder: Path, copy_of: Generation | None = None, linked: frozenset[str] = frozenset()
) -> Path:
    """Return a new folder beside the one in use: empty, or a copy of a generation to be changed.

    Files with the suffixes `linked`, which nobody ever changes in place, are shared with the copy where the disk can.
    What an interrupted run has left beside it goes first, so that runs that fail on a full disk do not fill it further.
    """
    folder.mkdir(parents=True, exist_ok=True)
    current = read_generation(folder)
    in_use = int(current.name) if current else 0
    taken = {int(child.name): child for child in folder.iterdir() if child.name.isdecimal()}
    for number, left in taken.items():
        if number > in_use:
            shutil.rmtree(left, ignore_errors=True)
    new = folder / f"{max(taken, default=0) + 1:06d}"
    if copy_of is None:
        new.mkdir()
        return new
    try:
        shutil.copytree(folder / copy_of.name, new, copy_function=partial(_link_or_copy, linked))
    except shutil.Error as error:  # its own text is a list of every file
        raise OSError(error.args[0][0][2]) from error
    return new


def _link_or_copy(linked: frozenset[str], source: str, target: str) -> None:
    if os.path.splitext(source)[1] in linked:
        with contextlib.suppress(OSError):  # another disk, or one that knows no links
            os.link(source, target)
            return
    shutil.copy2(source, target)


def switch_to(folder: Path, generation: Generation, *, keep_last: bool = True) -> None:
    """Make a generation the one in use and delete those before the last; a reader may still have that one open.

    Without `keep_last` that one goes, too, for it holds what was deleted: a reader that comes to miss it looks again.
    """
    previous = read_generation(folder)
    home = folder / generation.name
    if generation.mark:
        seal(home, folder / previous.name if previous else None)
    temporary = folder / f"{_POINTER}.new"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(asdict(generation), file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, folder / _POINTER)
    keep = {generation.name, previous.name if previous and keep_last else generation.name}
    for child in folder.iterdir():
        if child.name.isdecimal() and child.name not in keep:
            shutil.rmtree(child, ignore_errors=True)
