"""Models that tests make on the spot: BERTs of two layers over Arabic, Persian and English letters, random but seeded."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,:;?!-_ءآأؤإئابتثجحخدذرزسشصضطظعغفقكلمنهويىةپچژکگی؟،۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
SIZE = {"num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64, "max_position_embeddings": 128}


def encoder(folder: Path, *, dimension: int = 32, seed: int = 1, prompts: dict[str, str] | None = None) -> Path:
    """Make a sentence-transformers embedder that averages over its tokens, as the library saves one."""
    _seed(seed)
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertModel

    bert = _tokenizer(folder.with_name(folder.name + ".bert"))
    _scattered(BertModel(_config(dimension))).save_pretrained(bert)
    transformer = Transformer(str(bert))
    modules = [transformer, Pooling(transformer.get_embedding_dimension()), Normalize()]
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder), create_model_card=False)
    shutil.rmtree(bert)
    return folder


def published_e5(folder: Path) -> Path:
    """Make an embedder laid out as the E5 models lie on the hub: old module names, no prompts, a tensor nobody reads."""
    import torch
    from safetensors.torch import load_file, save_file

    encoder(folder)
    (folder / "config_sentence_transformers.json").unlink()
    names = (("0", "", "Transformer"), ("1", "1_Pooling", "Pooling"), ("2", "2_Normalize", "Normalize"))
    modules = [
        {"idx": number, "name": name, "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (name, path, kind) in enumerate(names)
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    shutil.rmtree(folder / "2_Normalize", ignore_errors=True)
    weights = load_file(folder / "model.safetensors")
    weights["embeddings.position_ids"] = torch.arange(128).unsqueeze(0)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def cross_encoder(folder: Path, *, labels: int = 1, seed: int = 1, activation: str | None = None) -> Path:
    """Make a cross-encoder as the hub has them: a classifier and its tokenizer, without modules.json."""
    _seed(seed)
    from transformers import BertForSequenceClassification

    _tokenizer(folder)
    config = _config(32, num_labels=labels)
    if activation:
        config.sentence_transformers = {"activation_fn": activation, "version": "5.0.0"}
    _scattered(BertForSequenceClassification(config)).save_pretrained(folder)
    return folder


def language_model(folder: Path) -> Path:
    """Make a folder with a model that fills in words: neither embedder nor reranker as it is."""
    _seed(1)
    from transformers import BertForMaskedLM

    _tokenizer(folder)
    BertForMaskedLM(_config(32)).save_pretrained(folder)
    return folder


def without_numbers(folder: Path) -> Path:
    """Set every weight of a model to NaN."""
    import torch
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    save_file({name: torch.full_like(tensor, torch.nan) for name, tensor in weights.items()}, folder / "model.safetensors")
    return folder


def _seed(seed: int) -> None:
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(seed)


def _config(dimension: int, **more: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(vocab_size=len(_vocabulary()), hidden_size=dimension, **SIZE, **more)


def _scattered(model: Any) -> Any:
    """Spread the weights, which are all near zero in a new BERT: texts shall differ by more than rounding."""
    import torch

    with torch.no_grad():
        for tensor in model.parameters():
            if tensor.dim() > 1:
                tensor.normal_(std=0.4)
    return model


def _vocabulary() -> list[str]:
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]


def _tokenizer(folder: Path) -> Path:
    from tokenizers.implementations import BertWordPieceTokenizer
    from transformers import PreTrainedTokenizerFast

    folder.mkdir(parents=True)
    pieces = BertWordPieceTokenizer({piece: number for number, piece in enumerate(_vocabulary())})
    special = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "pad", "cls", "sep", "mask")}
    PreTrainedTokenizerFast(tokenizer_object=pieces._tokenizer, **special).save_pretrained(folder)
    return folder
