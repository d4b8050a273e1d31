"""Disable a control and say why in its tooltip."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def disable(control: QWidget, about: str, reason: str) -> None:
    """Disable `control` for `reason`, or enable it with "".

    Parameters
    ----------
    about
        What the tooltip says of the control in either case.
    """
    control.setEnabled(not reason)
    tip = f"{about}\n{reason}" if reason else about
    if tip != control.toolTip():
        control.setToolTip(tip)
