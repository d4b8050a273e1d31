"""Which kind of product is used: the cheapest that fits into memory, measured once per model."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor

from memlens.device import free_memory, is_out_of_memory
from memlens.errors import SettingsError
from memlens.estimators import AUTO, FINITE_DIFFERENCE, FORWARD, PRODUCTS, REVERSE
from memlens.products.finite_difference import FiniteDifference
from memlens.products.forward import ForwardMode
from memlens.products.network import Linearization, Network
from memlens.products.reverse import ReverseMode
from memlens.progress import CancelToken

_MAKERS: dict[str, Callable[[Network, Tensor], Linearization]] = {
    REVERSE: ReverseMode,
    FORWARD: ForwardMode,
    FINITE_DIFFERENCE: FiniteDifference,
}
# Another kind must be this much cheaper than reverse mode: near a tie the clock would decide,
# and the same seed would not give the same bytes.
_MARGIN = 1.5
_SHARE_OF_MEMORY = 0.8
_Setting = tuple[str, torch.dtype]
_Made = TypeVar("_Made")
_chosen: weakref.WeakKeyDictionary[object, dict[_Setting, str]] = weakref.WeakKeyDictionary()


def linearize(
    kind: str, network: Network, x: Tensor, *, cancel: CancelToken, graph_bytes: int = 0
) -> tuple[str, Linearization]:
    """Open a network at a point for products.

    Parameters
    ----------
    kind
        One of `memlens.estimators.PRODUCTS`; "auto" takes reverse mode where its graph fits and
        no other kind is much cheaper. What it took is remembered per model, device and dtype.
    network, x
        What and where, (1, C, H, W).
    cancel
        Checked before every network call.
    graph_bytes
        What a graph may take; compared with the memory at hand by "auto".

    Returns
    -------
    tuple
        The kind that is used, and the opened network.

    Raises
    ------
    SettingsError
        If `kind` is unknown.
    Cancelled
        Before the next network call.
    """
    if kind != AUTO:
        check_products(kind)
        return kind, _MAKERS[kind](network, x)
    known = _chosen.setdefault(network.denoiser, {})
    setting = str(x.device), x.dtype
    free = free_memory(x.device)
    if free is not None and graph_bytes > _SHARE_OF_MEMORY * free:
        # Not remembered: the memory at hand changes.
        return _without_graph(network, x)
    if setting in known:
        return known[setting], _MAKERS[known[setting]](network, x)
    try:
        chosen, opened = _measured(network, x, cancel)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return _without_graph(network, x)
    known[setting] = chosen
    return chosen, opened


def check_products(kind: str) -> None:
    """Raise unless `kind` is one of `memlens.estimators.PRODUCTS`.

    Raises
    ------
    SettingsError
        If it is not; the message lists those that exist.
    """
    if kind not in PRODUCTS:
        raise SettingsError(f"no products are called {kind!r}: choose {', '.join(PRODUCTS)}.")


def _measured(network: Network, x: Tensor, cancel: CancelToken) -> tuple[str, Linearization]:
    reverse, forward_pass = _timed(lambda: ReverseMode(network, x))
    vector = torch.ones_like(x)
    cancel.check()
    _, product = _timed(lambda: reverse.products(vector))
    # A forward-mode product costs no less than a forward pass: below, it cannot win.
    if product <= _MARGIN * forward_pass:
        return REVERSE, reverse
    cancel.check()
    try:
        forward = ForwardMode(network, x)
        forward.products(vector)
        _, other = _timed(lambda: forward.products(vector))
    except (RuntimeError, NotImplementedError):
        return REVERSE, reverse
    _, product = _timed(lambda: reverse.products(vector))
    return (FORWARD, forward) if _MARGIN * other < product else (REVERSE, reverse)


def _without_graph(network: Network, x: Tensor) -> tuple[str, Linearization]:
    try:
        forward = ForwardMode(network, x)
        forward.products(torch.ones_like(x))
    except (RuntimeError, NotImplementedError) as error:
        if is_out_of_memory(error):
            raise
        return FINITE_DIFFERENCE, FiniteDifference(network, x)
    return FORWARD, forward


def _timed(work: Callable[[], _Made]) -> tuple[_Made, float]:
    began = time.perf_counter()
    done = work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return done, time.perf_counter() - began
