"""RunHistory: the runs of this window, each with its trajectory, maps and masks. No Qt."""

from __future__ import annotations

from collections.abc import Iterator

from ui.state.run import Run

MEMORY_CAP = 2**30


class RunHistory:
    """Runs in the order of the strip, and how much memory they take.

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
        """Numbers of all runs whose trajectories were let go, and did not come back."""
        return frozenset(self._dropped)

    def add(self, run: Run, place: int | None = None) -> None:
        """Keep a run, at the end unless a place is given."""
        self._dropped.discard(run.number)
        others = [(number, other) for number, other in self._runs.items() if other is not run]
        others.insert(len(others) if place is None else place, (run.number, run))
        self._runs = dict(others)

    def get(self, number: int) -> Run | None:
        """Return a run, None if it never was or was let go."""
        return self._runs.get(number)

    def place_of(self, number: int) -> int:
        """Return where in the strip a run is."""
        return list(self._runs).index(number)

    def neighbour(self, number: int, offset: int) -> Run | None:
        """Return the run `offset` places after a run (negative: before), None past the ends."""
        numbers = list(self._runs)
        if number not in self._runs:
            return None
        place = numbers.index(number) + offset
        return self._runs[numbers[place]] if 0 <= place < len(numbers) else None

    def take_out(self, number: int) -> Run:
        """Take a run out of the strip; its trajectory is still wanted."""
        return self._runs.pop(number)

    def let_go(self, *numbers: int) -> None:
        """Note that the trajectories of runs are wanted no more."""
        self._dropped.update(numbers)

    def want(self, number: int) -> None:
        """Note that the trajectory of a run is wanted again."""
        self._dropped.discard(number)

    def clear(self) -> None:
        """Let go of all runs."""
        self.let_go(*self._runs)
        self._runs.clear()

    def over_limit(self, *needed: int) -> tuple[Run, ...]:
        """Return the oldest runs that must be stowed for the rest to be within the limit.

        Never a pinned one, one of `needed`, one that is stowed, or one still sampling.
        """
        sizes = {number: run.nbytes for number, run in self._runs.items()}
        total, found = sum(sizes.values()), []
        for number, run in self._runs.items():
            if total <= self.cap:
                break
            if number in needed or run.pinned or run.stowed or run.trajectory is None:
                continue
            found.append(run)
            total -= sizes[number]
        return tuple(found)
