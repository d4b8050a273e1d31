"""An index of 100,000 tasks with twenty numbers each: opened, sorted, filtered, paged.

In processor time, so that other programs do not count.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from _report import report

from memlens.sweep.outcome import Outcome
from memlens.sweep.run_index import RunIndex
from memlens.sweep.tasks import Task

NUMBERS = 20
PAGE = 60
OPEN_SECONDS = 1.0
PAGE_MS = 16.0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    count = options.parse_args().rows
    draw = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        began = time.process_time()
        with RunIndex.create(path, _tasks(count), facts={}, truths={}) as index:
            made = time.process_time() - began
            values = draw.random((count, NUMBERS))
            for start in range(0, count, 10_000):
                index.put_numbers(
                    {
                        task: {f"number {n:02d}": float(values[task, n]) for n in range(NUMBERS)}
                        for task in range(start, min(start + 10_000, count))
                    }
                )
            began = time.process_time()
            for task in range(200):
                index.record(Outcome(index=task, numbers={"number 00": 1.0}))
            a_row = (time.process_time() - began) / 200
        size = path.stat().st_size

        def opened() -> None:
            with RunIndex.open(path) as index:
                order = index.order()
                index.rows(order[:PAGE])
                index.number_names()
                index.counts()

        open_seconds = _best(opened)
        with RunIndex.open(path) as index:
            sorting = _best(lambda: index.order(by="number 07", descending=True))
            filtering = _best(
                lambda: index.order(text="lamp 77", between={"number 03": (0.2, 0.4)})
            )
            order = index.order(by="number 07")
            pages = []
            for start in draw.integers(0, count - PAGE, 200):
                began = time.process_time()
                index.rows(order[start : start + PAGE])
                pages.append(1000 * (time.process_time() - began))
    p95 = statistics.quantiles(pages, n=20)[-1]
    print(f"made in {made:.2f} s, {size / 1e6:.0f} MB with numbers; a row {1000 * a_row:.2f} ms")
    print(f"sorted by a number in {sorting:.2f} s, filtered in {filtering:.2f} s")
    return report(
        "sweep_index",
        {"rows": count, "bytes": size, "seconds": {"made": made, "sorting": sorting,
         "filtering": filtering}, "milliseconds": {"a row written": 1000 * a_row}},
        {
            f"opening an index of {count:,} rows, s": (round(open_seconds, 3), OPEN_SECONDS),
            f"a page of {PAGE} rows anywhere, p95, ms": (round(p95, 2), PAGE_MS),
        },
    )  # fmt: skip


def _tasks(count: int) -> Iterator[Task]:
    for index in range(count):
        yield Task(
            index=index, row=f"list.txt line {index + 1}", prompt=f"a lamp {index} on a table",
            seed=0, overfit_type="N", group=f"group {index % 7}", truth=False,
            folder="TV_metric_maps", stem=f"nmem_prompt_{index:04d}_seed_00",
        )  # fmt: skip


def _best(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(3):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


if __name__ == "__main__":
    sys.exit(main())
