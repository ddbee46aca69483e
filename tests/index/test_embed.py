"""An embedder of the user's own: a small multilingual model that the test makes, loaded and used like any other."""

import json
import os

import numpy as np
import pytest
from made import TinyEmbedder, build, write_articles

from index.build import BuildOptions, build_index
from index.catalog import FILE_NAME, Catalog
from index.embed import load_embedder
from index.types import KhabarError
from index.vectors import VectorIndex

TEXTS = {
    "ar.txt": "قمة\nعُقدت القمة في بودابست يوم الخميس ٢٣ أكتوبر.",
    "fa.txt": "نشست\nنشست در بوداپست روز پنجشنبه ۲۳ اکتبر برگزار می‌شود.",
    "en.txt": "Summit\nThe summit was held in Budapest on Thursday 23 October.",
}


class Quiet:
    def stage(self, name, total):
        pass

    def advance(self, steps):
        pass


@pytest.fixture(scope="module")
def own_model(tmp_path_factory):
    """A BERT of one layer and 48 numbers over the characters of the three languages, with E5's prompts."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers.implementations import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("models") / "tiny-multilingual"
    bert = folder.parent / "bert"
    bert.mkdir()
    written = "".join(TEXTS.values()).lower() + "query: passage"
    letters = sorted({letter for letter in written if not letter.isspace()})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    pieces = BertWordPieceTokenizer({piece: number for number, piece in enumerate(vocabulary)})
    special = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    PreTrainedTokenizerFast(tokenizer_object=pieces._tokenizer, **special).save_pretrained(bert)
    torch.manual_seed(1)
    size = {"hidden_size": 48, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 48}
    BertModel(BertConfig(vocab_size=len(vocabulary), max_position_embeddings=128, **size)).save_pretrained(bert)
    transformer = Transformer(str(bert))
    pooling = Pooling(transformer.get_embedding_dimension())
    prompts = {"query": "query: ", "passage": "passage: "}
    model = SentenceTransformer(modules=[transformer, pooling], prompts=prompts, device="cpu")
    model.save(str(folder))
    return folder


def test_vectors_are_of_length_one_and_of_the_models_dimension(own_model):
    embedder = load_embedder(str(own_model))
    vectors = embedder.embed_passages(list(TEXTS.values()))
    assert vectors.shape == (3, 48) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-2)
    assert embedder.embed_query("أين عُقدت القمة؟").shape == (48,)


def test_questions_and_passages_get_their_own_prompts(own_model):
    embedder = load_embedder(str(own_model))
    same = "نشست بوداپست"
    asked, stored = embedder.embed_query(same), embedder.embed_passages([same])[0]
    assert not np.allclose(asked, stored, atol=1e-3)
    prompts = own_model / "config_sentence_transformers.json"
    configured = json.loads(prompts.read_text("utf-8"))
    assert configured["prompts"]["query"] == "query: " and configured["prompts"]["passage"] == "passage: "


def test_it_serves_the_languages_that_the_user_names(own_model):
    assert load_embedder(str(own_model)).languages == {"ar", "fa", "en"}
    assert load_embedder(str(own_model), frozenset({"fa"})).languages == {"fa"}


def test_an_index_changes_over_to_another_dimension_only_on_rebuild(own_model, tmp_path):
    data, news = tmp_path / "data", write_articles(tmp_path / "news", TEXTS)
    build(data, news, embedder=TinyEmbedder())
    own = load_embedder(str(own_model))
    with pytest.raises(KhabarError, match="--rebuild"):
        build_index(data, [news], own, BuildOptions(), Quiet())
    build_index(data, [news], own, BuildOptions(), Quiet(), rebuild=True)
    catalog = Catalog(data / FILE_NAME)
    chunks = {chunk.chunk_id: chunk for chunk in catalog.chunks_since(0)}
    found = VectorIndex(data, own).search(own.embed_query("القمة في بودابست"), 3)
    catalog.close()
    assert {chunks[chunk_id].language for chunk_id, _ in found} == {"ar", "fa", "en"}
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert VectorIndex(data, TinyEmbedder()).search(TinyEmbedder().embed_query("قمة"), 3) == []
