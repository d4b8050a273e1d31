"""Intervals over prompts: a data set is drawn again from its prompts, with all their pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]
DRAWS = 1000
LEVEL = 0.95
_AT_ONCE = 100


def prompt_places(prompts: Sequence[str]) -> tuple[NDArray[np.intp], int]:
    """Return which prompt each picture is of, as numbers from 0 on, and how many there are."""
    numbers = {prompt: at for at, prompt in enumerate(dict.fromkeys(prompts))}
    return np.array([numbers[prompt] for prompt in prompts], np.intp), len(numbers)


def interval(
    statistic: Callable[[Weights], NDArray[np.float64]],
    prompts: int,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of a statistic over resampled prompts.

    Efron & Tibshirani 1993, chapter 13: percentiles of the statistic over `draws` data sets of
    as many prompts, drawn with replacement.

    Parameters
    ----------
    statistic
        Takes how often each prompt was drawn, (B, prompts), and returns (B,); NaN where it is
        undefined.
    prompts
        How many there are.
    seed
        Of the drawing; the same gives the same interval.

    Returns
    -------
    tuple
        Lowest and highest; NaN where fewer than two prompts, or no draw, say anything.
    """
    if prompts < 2:
        return float("nan"), float("nan")
    random = np.random.default_rng(seed)
    found = []
    for start in range(0, draws, _AT_ONCE):
        count = min(_AT_ONCE, draws - start)
        weights = random.multinomial(prompts, np.full(prompts, 1 / prompts), size=count)
        found.append(statistic(weights.astype(np.float64)))
    values = np.concatenate(found)
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return float(low), float(high)
