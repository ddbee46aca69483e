"""Models as folders on this machine: which Khabar recommends, where a chosen one lies, and whether it is whole."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from index.types import LANGUAGES, KhabarError, Language

Role = Literal["embedder", "reranker", "llm"]
TITLES: dict[Role, str] = {"embedder": "embedder", "reranker": "reranker", "llm": "language model"}
# Written beside the files of a downloaded model: where they came from, and how long each must be.
RECORD = "khabar.json"

# A hub's folder holds the same weights several times over, for other programs; a .bin may carry code, a .safetensors cannot.
_TRANSFORMER_FILES = ("*.json", "*.txt", "*.model", "*.safetensors", "README.md", "LICENSE*")
_HEAVY = (".safetensors", ".gguf")
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_SCORING_HEADS = ("ForSequenceClassification", "ForCausalLM")


@dataclass(frozen=True, slots=True)
class Recommended:
    """A model that `khabar models download` fetches, by its `name` or its hub's `repo`; the first of a role by the role too.

    `files` are patterns of what is needed of the repository, `languages` those of Khabar's that it was trained for, and
    `megabytes` what the files weigh, about.
    """

    role: Role
    name: str
    repo: str
    languages: frozenset[Language]
    megabytes: int
    licence: str
    files: tuple[str, ...] = _TRANSFORMER_FILES
    revision: str = "main"


# The figures behind the choice stand in docs/decisions.md; multilingual-e5-small comes inside a package.
# A language model is one .gguf file of its repository.
RECOMMENDED = (
    Recommended("embedder", "multilingual-e5-base", "intfloat/multilingual-e5-base", frozenset(LANGUAGES), 1135, "MIT"),
    Recommended(
        "reranker",
        "mmarco-mMiniLMv2-L12-H384-v1",
        "cross-encoder/mmarco-mMiniLMv2-L12-H384-v1",
        frozenset({"ar", "en"}),
        495,
        "Apache-2.0",
    ),
    Recommended("reranker", "bge-reranker-v2-m3", "BAAI/bge-reranker-v2-m3", frozenset(LANGUAGES), 2295, "Apache-2.0"),
    Recommended(
        "llm",
        "gemma-4-E4B-it-qat-q4_0-gguf",
        "google/gemma-4-E4B-it-qat-q4_0-gguf",
        frozenset(LANGUAGES),
        5155,
        "Apache-2.0",
        files=("gemma-4-E4B_q4_0-it.gguf",),
    ),
)


def recommended(name: str) -> Recommended:
    """Return the recommended model of a name, a repository or a role. Raises KhabarError for another word."""
    for model in RECOMMENDED:
        if name in (model.name, model.repo, model.role):
            return model
    known = ", ".join(dict.fromkeys(word for model in RECOMMENDED for word in (model.role, model.name)))
    raise KhabarError(f"no model '{name}' is recommended", f"name one of: {known}; or copy it in by hand as a folder")


def variable(role: Role) -> str:
    """Return the setting that chooses a model of a role."""
    return f"KHABAR_{role.upper()}"


def locate(choice: str, role: Role, models: Path | None) -> Path:
    """Return where a chosen model lies: a name in the folder `models`, or else a path, which need not exist.

    A folder of `models` that holds a single .gguf file stands for that file. Raises KhabarError for a recommended model
    that is not downloaded.
    """
    wanted = next((model for model in RECOMMENDED if model.role == role and choice in (model.name, model.repo)), None)
    name = wanted.name if wanted else choice
    plain = bool(name) and name == Path(name).name and not name.startswith(".")
    if models is not None and plain and (models / name).exists():
        inside = sorted((models / name).glob("*.gguf")) if role == "llm" else []
        return inside[0] if len(inside) == 1 else models / name
    path = Path(choice).expanduser()
    if wanted and models is not None and not path.exists():
        raise KhabarError(
            f"the {TITLES[role]} '{choice}' is not in '{models}' (KHABAR_MODELS)",
            f"fetch it with: khabar models download {wanted.name}; or give {variable(role)} a folder",
        )
    return path


def check_transformer(folder: Path, role: Role) -> None:
    """Raise KhabarError unless a folder looks like a whole model of a role; sees its lists and sizes, loads nothing."""
    choose = f"give {variable(role)} a sentence-transformers folder, a name that `khabar models` lists, or 'none'"
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise KhabarError(f"no {role} at '{folder}' (a folder with modules.json or config.json is expected)", choose)
    if damage := damage_of(folder):
        raise KhabarError(f"the {role} in '{folder}' is not whole: {damage}", f"copy it again, or {choose}")
    if not any(path.stat().st_size for pattern in _WEIGHTS for path in folder.rglob(pattern)):
        raise KhabarError(f"the {role} in '{folder}' has no weights (model.safetensors)", f"copy it again, or {choose}")
    other = _other_kind(folder, role)
    if other:
        raise KhabarError(f"'{folder}' holds no {role} but {other}", choose)


def damage_of(folder: Path) -> str:
    """Return what a downloaded model lacks, by its record: "" where nothing is missing, or where there is no record.

    Weights must have their size; a configuration may have been edited.
    """
    files = read_json(folder / RECORD).get("files")
    for name, size in files.items() if isinstance(files, dict) else ():
        path = folder / name
        found = path.stat().st_size if path.is_file() else -1
        if found < 0 or (path.suffix in _HEAVY and found != size):
            return f"{name} has {max(found, 0)} of {size} bytes"
    return ""


def origin(folder: Path) -> str:
    """Return the repository that a downloaded model came from, "" where nothing says so."""
    return str(read_json(folder / RECORD).get("model") or "")


def installed(models: Path) -> list[Path]:
    """Return the folders of models in `models`, by name; what a broken-off download left (a hidden name) is none."""
    try:
        return sorted(path for path in models.iterdir() if path.is_dir() and not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise KhabarError(
            f"the models folder '{models}' cannot be listed ({error.strerror})", "check its permissions, or set KHABAR_MODELS"
        ) from error


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of every file in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def read_json(file: Path) -> dict[str, Any]:
    """Return a configuration, {} where there is none. Raises KhabarError where it cannot be read."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise KhabarError(f"'{file}' cannot be read ({error})", "copy the model again") from error
    return content if isinstance(content, dict) else {}


