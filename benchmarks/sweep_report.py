"""Time and memory of `report` on 2,000 maps of 64², with intervals, plots and all files.

The folder is that of the evaluation's benchmark: 1,000 maps of template prompts, 400 of verbatim
ones, 600 of non-memorized ones, in the official layout. The report is made in a child process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _report import report
from evaluation import NON_MEMORIZED, TEMPLATE, VERBATIM, _make

SECONDS, GIB = 20.0, 1.0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="a tenth of the maps")
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.folder:
        print(json.dumps(_measured(chosen.folder)))
        return 0
    share = 10 if chosen.quick else 1
    with tempfile.TemporaryDirectory() as folder:
        _make(Path(folder), TEMPLATE // share, VERBATIM // share, NON_MEMORIZED // share)
        (Path(folder) / "maps").rename(Path(folder) / "metrics_outputs_v1")
        command = [sys.executable, __file__, "--folder", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures = json.loads(done.stdout)
    print(f"{figures['maps']} maps, {figures['clock']:.1f} s on the clock")
    seconds = round(figures["processor"], 2)
    return report(
        "sweep_report",
        figures,
        {
            "report on the maps, s of one processor": (seconds, SECONDS),
            "peak memory, GiB": (round(figures["gib"], 3), GIB),
        },
    )


def _measured(folder: Path) -> dict[str, float]:
    began, used = time.perf_counter(), time.process_time()
    from memlens.evaluation.dataset_report import judge_dataset
    from memlens.export.dataset_page import write_dataset_report
    from memlens.sweep.evidence import read_evidence

    judged = judge_dataset(read_evidence(folder))
    write_dataset_report(judged, folder / "report", draws=1000)
    return {
        "maps": len(judged.rows),
        "clock": time.perf_counter() - began,
        "processor": time.process_time() - used,
        "gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


if __name__ == "__main__":
    sys.exit(main())
