"""The one Settings class and the only reader of the environment."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo

from index.formats.options import columns_of
from index.types import KhabarError
from rag.settings_file import FILE_NAME, SettingsFile, read_settings_file

# Where a setting has its value from.
Origin = Literal["flag", "variable", "file", "default"]
# Names the settings file.
CONFIG = "KHABAR_CONFIG"
# Names with slashes between, none of which means the folder above.
_ROOT_PATH = re.compile(r"(/(?!\.\.?(/|$))[A-Za-z0-9._~-]+)*")

# A name or an address, perhaps with a port; and one with a scheme before it.
_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:/?#@*,\s]+)(:[0-9]{1,5})?"
_ORIGIN = rf"https?://{_HOST}"


class Settings(BaseModel):
    """Every setting: a KHABAR_* variable, a command-line flag and a line of khabar.toml, all of one name.

    KHABAR_TOP_K is --top-k, and top_k in the file.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    data: Path = Field(Path(".khabar"), description="folder of the index")
    store: str | None = Field(
        None,
        description="where khabar index puts words and vectors: local (beside the catalog), or a LanceDB that several machines "
        "share: lance:FOLDER or s3://bucket/path (default: where they are)",
    )
    llm: str = Field(
        "smollm2",
        description="language model: smollm2 (embedded, English), none (quotes only), a downloaded model, a .gguf file, "
        "or the address of a server that speaks OpenAI's protocol (http://127.0.0.1:11434/v1)",
    )
    llm_adapter: str | None = Field(
        None, description="LoRA for the language model, a .gguf file, or none (default: the embedded model has its own)"
    )
    llm_model: str | None = Field(None, description="name of the model on the language server")
    llm_key: SecretStr | None = Field(
        None, description="key of the language server; better as a variable, because others on the machine can see flags"
    )
    llm_timeout: float = Field(120.0, gt=0, le=3600, description="seconds that the language server may take for a draft")
    llm_languages: str = Field("ar,fa,en", description="languages that a .gguf file of your own or a server's model writes")
    llm_context: int = Field(4096, ge=512, le=262_144, description="tokens of prompt and draft together, at most")
    llm_tokens: int = Field(200, ge=16, le=4096, description="tokens of a draft, at most")
    judge: str = Field(
        "e5-judge", description="judge, beside rules, of what a draft says: e5-judge (embedded), or none (the rules alone)"
    )
    embedder: str = Field(
        "multilingual-e5-small", description="embedder: multilingual-e5-small (embedded), none, a downloaded model or a folder"
    )
    embedder_languages: str = Field("ar,fa,en", description="languages that an embedder of your own serves")
    query_prompt: str | None = Field(None, description="text that an embedder of your own gets before a question, or none")
    passage_prompt: str | None = Field(None, description="text that an embedder of your own gets before a passage, or none")
    reranker: str = Field("none", description="reranker: none, a downloaded model or a cross-encoder folder")
    reranker_languages: str = Field("ar,fa,en", description="languages that a reranker of your own serves")
    reader: str = Field("e5-reader", description="reader: e5-reader (embedded), or none (answers are found by words alone)")
    read_k: int = Field(5, ge=1, le=50, description="passages that the reader reads for a question")
    models: Path | None = Field(None, description="folder of downloaded models (default: ~/.local/share/khabar/models)")
    cache: Path | None = Field(None, description="folder of what is derived from embedded models (default: ~/.cache/khabar)")
    top_k: int = Field(10, ge=1, le=100, description="passages retrieved for a question")
    recency: float = Field(0.3, ge=0, le=1, description="share of its score that an old passage loses where the latest counts")
    quotes: int = Field(3, ge=1, le=10, description="quotes in an answer, at most")
    chunk_words: int = Field(120, ge=20, le=1000, description="words of a chunk, roughly")
    overlap_words: int = Field(25, ge=0, le=200, description="words that neighbouring chunks share, at most")
    max_mb: float = Field(20.0, gt=0, le=100_000, description="largest article file in MB (of a .jsonl: its longest line)")
    unpacked_mb: float = Field(2000.0, gt=0, le=1_000_000, description="MB that an archive (.zip, .tar.gz) may unpack to")
    upload_mb: float = Field(
        100.0, ge=0, le=100_000, description="largest file in MB that the page takes into the archive (0: none)"
    )
    read_seconds: float = Field(60.0, gt=0, le=86_400, description="seconds of processor time that reading a file may take")
    read_memory_mb: float = Field(2000.0, ge=100, le=1_000_000, description="MB of memory that reading a file may take")
    columns: str = Field(
        "", description="which column of a table, or key of a JSON object, is what: text=Body,title=Headline (default: guessed)"
    )
    max_question: int = Field(2000, ge=10, le=20_000, description="characters of a question, at most")
    questions: Path | None = Field(
        None,
        description="a file of fixed questions, or a folder of them, that the page's check asks (default: those that come with "
        "Khabar's source, over the sample archive)",
    )
    glossary: Path | None = Field(None, description="a glossary file of your own, read before the embedded one")
    host: str = Field("127.0.0.1", description="address that the page and the API listen on")
    port: int = Field(7860, ge=1, le=65535, description="port of the page and the API")
    workers: int = Field(
        0, ge=0, le=64, description="processes that answer questions beside the one that serves (0: that one answers them)"
    )
    root_path: str = Field("", description="path under which a proxy serves the page and the API: /khabar")
    login: Path | None = Field(
        None,
        description="file of the users who may log in, which khabar login NAME writes (default: nobody, from elsewhere)",
    )
    hosts: str = Field(
        "", description="names that the server answers to, beside localhost and plain addresses: news.example.org,newsroom"
    )
    cors_origins: str = Field(
        "", description="origins whose pages may ask the API: https://desk.example.org (default: none but the page's own)"
    )
    rate: int = Field(600, ge=0, le=1_000_000, description="requests a minute for each key, user or address (0: any number)")
    body_mb: float = Field(2.0, gt=0, le=1000, description="largest request in MB that is not a file")

    log: Literal["none", "text", "json"] = Field(
        "none", description="log of khabar serve, on stderr: none (warnings and errors), or each request as text or json"
    )
    log_questions: bool = Field(False, description="whether the log tells what was asked: true or false")

    @field_validator("columns")
    @classmethod
    def _are_pairs(cls, text: str) -> str:
        columns_of(text)
        return text

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, text: str) -> str:
        return _each_like(_HOST, text, "no host such as news.example.org")

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, text: str) -> str:
        return _each_like(_ORIGIN, text, "no origin such as https://desk.example.org")

    @field_validator("root_path")
    @classmethod
    def _is_a_path(cls, text: str) -> str:
        path = f"/{text.strip('/')}" if text.strip("/") else ""
        if not _ROOT_PATH.fullmatch(path):
            raise ValueError("not a path such as /khabar")
        return path


