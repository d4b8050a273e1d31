"""Find controls by name: `load_controls`."""

from __future__ import annotations

from pathlib import Path

from memlens.controls.controls import Controls
from memlens.controls.controls_file import read_controls
from memlens.errors import ControlsError
from memlens.models.sources import DEMO, demo_folder

DEMO_FILE = "controls.zip"


def load_controls(source: str | Path) -> Controls:
    """Load controls.

    Parameters
    ----------
    source
        "demo" for those of the bundled demo model, or a file that `memlens.calibrate` or
        ``memlens-cli calibrate`` wrote.

    Raises
    ------
    ControlsError
        If there are none, or the file is damaged; says how to make them.
    """
    path = Path(source).expanduser()
    if str(source) == DEMO:
        path = demo_folder() / DEMO_FILE
        if not path.is_file():
            raise ControlsError(
                "the demo model brings no controls: make some with "
                "`memlens-cli calibrate demo --bundled --out FILE` and load FILE."
            )
    if not path.is_file():
        raise ControlsError(
            f"there are no controls at {path}: make some with "
            "`memlens-cli calibrate MODEL --bundled --out FILE`."
        )
    return read_controls(path)
