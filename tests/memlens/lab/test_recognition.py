"""Asking a classifier whether free pictures show what their captions name."""

from pathlib import Path

import pytest
import torch

from memlens.errors import Cancelled
from memlens.lab.artwork import emoji_words
from memlens.lab.recognition import Classifier, measure_recognition, objects_of
from memlens.progress import CancelToken, Progress


def test_objects_are_read_from_a_caption() -> None:
    assert objects_of("an owl and a cat on red and white") == ("owl", "cat")
    assert objects_of("a star on teal and brown") == ("star",)


def test_the_classifier_gives_one_logit_a_word() -> None:
    assert Classifier()(torch.zeros(2, 3, 128, 128)).shape == (2, len(emoji_words()))


def test_an_untrained_classifier_guesses(tiny_pipeline: Path) -> None:
    told: list[Progress] = []
    found = measure_recognition(
        tiny_pipeline, pictures=3, trained_on=4, training_steps=1, steps=1, progress=told.append
    )
    assert found.pictures == 3
    # Thirds, since three pictures were asked of; two words of 38 are seldom hit by chance.
    assert round(found.generated * 3) == pytest.approx(found.generated * 3)
    assert found.real < 1
    assert {"sampling free pictures"} < {progress.activity for progress in told}


def test_it_can_be_cancelled(tiny_pipeline: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        measure_recognition(tiny_pipeline, pictures=1, trained_on=1, cancel=token)
