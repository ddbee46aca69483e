"""What a server says when it refuses or fails -> what that means: servers use the same status for many things."""

from __future__ import annotations

import json
import re
from typing import Any

from rag.generate.events import positive
from rag.generate.fault import (
    ADDRESS_REMEDY,
    LOG_REMEDY,
    FieldsRefused,
    ModelUnknown,
    NotTheApi,
    PromptTooLong,
    ServerFault,
    StillLoading,
)

# The fields of a request that are worth having and can be done without, and how a refusal names each.
_OPTIONAL = {
    "stream_options": re.compile(r"stream_options|include_usage", re.IGNORECASE),
    "chat_template_kwargs": re.compile(r"chat_template_kwargs|enable_thinking", re.IGNORECASE),
    "reasoning_effort": re.compile(r"reasoning[_ ](?:effort|value)|\bthinking\b|\bthink value\b", re.IGNORECASE),
    "seed": re.compile(r"\bseed\b"),
    "temperature": re.compile(r"\btemperature\b"),
}
# Fields that every server takes in one form or another: without the first the reply comes whole, the second has a newer name,
# and the words of a system message can stand at the beginning of the user's.
STREAM, TOKENS, SYSTEM = "stream", "max_tokens", "system"
_FORMS = {
    STREAM: re.compile(
        r"stream(?:ing)?\W+(?:is |are )?(?:not|un)\W?(?:supported|allowed|available)|not support stream", re.IGNORECASE
    ),
    TOKENS: re.compile(r"max_completion_tokens'? instead", re.IGNORECASE),
    SYSTEM: re.compile(
        r"system (?:role|message|prompt)s?\W+(?:is |are )?not|not support (?:the )?system|roles must alternate", re.IGNORECASE
    ),
}
_LONG = re.compile(
    r"context[ _](?:length|size|window)|max(?:imum)?[ _]model[ _]len|\bn_ctx\b|context the overflows|input length"
    r"|prompt is too long|too many tokens|exceed_context",
    re.IGNORECASE,
)
_CONTEXT = (
    re.compile(r"n_ctx\W{1,4}(\d+)", re.IGNORECASE),
    re.compile(r"context (?:length|size|window)\D{0,40}?(\d+)", re.IGNORECASE),
    re.compile(r"(?:model length|model_len|context)\D{0,24}(\d+)", re.IGNORECASE),
)
_PROMPT = (
    re.compile(r"\((\d+) in the messages"),
    re.compile(r"(\d+) (?:input|prompt) tokens", re.IGNORECASE),
    re.compile(r"(?:request|prompt|length|input)\D{0,12}\(?(\d+)(?: tokens)?\)", re.IGNORECASE),
    re.compile(r"n_keep\W{1,4}(\d+)|first (\d+) tokens|requested (\d+) tokens", re.IGNORECASE),
)
_NO_MODEL = re.compile(
    r"model_not_found|invalid model|unknown model|no models? (?:is )?loaded|model\b.{0,120}?(?:not found|not exist)"
    r"|(?:no such|not find|load) model",
    re.IGNORECASE | re.DOTALL,
)
_NO_ENDPOINT = re.compile(r"(?:unexpected|unknown|no such|invalid) (?:endpoint|path|route)", re.IGNORECASE)
# Statuses by which servers refuse a field.
_OF_FIELDS = (400, 413, 415, 422, 500, 501)
_LOADING = re.compile(r"\bloading\b|\bwarming up\b|not (?:yet )?ready", re.IGNORECASE)


def refusal(status: int, content: Any, model: str) -> ServerFault:
    """Return what a refusal with a status means; `content` is its body, as JSON where it is that."""
    text, reason = _all_of(content), told_in(content)
    said = f"{status}: {reason}" if reason else str(status)
    if status in (401, 403):
        return ServerFault("refuses the key", "set KHABAR_LLM_KEY to one that it knows", said)
    if status == 404 or (status < 500 and _NO_MODEL.search(text) and not _LONG.search(text)):
        remedy = f"name one that it serves with --llm-model (KHABAR_LLM_MODEL), or {ADDRESS_REMEDY}"
        return ModelUnknown(f"knows no model '{model}'", remedy, said)
    if status == 429:
        return ServerFault("is busy or its limit is reached", "ask again in a minute", said)
    if status == 503 and _LOADING.search(text):
        return StillLoading(said)
    if long := _too_long(content, text, said):
        return long
    if status in _OF_FIELDS and (fields := _refused(text)):
        return FieldsRefused(fields, f"refuses {', '.join(sorted(fields))}", "see the server's log", said)
    if status >= 500:
        return ServerFault("failed", LOG_REMEDY, said)
    return ServerFault("refuses the request", "correct --llm-model or lower --llm-context, or see the server's log", said)


def fault_in(content: Any) -> ServerFault:
    """Return what an error means that came as a reply."""
    text, reason = _all_of(content), told_in(content)
    if long := _too_long(content, text, reason):
        return long
    if _LOADING.search(reason):
        return StillLoading(reason)
    if _NO_ENDPOINT.search(reason):
        return NotTheApi("has no API there", ADDRESS_REMEDY, reason)
    return ServerFault("failed in the middle", LOG_REMEDY, reason)


def told_in(content: Any) -> str:
    """Return the message of an error object in any of its usual forms, "" where it has none."""
    for name in ("error", "message", "detail", "msg"):
        if isinstance(content, dict) and content.get(name):
            return told_in(content[name])
    if isinstance(content, list) and content:
        return told_in(content[0])
    return content if isinstance(content, str) else ""


def _all_of(content: Any) -> str:
    """Return everything that a refusal says, its codes too, as a text to search in."""
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def _too_long(content: Any, text: str, said: str) -> PromptTooLong | None:
    if not _LONG.search(text):
        return None
    context, prompt = _numbers(content, text)
    return PromptTooLong(context, prompt, said)


def _numbers(content: Any, text: str) -> tuple[int | None, int | None]:
    """Return the context and the prompt's tokens that a refusal names, as fields or in words."""
    error = content.get("error") if isinstance(content, dict) else None
    fields = error if isinstance(error, dict) else {}
    context = positive(fields.get("n_ctx")) or _first(_CONTEXT, text)
    prompt = positive(fields.get("n_prompt_tokens")) or _first(_PROMPT, text)
    return context, prompt


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    for pattern in patterns:
        if found := pattern.search(text):
            return int(next(group for group in found.groups() if group))
    return None


def _refused(text: str) -> frozenset[str]:
    """Return the fields of a request that a refusal names."""
    return frozenset(name for name, pattern in (_FORMS | _OPTIONAL).items() if pattern.search(text))
