"""Kill −9 a sweep of the demo model at random moments; are its tables an undisturbed one's?

Run with ``python benchmarks/sweep_kills.py [--kills 20]``. The command line is what is killed and
resumed; at the end figures and rows of the report must be the same, byte for byte.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _report import report

from memlens.errors import DatasetError
from memlens.lab.ground_truth import load_ground_truth
from memlens.models.sources import demo_folder
from memlens.sweep.folder import open_index

ROOT = Path(__file__).resolve().parents[1]
SAME = ("figures.csv", "pictures.csv")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--steps", type=int, default=8, help="sampling steps of a task")
    options.add_argument("--model", default=str(demo_folder()))
    given = options.parse_args()
    draw = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        manifest = _manifest(Path(folder), given.kills)
        common = [sys.executable, "-c", "import memlens.cli; memlens.cli.run()"]
        command = [*common, "sweep", str(manifest), "--model", given.model, "--baseline", "both",
                   "--steps", str(given.steps), "--probes", "4", "--threads", "1",
                   "--device", "cpu"]  # fmt: skip
        out, undisturbed = Path(folder) / "killed", Path(folder) / "undisturbed"
        kills = 0
        while kills < given.kills:
            child = subprocess.Popen(
                [*command, "--out", str(out), "--resume"], cwd=ROOT, stderr=subprocess.DEVNULL
            )
            before = _done(out)
            # Past the loading, at a random moment of the work on one task.
            while child.poll() is None and _done(out) == before:
                time.sleep(0.02)
            time.sleep(draw.random() * 1.5)
            if child.poll() is None:
                os.kill(child.pid, signal.SIGKILL)
                kills += 1
                print(f"kill {kills}: {_done(out)} done", flush=True)
            child.wait()
            if child.returncode == 0:
                break
        subprocess.run([*command, "--out", str(out), "--resume"], check=True, cwd=ROOT)
        subprocess.run([*command, "--out", str(undisturbed)], check=True, cwd=ROOT)
        for each in (out, undisturbed):
            subprocess.run([*common, "report", str(each), "--draws", "100"], check=True, cwd=ROOT)
        differs = [
            name
            for name in SAME
            if (out / "report" / name).read_bytes() != (undisturbed / "report" / name).read_bytes()
        ]
    print(f"{kills} kills; differing tables: {', '.join(differs) or 'none'}")
    return report(
        "sweep_kills", {"kills": kills}, {"tables that differ after kills": (len(differs), 0)}
    )


def _manifest(folder: Path, kills: int) -> Path:
    entries = load_ground_truth(demo_folder()).entries
    rows = []
    for entry in entries:
        row = {"prompt": entry.caption, "kind": entry.kind, "seeds": [0, 1]}
        if entry.mask_file is not None:
            row["mask"] = str(entry.mask_file)
        rows.append(row)
    # Kinds mixed, and more tasks than kills.
    random.Random(1).shuffle(rows)
    path = folder / "list.jsonl"
    text = "".join(json.dumps(row) + "\n" for row in rows[: kills + 10])
    path.write_text(text, encoding="utf-8")
    return path


def _done(out: Path) -> int:
    try:
        with open_index(out) as index:
            return index.counts()["done"]
    except DatasetError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
