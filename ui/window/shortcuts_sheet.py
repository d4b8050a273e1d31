"""The sheet of all shortcuts, made from the registry."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.actions.registry import MENUS, SPECS, VIEW, menu_of, shortcut_text
from ui.actions.spec import ActionSpec
from ui.vocabulary.action_keys import PANEL_KEYS


class ShortcutsSheet(QDialog):
    """Lists every action that has a shortcut, by menu, in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        rows = [0, 0]
        right = _right_side()
        for menu in MENUS:
            specs = _listed(menu)
            side = int(menu in right)
            heading = QLabel(self.tr(menu).replace("&", ""))
            heading.setProperty("role", "section")
            grid.addWidget(heading, rows[side], 2 * side, 1, 2)
            rows[side] += 1
            for spec in specs:
                is_panel = spec.key is PANEL_KEYS[0]
                shown = self.tr("1 to 6") if is_panel else shortcut_text(spec, all_of_them=True)
                keys = QLabel(shown)
                keys.setProperty("role", "title")
                about = QLabel(
                    self.tr("Choose the active panel") if is_panel else self.tr(spec.about)
                )
                grid.addWidget(keys, rows[side], 2 * side, Qt.AlignmentFlag.AlignRight)
                grid.addWidget(about, rows[side], 2 * side + 1)
                rows[side] += 1
            grid.setRowMinimumHeight(rows[side], 12)
            rows[side] += 1
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(grid)
        column.addWidget(buttons)


def _listed(menu: str) -> list[ActionSpec]:
    """Return a menu's actions with shortcuts; the keys of all panels are one line."""
    return [
        spec
        for spec in SPECS
        if spec.shortcuts and (menu_of(spec) or VIEW) == menu and spec.key not in PANEL_KEYS[1:]
    ]


def _right_side() -> set[str]:
    """Return the menus of the right column, so that both are about as long."""
    lengths = [0, 0]
    sides: tuple[set[str], set[str]] = (set(), set())
    for menu in sorted(MENUS, key=lambda name: -len(_listed(name))):
        shorter = int(lengths[1] < lengths[0])
        sides[shorter].add(menu)
        lengths[shorter] += len(_listed(menu)) + 2
    return sides[1] if MENUS[0] in sides[0] else sides[0]
