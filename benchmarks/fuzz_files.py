"""Damage sessions, masks and journals in every way: each must be read, or refused in a sentence.

Each case is read by the public reader in a child process in an empty folder. It fails if the
reader raises anything but its documented error, dies, takes longer than the timeout, writes or
starts anything, or takes more memory than the limit (the child's address space is held to it
as well). A quick run of 500 cases is the default; the whole one is

    python benchmarks/fuzz_files.py --cases 10000
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "fuzz_files.json"
QUICK_CASES = 500
# A file of a few MB may rightly hold pictures and masks of 8192²: see docs/adr/0012.
LIMIT_MIB = 2048
# Of the processor; by the clock so many times as long.
TIMEOUT_S = 20.0
PATIENCE = 6.0
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: `outcome` is read, refused, or what went wrong."""

    kind: str
    damage: str
    number: int
    outcome: str
    says: str
    seconds: float
    peak_mib: float

    @property
    def failed(self) -> bool:
        """Whether the reader did what it must not."""
        return self.outcome not in ("read", "refused")


class Child:
    """The process that reads, started anew whenever it ended."""

    def __init__(self, folder: Path, limit_mib: int) -> None:
        self._folder, self._limit = folder, limit_mib
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, kind: str, name: str, timeout: float) -> dict[str, Any]:
        """Have a file read; what happened to the process, if it gives no answer."""
        process = self._process or self._started()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{kind} {name}\n".encode())
        process.stdin.flush()
        ready, began, used = [], time.monotonic(), _cpu_seconds(process.pid)
        # On a busy machine the clock runs on while the reader waits for its turn.
        while not ready and (
            _cpu_seconds(process.pid) - used < timeout
            and time.monotonic() - began < PATIENCE * timeout
        ):
            ready, _, _ = select.select([process.stdout], [], [], 1.0)
        line = process.stdout.readline() if ready else b""
        if line:
            answer: dict[str, Any] = json.loads(line)
            return answer
        self.close()
        outcome = f"died ({process.returncode})" if ready else "hangs"
        return {"outcome": outcome, "says": "", "peak_mib": 0.0}

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _started(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--read", str(self._limit)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self._folder,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()
        return self._process


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_all(limit_mib: int) -> None:
    """Read the files named on standard input, one answer a line: what the child does."""
    import resource
    import warnings

    from memlens.errors import JournalError, MaskError, SessionError
    from memlens.files.sessions import load_session
    from memlens.masks.files import read_mask
    from memlens.masks.journal import read_journal

    def read_any_mask(path: Path) -> object:
        return read_mask(path, None)

    readers: dict[str, tuple[Any, type[Exception]]] = {
        "session": (load_session, SessionError),
        "journal": (read_journal, JournalError),
    }
    # As in the tests, except what Pillow says of itself.
    warnings.simplefilter("error")
    for warm in ("warm.memlens", "warm.png", "warm.npy", "warm.json", "warm.journal"):
        reader, _ = readers.get(_kind_of(warm), (read_any_mask, MaskError))
        reader(Path(warm))
    touched: list[str] = []
    sys.addaudithook(lambda event, arguments: _note(touched, event, arguments))
    answers = os.fdopen(os.dup(1), "w")
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        kind, name = line.split()
        reader, refusal = readers.get(kind, (read_any_mask, MaskError))
        before, used = _mark_peak()
        resource.setrlimit(resource.RLIMIT_AS, (used + limit_mib * _MIB, resource.RLIM_INFINITY))
        touched.clear()
        outcome, says = "read", ""
        try:
            reader(Path(name))
        except refusal as error:
            outcome, says = "refused", str(error)
            if "does not fit into memory" in says:
                outcome = "ran out of the limit"
        except BaseException as error:
            outcome, says = f"raised {type(error).__name__}", repr(error)
        if touched:
            outcome, says = "touched", "; ".join(touched)
        peak = (_peak() - before) / _MIB
        if peak > limit_mib:
            outcome = "took too much"
        answer = {"outcome": outcome, "says": says[:500], "peak_mib": round(peak, 1)}
        print(json.dumps(answer), file=answers, flush=True)


def _kind_of(name: str) -> str:
    return {".memlens": "session", ".journal": "journal"}.get(Path(name).suffix, "mask")


def _note(touched: list[str], event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        _, mode, flags = arguments
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC) and "/proc/" not in str(
            arguments[0]
        ):
            touched.append(f"open {arguments[0]!r} {mode}")
    elif event.startswith(("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.sym")):
        touched.append(f"{event} {arguments!r}")
    elif event.startswith(("subprocess", "os.system", "os.exec", "os.fork", "socket", "exec.",
                           "pickle", "shutil", "ctypes.dlopen", "webbrowser")):  # fmt: skip
        touched.append(f"{event} {arguments!r}"[:200])


def _mark_peak() -> tuple[int, int]:
    """Start measuring anew; the bytes resident and reserved now."""
    Path("/proc/self/clear_refs").write_text("5")
    reserved, resident = Path("/proc/self/statm").read_text().split()[:2]
    page = os.sysconf("SC_PAGE_SIZE")
    return int(resident) * page, int(reserved) * page


def _peak() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    raise OSError("the kernel tells no peak")


def run(kinds: list[str], numbers: range, seed: int, limit_mib: int) -> list[Outcome]:
    """Make and read all cases, kind by kind in turn."""
    from tests.support.damage import kinds as damaged
    from tests.support.damage.whole_files import whole_files

    outcomes = []
    with tempfile.TemporaryDirectory(prefix="memlens-fuzz-") as made:
        outer = Path(made)
        folder = outer / "one" / "two"
        folder.mkdir(parents=True)
        for name, data in whole_files().items():
            (folder / name).write_bytes(data)
        child = Child(folder, limit_mib)
        try:
            for number in numbers:
                kind = kinds[number % len(kinds)]
                name, damage = damaged.KINDS[kind]
                how, data = damage(random.Random(f"{seed} {number}"))
                path = folder / name
                path.write_bytes(data)
                expected = {*folder.glob("warm.*"), path, folder, folder.parent}
                began = time.perf_counter()
                answer = child.ask(kind, name, TIMEOUT_S)
                seconds = time.perf_counter() - began
                if {*outer.rglob("*")} != expected or path.read_bytes() != data:
                    answer["outcome"] = "wrote"
                outcomes.append(Outcome(kind, how, number, seconds=seconds, **answer))
                path.unlink()
        finally:
            child.close()
    return outcomes


def table(outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """Sum up by kind."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        by_kind[each.kind].append(each)
    return [
        {
            "kind": kind,
            "cases": len(found),
            "read": sum(each.outcome == "read" for each in found),
            "refused": sum(each.outcome == "refused" for each in found),
            "failed": sum(each.failed for each in found),
            "slowest_s": round(max(each.seconds for each in found), 2),
            "peak_mib": max(each.peak_mib for each in found),
        }
        for kind, found in by_kind.items()
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=QUICK_CASES, help="default: %(default)s")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--kind", action="append", choices=("session", "png", "npy", "coco", "labelme", "journal"),
        help="repeat for several; default: all",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, default=LIMIT_MIB, help="MiB; default: %(default)s")
    parser.add_argument("--json", type=Path, default=RESULTS)
    parser.add_argument("--read", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read is not None:
        read_all(options.read)
        return 0
    from tests.support.damage import kinds as damaged

    kinds = options.kind or list(damaged.KINDS)
    numbers = range(options.first, options.first + options.cases)
    outcomes = run(kinds, numbers, options.seed, options.limit)
    rows = table(outcomes)
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    failures = [asdict(each) for each in outcomes if each.failed]
    for failure in failures[:40]:
        print(failure, file=sys.stderr)
    figures = {
        "seed": options.seed,
        "first": options.first,
        "limit_mib": options.limit,
        "timeout_s": TIMEOUT_S,
        "rows": rows,
        "damages": Counter(f"{each.kind}: {each.damage}: {each.outcome}" for each in outcomes),
        "failures": failures,
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(figures, indent=1, ensure_ascii=True) + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
