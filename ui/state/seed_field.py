"""The seed field: "7", "0-3" or "0, 4, 9" for one or several runs."""

from __future__ import annotations

import re

from ui.language.translation import tr

MAX_SEED = 2**31 - 1
MAX_RUNS = 64
_PART = re.compile(r"\s*(\d+)\s*(?:[-–…]\s*(\d+)\s*)?")


def parse_seeds(text: str) -> tuple[int, ...]:
    """Return the seeds in the order written, each once.

    Raises
    ------
    ValueError
        With a sentence for the person.
    """
    found: dict[int, None] = {}
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(tr("Seeds: type numbers such as 7, 0-3 or 0, 4, 9."))
        first = int(match[1])
        last = int(match[2]) if match[2] else first
        if max(first, last) > MAX_SEED:
            raise ValueError(tr("Seeds: {n} is the largest.").format(n=MAX_SEED))
        if last < first:
            raise ValueError(
                tr("Seeds: {first}-{last} runs backwards.").format(first=first, last=last)
            )
        if last - first >= MAX_RUNS:
            raise ValueError(_too_many())
        found.update(dict.fromkeys(range(first, last + 1)))
        if len(found) > MAX_RUNS:
            raise ValueError(_too_many())
    return tuple(found)


def _too_many() -> str:
    return tr("Seeds: {n} runs at once are the most.").format(n=MAX_RUNS)
