"""Messages too long for a model -> the same with fewer passages, the best first."""

from __future__ import annotations

from collections.abc import Callable

from rag.generate.generator import Messages

_BETWEEN = "\n\n"


def shortened(messages: Messages, room: int, count_tokens: Callable[[str], int]) -> tuple[Messages, bool]:
    """Return messages of at most `room` tokens, or else the shortest there are, and whether they take no more than that.

    The last message is made of blocks with an empty line between: what introduces the passages, each of them, the best first,
    and at last the question. The passages at the end are left out, as many as need be, but never the first.
    """
    *before, last = messages
    room -= sum(count_tokens(message["content"]) for message in before)
    head, *passages = last["content"].split(_BETWEEN)
    question = passages.pop() if passages else ""
    content = last["content"]
    while count_tokens(content) > room and len(passages) > 1:
        passages.pop()
        content = _BETWEEN.join([head, *passages, question])
    return [*before, {**last, "content": content}], count_tokens(content) <= room
