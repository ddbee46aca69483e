"""The settings file, khabar.toml: read with the names of the settings, and written as an example."""

from __future__ import annotations

import json
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from index.private import OTHERS
from index.types import KhabarError

FILE_NAME = "khabar.toml"
_EXAMPLE = "khabar config --example"
# What a value may be, the narrower kind first: its words for a reader, and an example.
_KINDS: tuple[tuple[set[type], tuple[type, ...], str, str], ...] = (
    ({bool}, (bool,), "true or false", "true"),
    ({int}, (int,), "a whole number", "10"),
    ({float}, (int, float), "a number", "2.5"),
    ({str, Path, SecretStr}, (str,), "a text in quotation marks", '"…"'),
)


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A file as it was read: its values by setting, none of them checked yet."""

    path: Path
    values: Mapping[str, Any] = field(default_factory=dict)

    def value(self, name: str, known: FieldInfo) -> Any:
        """Return a value as its setting takes it; a relative path is one from the file's folder.

        Raises KhabarError for one of another kind: a number is written as a number, a text in quotation marks.
        """
        value, kinds = self.values[name], _types_of(known.annotation)
        if not any(types & kinds and _is(value, takes) for types, takes, _, _ in _KINDS):
            wanted = [(words, example) for types, _, words, example in _KINDS if types & kinds]
            expected = " or ".join(words for words, _ in wanted)
            raise KhabarError(
                f"'{self.path}': {name} is {_shown(value, known)}, where it should be {expected}",
                f"write {name} = {wanted[0][1]}; it is: {known.description}",
            )
        return self.path.parent / Path(value).expanduser() if Path in kinds and value else value

    def shared_secrets(self, fields: Mapping[str, FieldInfo]) -> list[str]:
        """Return the settings with secrets in it, where others on the machine may read the file."""
        try:
            shared = self.path.stat().st_mode & OTHERS
        except OSError:
            return []
        return [name for name in self.values if shared and SecretStr in _types_of(fields[name].annotation)]


def read_settings_file(path: Path, fields: Mapping[str, FieldInfo]) -> SettingsFile:
    """Return what a file sets. Raises KhabarError where it cannot be read, is no TOML or names what is no setting."""
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise KhabarError(
            f"the settings file '{path}' cannot be read ({reason})", f"name another; {_EXAMPLE} writes one"
        ) from error
    except UnicodeDecodeError as error:
        raise KhabarError(f"the settings file '{path}' is not UTF-8 text", "save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise KhabarError(
            f"the settings file '{path}' is no TOML: {error}", f"mend that line; {_EXAMPLE} shows how values are written"
        ) from error
    for name, value in content.items():
        if name not in fields:
            raise _unknown(path, name, value, fields)
    return SettingsFile(path, {name: value for name, value in content.items() if value != ""})


def _unknown(path: Path, name: str, value: Any, fields: Mapping[str, FieldInfo]) -> KhabarError:
    if isinstance(value, dict):
        return KhabarError(f"'{path}' has a table [{name}]", "settings stand at its top, without tables: top_k = 10")
    problem = f"'{path}' sets '{name}', which is no setting"
    meant = name.lower().replace("-", "_").removeprefix("khabar_")
    if near := get_close_matches(meant, fields, n=1):
        return KhabarError(problem, f"write {near[0]}, if that is meant: {fields[near[0]].description}")
    return KhabarError(problem, f"take it out; {_EXAMPLE} lists the settings")


def _types_of(annotation: Any) -> set[type]:
    """Return the types that a setting takes, without None."""
    if get_origin(annotation) is Literal:
        return {type(value) for value in get_args(annotation)}
    inside = get_args(annotation)
    return {kind for each in inside for kind in _types_of(each)} if inside else {annotation} - {NoneType}


def _is(value: Any, kinds: tuple[type, ...]) -> bool:
    # To Python, true is the number 1.
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)


def _shown(value: Any, known: FieldInfo) -> str:
    return "a secret" if SecretStr in _types_of(known.annotation) else toml_value(value)


def toml_value(value: Any) -> str:
    """Return a value as TOML writes it."""
    return json.dumps(value if isinstance(value, bool | int | float) else str(value), ensure_ascii=False)


def example_file(fields: Mapping[str, FieldInfo]) -> str:
    """Return a file with a line for each setting and what it is, all of it commented out: it changes nothing yet."""
    head = [
        f"# Settings of Khabar, which it reads where this file is called {FILE_NAME} and lies in the folder that khabar is",
        "# started in, or where --config or KHABAR_CONFIG names it. A flag goes before a variable, a variable before the file.",
        "# To set something, take the # in front of its line away. A relative path counts from the folder of this file.",
    ]
    blocks = (_example_of(name, known) for name, known in fields.items())
    return "\n".join(head) + "\n" + "".join(f"\n{block}\n" for block in blocks)


def _example_of(name: str, known: FieldInfo) -> str:
    told = textwrap.wrap(str(known.description), 118)
    default = "" if known.default is None else known.default
    return "\n".join([*(f"## {line}" for line in told), f"# {name} = {toml_value(default)}"])
