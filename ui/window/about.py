"""About memlens: versions and credits."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import QMessageBox, QWidget

import memlens
from memlens.sampling.provenance import installed_versions
from ui.look.icons import icon

_NAMES = {"python": "Python", "torch": "PyTorch", "numpy": "NumPy", "pillow": "Pillow"}


def version_lines(device: str) -> tuple[tuple[str, str], ...]:
    """Return (what, version) of everything that a result depends on; imports none of it.

    Parameters
    ----------
    device
        What the model runs on, "" while none is open.
    """
    lines = [("memlens", memlens.__version__), ("Qt", qVersion())]
    lines += [(_NAMES.get(n, n), v) for n, v in installed_versions() if n != "memlens"]
    if device:
        lines.append(("device", device))
    return tuple(lines)


def about_box(parent: QWidget, device: str) -> QMessageBox:
    """Return the box, not yet open."""
    box = QMessageBox(parent)
    box.setWindowTitle(box.tr("About memlens"))
    box.setAccessibleName(box.tr("About memlens"))
    mark = icon("memlens", box.palette()).pixmap(QSize(56, 56), box.devicePixelRatioF())
    box.setIconPixmap(mark)
    box.setText(f"<b>memlens {memlens.__version__}</b>")
    shows = box.tr(
        "Shows where in a generated picture a diffusion model reproduces its training data, "
        "by the method of Kim & Lee (ICML 2026, arXiv 2605.26756)."
    )
    credits = box.tr(
        "Pictures of the bundled model: Twemoji (CC-BY 4.0) and photographs that ship with "
        "scikit-image. Under the MIT licence."
    )
    lines = "\n".join(f"{name}  {version}" for name, version in version_lines(device)[1:])
    box.setInformativeText(f"{shows}\n\n{lines}\n\n{credits}")
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return box
