"""ReadingRow: one number as the window shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """One number.

    Attributes
    ----------
    value
        With error and unit, "" where it is not computed.
    detail
        Of what it is: all steps, or which one; and its value here.
    about
        For the tooltip: what it is, and its provenance.
    can_compute
        Whether the button stands in for the value.
    computing
        Whether it is being computed.
    reason
        Why it cannot be computed now, "" when it can.
    """

    key: str
    label: str
    value: str
    detail: str
    about: str
    can_compute: bool = False
    computing: bool = False
    reason: str = ""
