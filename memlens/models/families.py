"""The one list of families: which pipeline class is loaded by which module. Imports no torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from memlens.errors import ModelError

if TYPE_CHECKING:
    from memlens.models.denoiser import Model
    from memlens.models.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of models.

    Attributes
    ----------
    pipeline
        The pipeline class that ``model_index.json`` names.
    module
        Whose function ``load(parts)`` makes a model of it.
    denoiser
        The folder of the network under inspection.
    parts
        The folders with weights that every pipeline of the family has.
    optional
        Those that ``model_index.json`` may leave out.
    lora_loader
        The diffusers class that reads the family's LoRA files; "" where none can be put on it.
    """

    pipeline: str
    module: str
    denoiser: str
    parts: tuple[str, ...]
    optional: tuple[str, ...] = ()
    lora_loader: str = ""

    def loader(self) -> Callable[[Parts], Model]:
        """Import the family's module (this imports torch)."""
        load: Callable[[Parts], Model] = import_module(self.module).load
        return load


FAMILIES: dict[str, Family] = {
    family.pipeline: family
    for family in (
        Family(
            pipeline="StableDiffusionPipeline",
            module="memlens.models.stable_diffusion",
            denoiser="unet",
            parts=("unet", "text_encoder", "vae"),
            lora_loader="StableDiffusionLoraLoaderMixin",
        ),
        Family(
            pipeline="StableDiffusionXLPipeline",
            module="memlens.models.stable_diffusion_xl",
            denoiser="unet",
            parts=("unet", "text_encoder", "text_encoder_2", "vae"),
            lora_loader="StableDiffusionXLLoraLoaderMixin",
        ),
        Family(
            pipeline="StableDiffusion3Pipeline",
            module="memlens.models.stable_diffusion_3",
            denoiser="transformer",
            parts=("transformer", "text_encoder", "text_encoder_2", "vae"),
            optional=("text_encoder_3",),
            lora_loader="SD3LoraLoaderMixin",
        ),
        Family(
            pipeline="FluxPipeline",
            module="memlens.models.flux",
            denoiser="transformer",
            parts=("transformer", "text_encoder", "text_encoder_2", "vae"),
            lora_loader="FluxLoraLoaderMixin",
        ),
        Family(
            pipeline="PixArtSigmaPipeline",
            module="memlens.models.pixart_sigma",
            denoiser="transformer",
            parts=("transformer", "text_encoder", "vae"),
        ),
        Family(
            pipeline="DiTPipeline",
            module="memlens.models.dit",
            denoiser="transformer",
            parts=("transformer", "vae"),
        ),
        Family(
            pipeline="DDPMPipeline",
            module="memlens.models.ddpm",
            denoiser="unet",
            parts=("unet",),
        ),
    )
}


def add_family(family: Family) -> None:
    """Add a family from outside the package; one of the same pipeline class is replaced."""
    FAMILIES[family.pipeline] = family


def family_of(pipeline: str, *, of: str) -> Family:
    """Return the family of a pipeline class.

    Parameters
    ----------
    pipeline
        What ``model_index.json`` names, "" where it names none.
    of
        The folder or file, for the error.

    Raises
    ------
    ModelError
        If memlens does not know it.
    """
    found = FAMILIES.get(pipeline)
    if found is None:
        raise ModelError(
            f"{of} holds a {pipeline or 'pipeline without a class'}, which memlens does not "
            f"know: it knows {', '.join(FAMILIES)}; others can be added (memlens.models.custom)."
        )
    return found
