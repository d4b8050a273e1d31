"""What every engine benchmark does with its figures: print, compare with budgets, write JSON."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"


def report(
    name: str, figures: Mapping[str, Any], budgets: Mapping[str, tuple[float, float]]
) -> int:
    """Write ``results/NAME.json``; return 1 when a measured value is above its budget."""
    for what, (measured, budget) in budgets.items():
        verdict = "holds" if measured <= budget else "MISSED"
        print(f"{what}: {measured:g}, budget {budget:g}: {verdict}")
    machine = {
        "machine": platform.machine(),
        "processor": _processor(),
        "python": platform.python_version(),
        **{package: metadata.version(package) for package in ("torch", "diffusers", "numpy")},
    }
    print(f"{machine['processor']}; Python {machine['python']}, torch {machine['torch']}")
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({**figures, "budgets": budgets, "machine": machine}, indent=2)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    return int(any(measured > budget for measured, budget in budgets.values()))


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"
