"""Which numbers are seeds: what torch's generators take without folding two into one."""

from __future__ import annotations

from memlens.errors import SettingsError

SEEDS = 2**63


def check_seed(seed: int, what: str = "seed") -> None:
    """Raise unless 0 ≤ `seed` < 2⁶³.

    Parameters
    ----------
    what
        What to call it.

    Raises
    ------
    SettingsError
        If it is outside.
    """
    if not 0 <= seed < SEEDS:
        raise SettingsError(f"{what} {seed} cannot be used: choose 0 to 2^63 - 1.")