def listed(text: str) -> list[str]:
    """Return the parts of a setting that is a list with commas."""
    return [part for part in (part.strip() for part in text.split(",")) if part]


def _each_like(pattern: str, text: str, otherwise: str) -> str:
    for part in listed(text):
        if not re.fullmatch(pattern, part):
            raise ValueError(f"'{part[:80]}' is {otherwise}")
    return text


@dataclass(frozen=True, slots=True)
class FoundSettings:
    """The settings with the origin of each that is not its default, the file that was read, and what to tell of it."""

    settings: Settings
    origins: Mapping[str, Origin]
    file: Path | None = None
    warnings: tuple[KhabarError, ...] = ()

    def origin(self, name: str) -> Origin:
        """Return where a setting has its value from."""
        return self.origins.get(name, "default")


def read_settings(config: str | Path | None = None, **flags: Any) -> Settings:
    """Return the settings: flags that were given, then KHABAR_* variables, then the file, then defaults. Raises KhabarError."""
    return find_settings(config, **flags).settings


def find_settings(config: str | Path | None = None, **flags: Any) -> FoundSettings:
    """Return the settings and their origins; the file is `config`, or KHABAR_CONFIG, or khabar.toml where that is there.

    Raises KhabarError.
    """
    file = _settings_file(config)
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for name in Settings.model_fields:
        if flags.get(name) is not None:
            origins[name], values[name] = "flag", flags[name]
        elif variable := os.environ.get(variable_of(name)):
            origins[name], values[name] = "variable", variable
        elif file and name in file.values:
            origins[name], values[name] = "file", file.value(name, Settings.model_fields[name])
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise _bad_value(error, origins, file) from error
    if file is None:
        return FoundSettings(settings, origins)
    warnings = [
        KhabarError(f"'{file.path}' holds {name}, a secret, and others may read it", f"chmod 600 {file.path}")
        for name in file.shared_secrets(Settings.model_fields)
    ]
    return FoundSettings(settings, origins, file.path, tuple(warnings))


