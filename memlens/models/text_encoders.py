"""The text encoders of one model, by the names of their folders."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Self

from memlens.models.clip_text import ClipText
from memlens.models.t5_text import T5Text


class TextEncoders:
    """What prompt encoders with several text encoders, or none, have in common.

    Parameters
    ----------
    **texts
        By the names of their folders ("text_encoder", "text_encoder_2", …).
    """

    def __init__(self, **texts: ClipText | T5Text) -> None:
        self.texts = texts

    def clip(self, part: str) -> ClipText:
        """Return a CLIP text encoder."""
        found = self.texts[part]
        assert isinstance(found, ClipText)
        return found

    def t5(self, part: str) -> T5Text:
        """Return a T5 encoder."""
        found = self.texts[part]
        assert isinstance(found, T5Text)
        return found

    @property
    def networks(self) -> Mapping[str, Any]:
        """The networks by the names of their folders."""
        return {part: text.text_encoder for part, text in self.texts.items()}

    def with_networks(self, networks: Mapping[str, Any]) -> Self:
        """Return the same with other text encoders, by the names of their folders."""
        other = copy.copy(self)
        other.texts = {
            part: text.with_network(networks[part]) if part in networks else text
            for part, text in self.texts.items()
        }
        return other
