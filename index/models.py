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
# Share of the memory a model wants that a machine must tell of; its firmware and graphics take some.
_OF_THE_MEMORY = 0.9
_SCORING_HEADS = ("ForSequenceClassification", "ForCausalLM")


@dataclass(frozen=True, slots=True)
class Fit:
    """What speaks for a language model on a machine: the memory it wants, in GB, beside Khabar and the system.

    `tokens_per_word` are its tokens for an Arabic and for a Persian word, None where nobody has counted them; `results` are
    published ones for Arabic and Persian, with the place; `why` is a sentence.
    """

    memory: int
    tokens_per_word: tuple[float, float] | None
    results: str
    why: str


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
    fit: Fit | None = None


# Counted for the tokenizer that all of Gemma 4 shares.
_GEMMA = (1.56, 1.59)
_MMMLU = "MMMLU {score}% (14 languages, Arabic among them; Google's model card); for Persian none was found"
# The figures behind the choice stand in docs/decisions.md; multilingual-e5-small comes inside a package.
# A language model is one .gguf file of its repository, and has its fit; the first is what is named where no machine is known.
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
        fit=Fit(
            8, _GEMMA, _MMMLU.format(score=76.6),
            "the largest that leaves a machine of 8 GB some room, quantised by its makers, few tokens a word",
        ),
    ),
    Recommended(
        "llm",
        "Qwen3.5-2B-GGUF",
        "unsloth/Qwen3.5-2B-GGUF",
        frozenset(LANGUAGES),
        1281,
        "Apache-2.0",
        files=("Qwen3.5-2B-Q4_K_M.gguf",),
        fit=Fit(
            4, None, "none was found for Arabic or Persian; its makers name 201 languages, and MMLU-Pro 55.3 in English",
            "the only one that fits beside Khabar in 4 GB; whether its Arabic and Persian pass, khabar models check tells",
        ),
    ),
    Recommended(
        "llm",
        "gemma-4-12B-it-qat-q4_0-gguf",
        "google/gemma-4-12B-it-qat-q4_0-gguf",
        frozenset(LANGUAGES),
        6976,
        "Apache-2.0",
        files=("gemma-4-12b-it-qat-q4_0.gguf",),
        fit=Fit(
            16, _GEMMA, _MMMLU.format(score=83.4),
            "the best of the family that fits; every weight is used for every word, so it is slow without a graphics card",
        ),
    ),
    Recommended(
        "llm",
        "gemma-4-26B-A4B-it-qat-q4_0-gguf",
        "google/gemma-4-26B-A4B-it-qat-q4_0-gguf",
        frozenset(LANGUAGES),
        14440,
        "Apache-2.0",
        files=("gemma-4-26B_q4_0-it.gguf",),
        fit=Fit(
            32, _GEMMA, _MMMLU.format(score=86.3),
            "uses 4 of its 26 billion weights for a word, so it writes about as fast as the one for 8 GB, and better",
        ),
    ),
)


def recommended(name: str) -> Recommended:
    """Return the recommended model of a name, a repository or a role. Raises KhabarError for another word."""
    for model in RECOMMENDED:
        if name in (model.name, model.repo, model.role):
            return model
    known = ", ".join(dict.fromkeys(word for model in RECOMMENDED for word in (model.role, model.name)))
    raise KhabarError(f"no model '{name}' is recommended", f"name one of: {known}; or copy it in by hand as a folder")


def language_models() -> list[tuple[Fit, Recommended]]:
    """Return the recommended language models with their fits, from the least memory to the most."""
    return sorted(((model.fit, model) for model in RECOMMENDED if model.fit), key=lambda pair: pair[0].memory)


def language_model_for(memory: float) -> Recommended:
    """Return the recommended language model for so many GB of memory. Raises KhabarError where none is small enough.

    A machine sold with 16 GB tells of a little less, which is enough.
    """
    fitting = [model for fit, model in language_models() if memory >= _OF_THE_MEMORY * fit.memory]
    if not fitting:
        least, smallest = language_models()[0]
        raise KhabarError(
            f"no recommended language model fits into {memory:.3g} GB of memory",
            f"{smallest.name} wants {least.memory} GB (--memory {least.memory}); or use a server's: --llm http://…/v1",
        )
    return fitting[-1]


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
