"""What the controller holds, for tests of what no view shows."""

from __future__ import annotations

from ui.control.inspection import Inspection
from ui.control.inspection_state import InspectionState


def state_of(control: Inspection) -> InspectionState:
    """Return all that the controller holds."""
    return control._state
