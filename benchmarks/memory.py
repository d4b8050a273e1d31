"""Peak memory of a curvature step over that of one plain forward pass with activations kept.

Δh_∅ at one latent: the two rows of prompt and ∅, two probes by reverse mode, as the engine makes
them. Each case runs in a child of its own, on a UNet of the size of Stable Diffusion 1.4 with
random float32 weights and a 32×32 latent. It needs about 8 GB; --quick takes a small UNet, whose
ratio says little. Linux only: the peak is the kernel's.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch
from _report import report

from memlens.estimators.names import REVERSE
from memlens.models.denoiser import Condition
from memlens.models.stable_diffusion import UNetDenoiser
from memlens.products.network import TARGET, Network
from memlens.products.vector_products import VectorProducts
from memlens.progress import CancelToken
from memlens.sampling.schedule import NoiseLevel

FORWARD_CASE = "forward, graph kept"
BATCHES = {"default batch": None, "batch of 1": 1, "batch of 2": 2}
PROBES = 2
LATENT = (1, 4, 32, 32)
TOKENS = 77
BUDGET = 1.3
LEVEL = NoiseLevel.variance_preserving(1.0, 0.9983)
MIB = 1024.0
STATUS = Path("/proc/self/status")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a small UNet")
    options.add_argument("--case", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if not STATUS.is_file():
        print("the peak is read from /proc, which this system lacks: not measured")
        return 0
    if chosen.case:
        print(json.dumps(_measured(chosen.case, quick=chosen.quick)))
        return 0
    found = {}
    print(f"{'MiB beyond the weights':26}{'peak':>10}{'in all':>10}{'seconds':>10}")
    for case in (FORWARD_CASE, *BATCHES):
        found[case] = _in_child(case, quick=chosen.quick)
        row = found[case]
        print(
            f"{case:26}{row['beyond']:10.0f}{row['peak']:10.0f}{row['seconds']:10.1f}", flush=True
        )
    plain = found[FORWARD_CASE]["beyond"]
    ratios = {case: round(found[case]["beyond"] / plain, 3) for case in BATCHES}
    for case, ratio in ratios.items():
        print(f"{case}: {ratio:.3f} of the forward pass")
    budgets = {"peak over a forward pass, default batch": (ratios["default batch"], BUDGET)}
    return report(
        "memory-quick" if chosen.quick else "memory",
        {"cases": found, "ratios": ratios, "probes": PROBES},
        {} if chosen.quick else budgets,
    )


def _in_child(case: str, *, quick: bool) -> dict[str, Any]:
    command = [sys.executable, __file__, "--case", case, *(["--quick"] if quick else [])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _measured(case: str, *, quick: bool) -> dict[str, float]:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    unet = _unet(quick=quick)
    denoiser = UNetDenoiser(unet, "epsilon")
    x = torch.randn(LATENT)
    both = Condition(embedding=torch.randn(2, TOKENS, unet.config.cross_attention_dim))
    network = Network(denoiser, LEVEL, (TARGET, "unconditional"), both)
    probes = torch.where(torch.rand(PROBES, *LATENT[1:]) > 0.5, 1.0, -1.0)
    # The kernel's high-water mark starts anew from here: building the network does not count.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _kib("VmRSS")
    began = time.perf_counter()
    if case == FORWARD_CASE:
        kept = network.repeated(x).clone().requires_grad_(True)
        output = network(kept)
        assert output.grad_fn is not None
    else:
        products = VectorProducts(
            [network], x, kind=REVERSE, batch=BATCHES[case], cancel=CancelToken()
        )
        products(probes)
    peak = _kib("VmHWM")
    return {
        "weights": before / MIB,
        "beyond": (peak - before) / MIB,
        "peak": peak / MIB,
        "seconds": time.perf_counter() - began,
        "parameters": denoiser.parameters,
    }


def _kib(field: str) -> int:
    for line in STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    raise OSError(f"{STATUS} has no {field}")


def _unet(*, quick: bool) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=LATENT[-1],
        block_out_channels=(32, 64, 128, 128) if quick else (320, 640, 1280, 1280),
        cross_attention_dim=64 if quick else 768,
        attention_head_dim=8,
        layers_per_block=1 if quick else 2,
    )


if __name__ == "__main__":
    sys.exit(main())
