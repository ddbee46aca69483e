"""POST /v1/embeddings: the vectors of the archive's own embedder."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr
from starlette.requests import Request
from starlette.responses import JSONResponse

from index.embed import Embedder, Vectors
from rag.api.leaving import unless_gone
from rag.api.openai.body import read_body
from rag.api.openai.models import require_embedder
from rag.api.openai.refusal import Refused
from rag.api.openai.usage import tokens_in
from rag.desk import Desk
from rag.server.caller import caller_of, require

# Texts of a request, as OpenAI bounds them, and characters of one.
_MOST_TEXTS = 2048
_MOST_CHARACTERS = 32_768
# Texts that are embedded at once: others get their turn between, and who goes away leaves the rest.
_AT_ONCE = 16

Kind = Literal["passage", "query"]


class EmbeddingsRequest(BaseModel):
    """What is read of a request. `input_type` is no field of OpenAI's: embedders such as E5 tell questions from passages."""

    model_config = ConfigDict(extra="ignore")

    model: StrictStr
    input: Any
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: StrictInt | None = None
    input_type: Kind = "passage"


async def embed(desk: Desk, request: Request) -> JSONResponse:
    """Return the vectors of texts, in their order. Raises Refused, KhabarError."""
    caller = caller_of(request)
    require(caller, "read")
    body = await read_body(request, EmbeddingsRequest)
    require_embedder(body.model, desk)
    texts = _texts(body.input)
    vectors = await unless_gone(request, _embedded(desk, texts, body.input_type, caller.name))
    if body.dimensions not in (None, vectors.shape[1]):
        problem = f"'dimensions' is {body.dimensions}; vectors of {body.model} have {vectors.shape[1]}"
        raise Refused(problem, "leave it out", "dimensions")
    data = [
        {"object": "embedding", "index": place, "embedding": _encoded(vector, body.encoding_format)}
        for place, vector in enumerate(vectors)
    ]
    tokens = tokens_in(texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return JSONResponse({"object": "list", "data": data, "model": body.model, "usage": usage})


def _texts(given: Any) -> list[str]:
    """Return the texts to embed. Raises Refused."""
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts:
        raise Refused("'input' is neither a text nor a list of texts", "give one or more texts", "input", code="wrong_type")
    if len(texts) > _MOST_TEXTS:
        remedy = f"send at most {_MOST_TEXTS:,} at once"
        raise Refused(f"'input' has {len(texts):,} texts", remedy, "input", 413, "too_many_texts")
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            remedy = "send text, not tokens (in LangChain: check_embedding_ctx_length=False)"
            raise Refused(f"'input.{place}' is no text", remedy, f"input.{place}", code="wrong_type")
        if not text.strip():
            raise Refused(f"'input.{place}' is empty", "leave it out", f"input.{place}")
        if len(text) > _MOST_CHARACTERS:
            problem = f"'input.{place}' has {len(text):,} characters, more than the {_MOST_CHARACTERS:,} allowed"
            raise Refused(problem, "cut it into passages", f"input.{place}", 413, "text_too_long")
    return texts


async def _embedded(desk: Desk, texts: Sequence[str], kind: Kind, asker: str) -> Vectors:
    """Return the vectors of texts: shape (len(texts), dimension)."""
    embedder = desk.archive.embedder
    batches = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
    return np.concatenate([await desk.answering.run(_batch(embedder, batch, kind), asker) for batch in batches])


def _batch(embedder: Embedder, texts: Sequence[str], kind: Kind) -> Any:
    if kind == "passage":
        return lambda: embedder.embed_passages(texts)
    return lambda: np.stack([embedder.embed_query(text) for text in texts])


def _encoded(vector: Vectors, encoding: str) -> list[float] | str:
    """Return a vector as numbers, or as the base64 of little-endian floats, which the official client asks for."""
    return vector.tolist() if encoding == "float" else base64.b64encode(vector.astype("<f4").tobytes()).decode()
