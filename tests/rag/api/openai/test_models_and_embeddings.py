"""The official client lists the models and takes vectors from the archive's embedder."""

from __future__ import annotations

import numpy as np
import openai
import pytest

from tests.letters import LetterEmbedder

TEXTS = ["رئیس‌جمهور", "قُتل ١٢", "President 🐊"]


def test_the_models(client):
    assert [model.id for model in client.models.list()] == ["khabar", "khabar-quotes", "letters"]
    assert client.models.retrieve("khabar-quotes").owned_by == "khabar"
    for name in ("gpt-4o", "khabar/x", "../khabar", "خبر"):
        with pytest.raises(openai.NotFoundError) as refused:
            client.models.retrieve(name)
        assert refused.value.code == "model_not_found"


def test_no_embedder_is_no_model(desk, archive):
    from dataclasses import replace

    from tests.rag.api.openai.conftest import application
    from tests.serving import serving

    with (
        serving(application(replace(desk, archive=archive))) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        assert [model.id for model in client.models.list()] == ["khabar", "khabar-quotes"]
        with pytest.raises(openai.NotFoundError):
            client.embeddings.create(model="none", input="متى")


@pytest.mark.parametrize("encoding", ["float", "base64", None])
def test_vectors(client, encoding):
    more = {} if encoding is None else {"encoding_format": encoding}
    done = client.embeddings.create(model="letters", input=TEXTS, **more)
    assert [item.index for item in done.data] == [0, 1, 2] and done.model == "letters"
    vectors = [item.embedding for item in done.data]
    if encoding == "base64":
        import base64

        vectors = [np.frombuffer(base64.b64decode(vector), "<f4") for vector in vectors]
    np.testing.assert_allclose(np.array(vectors), LetterEmbedder().embed_passages(TEXTS), rtol=1e-6)
    assert done.usage.prompt_tokens == done.usage.total_tokens > 3


def test_a_text_by_itself_and_as_a_question(client):
    one = client.embeddings.create(model="letters", input=TEXTS[0], dimensions=48, extra_body={"input_type": "query"})
    np.testing.assert_allclose(one.data[0].embedding, LetterEmbedder().embed_query(TEXTS[0]), rtol=1e-6)


def test_many_texts(client):
    done = client.embeddings.create(model="letters", input=[f"متن {number}" for number in range(50)])
    assert len({tuple(item.embedding) for item in done.data}) > 5 and len(done.data) == 50


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"input": []}, 400, "wrong_type"), ({"input": [[1, 2]]}, 400, "wrong_type"), ({"input": [1]}, 400, "wrong_type"),
        ({"input": {"text": "x"}}, 400, "wrong_type"), ({"input": ["متن", " "]}, 400, "invalid_value"),
        ({"input": ""}, 400, "invalid_value"), ({"input": ["x"] * 2049}, 413, "too_many_texts"),
        ({"input": "م" * 40_000}, 413, "text_too_long"), ({"input": "x", "dimensions": 8}, 400, "invalid_value"),
        ({"input": "x", "encoding_format": "int8"}, 400, "wrong_type"),
        ({"input": "x", "model": "khabar"}, 404, "model_not_found"),
        ({"input": "x", "extra_body": {"input_type": "image"}}, 400, "wrong_type"),
    ],
)  # fmt: skip
def test_what_is_refused(client, asked, status, code):
    with pytest.raises(openai.APIStatusError) as refused:
        client.embeddings.create(**{"model": "letters"} | asked)
    assert (refused.value.status_code, refused.value.code) == (status, code)