def _settings_file(config: str | Path | None) -> SettingsFile | None:
    named = config or os.environ.get(CONFIG)
    path = Path(named).expanduser() if named else Path(FILE_NAME)
    return read_settings_file(path, Settings.model_fields) if named or path.exists() else None


def _bad_value(error: ValidationError, origins: Mapping[str, Origin], file: SettingsFile | None) -> KhabarError:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else "?"
    where = f"{variable_of(name)} ({flag_of(name)})"
    if file and origins.get(name) == "file":
        where = f"'{file.path}': {name}"
    remedy = f"it is: {Settings.model_fields[name].description}" if name in Settings.model_fields else "see khabar --help"
    return KhabarError(f"{where} is '{first['input']}': {first['msg'].lower()}", remedy)


def unknown_variables() -> Mapping[str, str]:
    """Return the variables that look like a slip of a setting's, and that; others belong to other programs."""
    names = {variable_of(name) for name in Settings.model_fields}
    others = (name for name in os.environ if name.startswith("KHABAR_") and name not in {*names, CONFIG})
    return {name: near[0] for name in others if (near := get_close_matches(name, names, n=1, cutoff=0.85))}


def variable_of(name: str) -> str:
    """Return the environment variable of a setting: KHABAR_TOP_K."""
    return f"KHABAR_{name.upper()}"


def flag_of(name: str) -> str:
    """Return the flag of a setting: --top-k."""
    return f"--{name.replace('_', '-')}"


def models_folder(settings: Settings) -> Path:
    """Return where downloaded models lie: the setting, or `khabar/models` in the user's data home (XDG_DATA_HOME)."""
    return _folder(settings.models, "XDG_DATA_HOME", "~/.local/share", "models")


def cache_folder(settings: Settings) -> Path:
    """Return where what is derived from embedded models lies: the setting, or `khabar` in the user's cache (XDG_CACHE_HOME)."""
    return _folder(settings.cache, "XDG_CACHE_HOME", "~/.cache")


def _folder(chosen: Path | None, variable: str, usual: str, *inside: str) -> Path:
    home = os.environ.get(variable, "")
    if not os.path.isabs(home):  # the standard wants a relative one passed over
        home = usual
    # os.path leaves ~ as it is where a process has no home; Path raises.
    return Path(os.path.expanduser(chosen or Path(home, "khabar", *inside)))


_PAGE_HEAD = """# Settings

<!-- Made from the Settings class: python -m rag.settings > docs/settings.md -->

Each setting is a command-line flag, an environment variable and a line of a file; a flag goes before a variable, and a variable
before the file. `khabar ask --help` lists them, and `khabar config` shows each value with its origin (`--json` for programs).

The file is `khabar.toml` in the folder that khabar is started in, or the one that `--config FILE` (`KHABAR_CONFIG`) names. A
line sets a setting by the name of its flag, with `_` for `-`: `top_k = 10`. A relative path counts from the folder of the file.
What is no setting, and what is of a wrong kind, is an error. `khabar config --example > khabar.toml` writes a file of all
settings, each commented out. A file with a secret in it should be its owner's alone: `chmod 600 khabar.toml`.

| variable | flag | default | bounds | meaning |
| --- | --- | --- | --- | --- |
"""
_BOUNDS = {"gt": "over {:,},", "ge": "{:,}", "le": "to {:,}"}


def settings_page() -> str:
    """Return docs/settings.md: a table with a row for each setting."""
    return _PAGE_HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    default = f"`{field.default}`" if field.default not in (None, "") else ""
    bounds = " ".join(
        words.format(getattr(bound, sign))
        for sign, words in _BOUNDS.items()
        for bound in field.metadata
        if hasattr(bound, sign)
    )
    return f"| {variable_of(name)} | `{flag_of(name)}` | {default} | {bounds} | {field.description} |\n"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
