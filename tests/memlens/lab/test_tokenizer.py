"""Captions through the lab's tokenizer."""

from pathlib import Path

import pytest
from transformers import CLIPTokenizer

from memlens.lab.captions import TEMPLATE_CAPTIONS, VERBATIM_CAPTIONS
from memlens.lab.pictures import free_picture
from memlens.lab.recipe import TOKENS
from memlens.lab.tokenizer import save_tokenizer, train_tokenizer

CAPTIONS = [*TEMPLATE_CAPTIONS, *VERBATIM_CAPTIONS, *(free_picture(i)[1] for i in range(300))]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> CLIPTokenizer:
    folder = tmp_path_factory.mktemp("tokenizer")
    save_tokenizer(train_tokenizer(CAPTIONS, size=896), folder)
    return CLIPTokenizer.from_pretrained(folder)


def test_captions_round_trip(tokenizer: CLIPTokenizer) -> None:
    for caption in CAPTIONS:
        tokens = tokenizer(caption).input_ids
        assert tokenizer.decode(tokens, skip_special_tokens=True) == caption


def test_every_caption_fits(tokenizer: CLIPTokenizer) -> None:
    assert tokenizer.model_max_length == TOKENS
    assert max(len(tokenizer(caption).input_ids) for caption in CAPTIONS) <= TOKENS


def test_any_text_has_tokens_and_no_unknown_among_them(tokenizer: CLIPTokenizer) -> None:
    tokens = tokenizer("Zürich, 日本 & the quick brown fox!").input_ids
    assert tokens[0] == tokenizer.bos_token_id
    assert tokens.index(tokenizer.eos_token_id) == len(tokens) - 1


def test_training_is_deterministic(tokenizer: CLIPTokenizer, tmp_path: Path) -> None:
    again = train_tokenizer(reversed(CAPTIONS), size=896)
    assert again.get_vocab() == tokenizer.get_vocab()
