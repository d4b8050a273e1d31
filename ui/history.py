"""History: the runs of this window, each with its trajectory, maps and masks. No Qt."""

from __future__ import annotations

from collections.abc import Iterator

from ui.results import Run

MEMORY_CAP = 2**30


class History:
    """Runs in the order they began, within a limit of memory.

    Over the limit the oldest run goes, but never one that is shown, still sampling, or holds
    mask edits that no file has.

    Parameters
    ----------
    cap
        Bytes that all runs together may take.
    """

    def __init__(self, cap: int = MEMORY_CAP) -> None:
        self.cap = cap
        self._runs: dict[int, Run] = {}
        self._dropped: set[int] = set()

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs.values())

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def dropped(self) -> frozenset[int]:
        """Numbers of all runs that were let go."""
        return frozenset(self._dropped)

    def add(self, run: Run) -> None:
        """Keep a run."""
        self._runs[run.number] = run

    def get(self, number: int) -> Run | None:
        """Return a run, None if it never was or was let go."""
        return self._runs.get(number)

    def neighbour(self, number: int, offset: int) -> Run | None:
        """Return the run `offset` places after a run (negative: before), None past the ends."""
        numbers = list(self._runs)
        if number not in self._runs:
            return None
        place = numbers.index(number) + offset
        return self._runs[numbers[place]] if 0 <= place < len(numbers) else None

    def make_room(self, *needed: int) -> bool:
        """Drop the oldest runs over the limit, but none of `needed`; whether any was dropped."""
        sizes = {number: run.nbytes for number, run in self._runs.items()}
        total, before = sum(sizes.values()), len(self._runs)
        for number, size in sizes.items():
            if total <= self.cap:
                break
            if number in needed or self._runs[number].unsaved_masks:
                continue
            del self._runs[number]
            self._dropped.add(number)
            total -= size
        return len(self._runs) < before
