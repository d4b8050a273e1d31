"""What is known of a loaded model without touching its weights."""

from __future__ import annotations

from dataclasses import dataclass

# How a guidance scale acts: on the difference to ∅, as an input of the network, or not at all.
CLASSIFIER_FREE, EMBEDDED, UNGUIDED = "classifier-free", "embedded", "none"
# What a model is conditioned on.
PROMPT, CLASS, NOTHING = "prompt", "class", "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDescription:
    """Facts of a loaded model, for people and for provenance.

    Attributes
    ----------
    name
        What it was loaded by: "demo", a hub id or a folder's name.
    source
        The folder or hub id it came from.
    fingerprint
        Twelve hexadecimal digits over its weights files.
    family
        Pipeline class, such as "StableDiffusionPipeline".
    prediction_type
        "epsilon", "sample", "v_prediction" or "flow".
    latent_shape
        (C, H, W).
    picture_size
        (height, width) in pixels.
    train_timesteps
        Length of the training schedule.
    prompt_tokens
        Longest prompt in tokens, start and end included.
    parameters
        Number of weights of the denoiser.
    device, dtype
        Where and in which precision it runs.
    default_guidance_scale
        What the model's card asks for (7.5 where it says nothing).
    longest_walk
        Most steps of a run, where that is less than `train_timesteps`.
    schedule_mended
        What its schedule has otherwise than its files say; a phrase each.
    assumed
        What its files do not say, as it was filled in; a phrase each.
    guidance
        "classifier-free", "embedded" (an input of the network) or "none".
    takes
        What it is conditioned on: "prompt", "class" or "nothing".
    adapter
        The LoRA that is on it, such as "style.safetensors × 1"; "" without one.
    """

    name: str
    source: str
    fingerprint: str
    family: str
    prediction_type: str
    latent_shape: tuple[int, int, int]
    picture_size: tuple[int, int]
    train_timesteps: int
    prompt_tokens: int
    parameters: int
    device: str
    dtype: str
    default_guidance_scale: float = 7.5
    longest_walk: int | None = None
    schedule_mended: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    guidance: str = CLASSIFIER_FREE
    takes: str = PROMPT
    adapter: str = ""

    @property
    def max_steps(self) -> int:
        """Most steps of a run."""
        return self.train_timesteps if self.longest_walk is None else self.longest_walk

    @property
    def identity(self) -> str:
        """``name@fingerprint``, as provenance records it."""
        return f"{self.name}@{self.fingerprint}"
