"""A model at another size of picture."""

from __future__ import annotations

from memlens.errors import SettingsError
from memlens.models.denoiser import Model


def resized(model: Model, size: tuple[int, int]) -> Model:
    """Return the same model for pictures of (height, width) pixels, sharing all weights.

    Raises
    ------
    SettingsError
        If its network or its autoencoder does not allow that size.
    """
    scale = pixels_per_coordinate(model)
    if any(side < 1 or side % scale for side in size):
        raise SettingsError(
            f"{model.description.name} makes no pictures of {size[1]}x{size[0]} pixels: both sides "
            f"must be multiples of {scale}."
        )
    return model.sized((size[0] // scale, size[1] // scale))


def pixels_per_coordinate(model: Model) -> int:
    """Return how many pixels a side of one latent coordinate takes."""
    return model.description.picture_size[0] // model.description.latent_shape[1]
