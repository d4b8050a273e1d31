"""The lab's tokenizer: byte-level BPE in CLIP's form, learned from the captions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers.trainers import BpeTrainer
from transformers import CLIPTokenizer
from transformers.convert_slow_tokenizer import bytes_to_unicode

from memlens.lab.recipe import TOKENS

START, END = "<|startoftext|>", "<|endoftext|>"
_WORD_END = "</w>"


def train_tokenizer(captions: Iterable[str], *, size: int) -> CLIPTokenizer:
    """Learn merges from `captions`; any other text falls back to single bytes."""
    alphabet = sorted(bytes_to_unicode().values())
    letters = [*alphabet, *(letter + _WORD_END for letter in alphabet)]
    trainer = BpeTrainer(
        vocab_size=size,
        special_tokens=[START, END],
        initial_alphabet=alphabet,
        end_of_word_suffix=_WORD_END,
        show_progress=False,
    )
    learner = _clip_tokenizer(letters, []).backend_tokenizer
    learner.train_from_iterator(sorted(set(captions)), trainer)
    merges = _merges(learner.to_str())
    room = max(0, size - 2 - len(letters))
    return _clip_tokenizer(letters, merges[:room])


def save_tokenizer(tokenizer: CLIPTokenizer, folder: Path) -> None:
    """Write the tokenizer as diffusers' pipelines read it."""
    tokenizer.save_pretrained(folder)


def _clip_tokenizer(letters: list[str], merges: list[tuple[str, str]]) -> CLIPTokenizer:
    tokens = [START, END, *letters, *(left + right for left, right in merges)]
    return CLIPTokenizer(
        vocab={token: index for index, token in enumerate(dict.fromkeys(tokens))},
        merges=merges,
        bos_token=START,
        eos_token=END,
        unk_token=END,
        pad_token=END,
        model_max_length=TOKENS,
    )


def _merges(serialised: str) -> list[tuple[str, str]]:
    pairs = json.loads(serialised)["model"]["merges"]
    return [(str(left), str(right)) for left, right in pairs]
