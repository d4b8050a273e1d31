"""Diagonals at many steps from few probes: what neighbouring steps share is carried over.

The same full ±1 probes are used at every step, and at some steps, the anchors, a diagonal is
known better from probes of their own. With e_t(v) = v ⊙ Jᵀv at step t, ē_t its mean over the K
shared probes and D_a the anchors' diagonals,

    d̂_t = ē_t − Σ_a β_ta (ē_a − D_a)

has the expectation of e_t whatever the weights are: the brackets have none. One β serves all
coordinates of a step and anchor. Errors of neighbouring steps are alike, so most of them drop
out (control variates: Lavenberg & Welch 1981). With C_st the covariance of the errors of one
probe, and V that of the anchors' diagonals, the least error is left by

    β_t = (C_AA / K + V)⁻¹ C_At / K.

What C needs is taken from differences between the shared probes; these are uncorrelated with
their mean, so that estimated weights bring no bias to first order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

FloatArray = NDArray[np.float64]

# Places around whose spread is averaged: two probes alone tell too little of one place.
_POOLED = 3
# Of the rational quadratic: 1.5 fits the demo model's steps 20 to 49 up to ten steps apart.
_TAIL = 1.5
_LEAST_NEAR = 0.02
# Of anchors with the same probes: what seems to be known exactly would be leaned on wildly.
_RELATED = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A diagonal that is known better than from the shared probes.

    Attributes
    ----------
    at
        Which of the steps, an index into the shared estimates.
    diagonal, standard_error
        Mean over channels, and its error, (H, W).
    probes
        How many it was made of.
    drawn
        What its probes were drawn from: anchors of the same share their errors.
    """

    at: int
    diagonal: FloatArray
    standard_error: FloatArray
    probes: int
    drawn: tuple[object, ...]


def covariance(shared: FloatArray) -> FloatArray:
    """Return C, (T, T): how errors of one probe go together between steps, mean over places.

    Two probes excite few of a Jacobian's large modes, so that a covariance between all steps
    taken from them alone would be fitted to these. Only each step's own variance and its
    correlation with the next are; between steps further apart it follows a rational quadratic
    in the distance along the timeline, which the measured ones do (ADR 0026).

    Parameters
    ----------
    shared
        e_t(v) of every step and shared probe, mean over channels, (T, K, H, W), K ≥ 2.
    """
    count = shared.shape[1]
    apart = (shared - shared.mean(axis=1, keepdims=True)).reshape(len(shared), -1)
    sizes = np.sqrt(np.square(apart).sum(axis=1))
    both = sizes[1:] * sizes[:-1]
    products = (apart[1:] * apart[:-1]).sum(axis=1)
    near = np.divide(products, both, out=np.ones_like(both), where=both > 0)
    squares = 2 * _TAIL * (np.clip(near, _LEAST_NEAR, 1.0) ** (-1 / _TAIL) - 1.0)
    place = np.concatenate([[0.0], np.cumsum(np.sqrt(squares))])
    distance = np.subtract.outer(place, place) ** 2
    per_place = (count - 1) * shared.shape[2] * shared.shape[3]
    found: FloatArray = np.outer(sizes, sizes) / per_place * (1 + distance / (2 * _TAIL)) ** -_TAIL
    return found


def anchors_covariance(anchors: list[Anchor], errors: FloatArray) -> FloatArray:
    """Return V, (A, A): anchors with the same probes share their errors as C says.

    Parameters
    ----------
    errors
        C of the steps.
    """
    sizes = np.sqrt([np.mean(np.square(anchor.standard_error)) for anchor in anchors])
    found: FloatArray = _alike(anchors, errors) * np.outer(sizes, sizes)
    return found


def weights(errors: FloatArray, anchors: list[Anchor], count: int) -> FloatArray:
    """Return β, (T, A).

    Parameters
    ----------
    errors
        C of the steps, (T, T).
    count
        K, the number of shared probes.
    """
    at = [anchor.at for anchor in anchors]
    known = errors[np.ix_(at, at)] / count + anchors_covariance(anchors, errors)
    solved = np.linalg.lstsq(known, errors[at] / count, rcond=None)[0]
    return np.asarray(solved.T, np.float64)


def remaining(errors: FloatArray, anchors: list[Anchor], count: int) -> FloatArray:
    """Return the covariance, (T, T), that is left of the estimates' errors, mean over places."""
    if not anchors:
        return errors / count
    at = [anchor.at for anchor in anchors]
    found: FloatArray = (errors - weights(errors, anchors, count) @ errors[at]) / count
    return found


def mean_error_with(left: FloatArray, variance: FloatArray) -> FloatArray:
    """Return the mean standard error of all steps with one more anchor at each of them, (T,).

    Parameters
    ----------
    left
        Covariance of the errors that are left, (T, T).
    variance
        What a new anchor's own would be at each step, (T,).
    """
    own: FloatArray = np.diagonal(left)
    after: FloatArray = np.maximum(own[None] - left**2 / (own + variance)[:, None], 0.0)
    found: FloatArray = np.sqrt(after).mean(axis=1)
    return found


def carried(shared: FloatArray, anchors: list[Anchor]) -> tuple[FloatArray, FloatArray]:
    """Return the diagonals of all steps and their standard errors, each (T, H, W).

    Parameters
    ----------
    shared
        e_t(v) of every step and shared probe, mean over channels, (T, K, H, W), K ≥ 2.
    anchors
        Any number.
    """
    count = shared.shape[1]
    own: FloatArray = shared.mean(axis=1)
    residual, noise = shared, np.zeros_like(own)
    if anchors:
        at = [anchor.at for anchor in anchors]
        errors = covariance(shared)
        beta = weights(errors, anchors, count)
        known = np.stack([anchor.diagonal for anchor in anchors])
        own = own - np.tensordot(beta, own[at] - known, axes=1)
        residual = shared - np.tensordot(beta, shared[at], axes=1)
        scaled = np.stack([anchor.standard_error for anchor in anchors])
        alike = _alike(anchors, errors)
        carried_errors = beta[:, :, None, None] * scaled
        noise = np.einsum("tahw,ab,tbhw->thw", carried_errors, alike, carried_errors)
    spread = residual.var(axis=1, ddof=1) / count
    pooled = uniform_filter(spread, (0, _POOLED, _POOLED), mode="reflect")
    return own, np.sqrt(np.maximum(pooled + noise, 0.0))


def _alike(anchors: list[Anchor], errors: FloatArray) -> FloatArray:
    """Return the correlation of the anchors' errors, (A, A)."""
    at = [anchor.at for anchor in anchors]
    sizes = np.sqrt(np.diagonal(errors)[at])
    shares = np.array([[one.drawn == other.drawn for other in anchors] for one in anchors])
    bounds = np.outer(sizes, sizes)
    related = np.divide(errors[np.ix_(at, at)], bounds, out=np.zeros_like(bounds), where=bounds > 0)
    found: FloatArray = np.where(shares, _RELATED * np.clip(related, -1.0, 1.0), 0.0)
    np.fill_diagonal(found, 1.0)
    return found
