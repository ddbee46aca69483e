"""What is kept for the state of an index."""

from __future__ import annotations

import gc
from weakref import ref

from rag.retrieve.by_state import ByState


class Index:
    state = 1


def test_one_thing_is_kept_for_each_index_and_state():
    made = []
    kept = ByState(lambda index: made.append(index.state) or [index.state])
    one, other = Index(), Index()
    first = kept.of(one)
    assert kept.of(one) is first and kept.of(other) is not first and made == [1, 1]
    one.state = 2
    assert kept.of(one) == [2] and kept.of(other) == [1] and made == [1, 1, 2]


def test_what_is_kept_keeps_no_index():
    kept = ByState(lambda index: [index])
    index = Index()
    gone = ref(index)
    assert kept.of(index)[0].state == 1
    del index
    gc.collect()
    assert gone() is None
