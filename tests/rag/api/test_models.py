from __future__ import annotations


def test_the_models_in_use_and_recommended(client):
    told = client.request("GET", "/api/v1/models").json()
    assert [(each["role"], each["name"]) for each in told["in_use"]] == [
        ("embedder", "none"), ("reader", "none"), ("generator", "none"),
    ]  # fmt: skip
    assert {each["role"] for each in told["recommended"]} == {"embedder", "reranker", "language model"}


def test_an_embedder_tells_its_languages(embedded_client):
    in_use = embedded_client.request("GET", "/api/v1/models").json()["in_use"]
    (embedder,) = [each for each in in_use if each["role"] == "embedder"]
    assert embedder == {"role": "embedder", "name": "letters", "languages": ["ar", "en", "fa"]}
