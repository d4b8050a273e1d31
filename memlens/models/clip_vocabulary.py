"""CLIP's tokenizer, from the vocabulary that memlens brings: files of one model hold none."""

from __future__ import annotations

import gzip
from importlib import resources
from typing import Any

# 49,408 tokens: 256 bytes, the same ending a word, the merges, and two marks.
_TOKENS = 49_408
_BYTES = 256
_START, _END, _WORD_END = "<|startoftext|>", "<|endoftext|>", "</w>"


def clip_tokenizer(*, model_max_length: int, pad_token: str) -> Any:
    """Return a CLIPTokenizer.

    Parameters
    ----------
    model_max_length
        Tokens, start and end included.
    pad_token
        What short prompts are filled up with: end-of-text, or "!" with OpenCLIP's encoders.
    """
    from transformers import CLIPTokenizer

    file = resources.files("resources") / "single-file" / "clip-vocabulary.txt.gz"
    lines = gzip.decompress(file.read_bytes()).decode().split("\n")
    # The first line is a version; the file holds more merges than CLIP has.
    merges = [tuple(line.split()) for line in lines[1 : _TOKENS - 2 * _BYTES - 2 + 1]]
    letters = list(_byte_letters().values())
    tokens = [*letters, *(letter + _WORD_END for letter in letters)]
    tokens += ["".join(merge) for merge in merges]
    tokens += [_START, _END]
    return CLIPTokenizer(
        vocab={token: index for index, token in enumerate(tokens)},
        merges=merges,
        bos_token=_START,
        eos_token=_END,
        unk_token=_END,
        pad_token=pad_token,
        model_max_length=model_max_length,
    )


def _byte_letters() -> dict[int, str]:
    """Return a printable letter for every byte, in the order of the vocabulary (GPT-2's)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in printable}
    others = (byte for byte in range(_BYTES) if byte not in letters)
    letters |= {byte: chr(_BYTES + index) for index, byte in enumerate(others)}
    return letters
