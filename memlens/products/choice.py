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
from memlens.estimators.names import (
    AUTO,
    CHECKPOINTED,
    FINITE_DIFFERENCE,
    FORWARD,
    PRODUCTS,
    REVERSE,
)
from memlens.products.finite_difference import FiniteDifference
from memlens.products.forward import ForwardMode
from memlens.products.network import Linearization, Network
from memlens.products.reverse import CheckpointedReverse, ReverseMode, supports_checkpointing
from memlens.progress import CancelToken

_MAKERS: dict[str, Callable[[Network, Tensor], Linearization]] = {
    REVERSE: ReverseMode,
    CHECKPOINTED: CheckpointedReverse,
    FORWARD: ForwardMode,
    FINITE_DIFFERENCE: FiniteDifference,
}
# Another kind must be this much cheaper than reverse mode: near a tie the clock would decide,
# and the same seed would not give the same bytes.
_MARGIN = 1.5
_ROUNDS = 2
_SHARE_OF_MEMORY = 0.8
# Of a whole graph, what blocks leave that are computed again: assumed, not yet measured.
_CHECKPOINTED_SHARE = 0.35
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
        One of `memlens.estimators.names.PRODUCTS`; "auto" takes reverse mode where its graph fits
        and no other kind is much cheaper. What it took is remembered per model, device and dtype.
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
        fits = _CHECKPOINTED_SHARE * graph_bytes <= _SHARE_OF_MEMORY * free
        return _without_graph(network, x, cancel, checkpointed=fits)
    if setting in known:
        return known[setting], _MAKERS[known[setting]](network, x)
    measured = _measured(network, x, cancel)
    if measured is None:
        # Here, where nothing holds on to the graph that did not fit.
        return _without_graph(network, x, cancel, checkpointed=True)
    known[setting], opened = measured
    return known[setting], opened


def check_products(kind: str) -> None:
    """Raise unless `kind` is one of `memlens.estimators.names.PRODUCTS`.

    Raises
    ------
    SettingsError
        If it is not; the message lists those that exist.
    """
    if kind not in PRODUCTS:
        raise SettingsError(f"no products are called {kind!r}: choose {', '.join(PRODUCTS)}.")


def _measured(network: Network, x: Tensor, cancel: CancelToken) -> tuple[str, Linearization] | None:
    """Return what is cheapest; None where reverse mode runs out of memory."""
    vector = torch.ones_like(x)
    try:
        reverse, forward_pass = _timed(lambda: ReverseMode(network, x), x.device)
        cancel.check()
        _, product = _timed(lambda: reverse.products(vector), x.device)
    except (RuntimeError, MemoryError) as error:
        if is_out_of_memory(error):
            return None
        raise
    # A forward-mode product costs no less than a forward pass: below, it cannot win.
    if product <= _MARGIN * forward_pass:
        return REVERSE, reverse
    forward = _opened_forward(network, x, cancel)
    if forward is None:
        return REVERSE, reverse

    def least(opened: Linearization) -> float:
        times = []
        for _ in range(_ROUNDS):
            cancel.check()
            times.append(_timed(lambda: opened.products(vector), x.device)[1])
        return min(times)

    return (FORWARD, forward) if _MARGIN * least(forward) < least(reverse) else (REVERSE, reverse)


def _without_graph(
    network: Network, x: Tensor, cancel: CancelToken, *, checkpointed: bool
) -> tuple[str, Linearization]:
    """Return the first kind that fits beside a whole graph that does not."""
    if checkpointed and supports_checkpointing(network):
        again = _opened_again(network, x, cancel)
        if again is not None:
            return CHECKPOINTED, again
    forward = _opened_forward(network, x, cancel)
    if forward is None:
        cancel.check()
        return FINITE_DIFFERENCE, FiniteDifference(network, x)
    return FORWARD, forward


def _opened_again(network: Network, x: Tensor, cancel: CancelToken) -> CheckpointedReverse | None:
    """Return the network opened with blocks computed again; None where that does not fit."""
    cancel.check()
    try:
        again = CheckpointedReverse(network, x)
        cancel.check()
        again.products(torch.ones_like(x))
    except (RuntimeError, MemoryError):
        return None
    return again


def _opened_forward(network: Network, x: Tensor, cancel: CancelToken) -> ForwardMode | None:
    """Return the network opened in forward mode; None where it has none, or no memory for it."""
    cancel.check()
    try:
        forward = ForwardMode(network, x)
        cancel.check()
        forward.products(torch.ones_like(x))
    except (RuntimeError, NotImplementedError, MemoryError):
        return None
    return forward


def _timed(work: Callable[[], _Made], device: torch.device) -> tuple[_Made, float]:
    # On the CPU this thread's own time: another program's load must not decide.
    clock = time.thread_time if device.type == "cpu" else time.perf_counter
    began = clock()
    done = work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return done, clock() - began
