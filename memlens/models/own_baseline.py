"""Baselines made of the target itself: its LoRA off or weaker, another prompt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from memlens.errors import BaselineMismatch, SettingsError
from memlens.models.denoiser import Condition, Denoiser, Model, PromptEncoder
from memlens.models.description import PROMPT, ModelDescription
from memlens.models.lora import at_scale
from memlens.models.pipeline_model import PipelineModel

LORA_OFF = "lora-off"
LORA_WEAKER = "lora:"
OTHER_PROMPT = "prompt:"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedBaseline:
    """A baseline put together; see `memlens.models.denoiser.Baseline`."""

    description: ModelDescription
    denoiser: Denoiser
    encoder: PromptEncoder


class FixedPrompt:
    """Encodes one prompt, whatever it is asked for."""

    def __init__(self, encoder: PromptEncoder, prompt: str) -> None:
        self._encoder = encoder
        self.prompt = prompt

    def __call__(self, prompt: str, guidance_scale: float | None = None) -> Condition:
        """Encode its own prompt; `prompt` plays no part."""
        return self._encoder(self.prompt, guidance_scale)


def is_own(source: str) -> bool:
    """Whether `source` names a baseline made of the target itself."""
    return source == LORA_OFF or source.startswith((LORA_WEAKER, OTHER_PROMPT))


def own_baseline(source: str, like: Model) -> LoadedBaseline | None:
    """Return the baseline that `source` means; None where it means a file, folder or hub id.

    Parameters
    ----------
    source
        "lora-off", "lora:0.5", or "prompt:" and the prompt.
    like
        The target.

    Raises
    ------
    BaselineMismatch
        If the target has no LoRA, or takes no prompt.
    SettingsError
        If the scale is no number.
    """
    if source.startswith(OTHER_PROMPT):
        return _other_prompt(source.removeprefix(OTHER_PROMPT).strip(), like)
    if source == LORA_OFF:
        return _weaker(0.0, like)
    if source.startswith(LORA_WEAKER):
        words = source.removeprefix(LORA_WEAKER)
        try:
            scale = float(words)
        except ValueError:
            raise SettingsError(f'{source!r}: give the scale as a number, "lora:0.5".') from None
        return _weaker(scale, like)
    return None


def _weaker(scale: float, like: Model) -> LoadedBaseline:
    if not isinstance(like, PipelineModel) or not like.description.adapter:
        raise BaselineMismatch(
            f"{like.description.name} has no LoRA that could be off or weaker: load it with one."
        )
    other = at_scale(like, scale)
    return LoadedBaseline(
        description=other.description, denoiser=other.denoiser, encoder=other.encoder
    )


def _other_prompt(prompt: str, like: Model) -> LoadedBaseline:
    if like.description.takes not in (PROMPT, "class"):
        raise BaselineMismatch(
            f"{like.description.name} takes no prompt, so that another makes no difference."
        )
    like.encode_prompt(prompt)
    named = f'{like.description.name} under "{prompt}"'
    return LoadedBaseline(
        description=replace(like.description, name=named),
        denoiser=like.denoiser,
        encoder=FixedPrompt(like.encoder, prompt),
    )