@cache
def loading_options() -> dict[str, Any]:
    """Return how sentence-transformers loads a local model here; its libraries are made quiet and kept off the network."""
    import torch
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    precision = torch.bfloat16 if _has_bfloat16() else torch.float32
    return {"device": "cpu", "local_files_only": True, "model_kwargs": {"dtype": precision}}


def not_loaded(role: Role, folder: Path, error: Exception) -> KhabarError:
    """Return the error for a model that its library does not load."""
    reason = next(iter(str(error).splitlines()), "") or type(error).__name__
    return KhabarError(
        f"the {role} in '{folder}' could not be loaded ({reason})",
        f"copy it again, or give {variable(role)} another sentence-transformers folder, or 'none'",
    )


def _other_kind(folder: Path, role: Role) -> str:
    """Return what a folder holds where that is not a model of the role: a library would load it with a part made up."""
    stated = read_json(folder / "config_sentence_transformers.json").get("model_type")
    architectures = read_json(folder / "config.json").get("architectures")
    architecture = str(architectures[0]) if isinstance(architectures, list) and architectures else ""
    if stated is not None:
        wanted = {"embedder": "SentenceTransformer", "reranker": "CrossEncoder"}.get(role)
        return "" if stated == wanted else f"a {stated}"
    composed = (folder / "modules.json").is_file()  # of old, only embedders were
    if role == "embedder":
        return "" if composed or not architecture.endswith(_SCORING_HEADS[0]) else f"a reranker ({architecture})"
    if composed:
        return "an embedder"
    return "" if architecture.endswith(_SCORING_HEADS) else f"a model that scores no pairs ({architecture or 'unknown'})"


def _has_bfloat16() -> bool:
    """Tell whether this processor multiplies bfloat16 natively; elsewhere it is slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
