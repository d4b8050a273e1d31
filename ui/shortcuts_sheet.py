"""The sheet of all shortcuts, made from the registry."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.action_keys import PANEL_KEYS
from ui.actions import MENUS, SPECS, VIEW, shortcut_text


class ShortcutsSheet(QDialog):
    """Lists every action that has a shortcut, by menu, in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        rows = [0, 0]
        for menu in MENUS:
            specs = [s for s in SPECS if s.shortcuts and (s.menu or VIEW) == menu]
            side = 0 if rows[0] <= rows[1] else 1
            heading = QLabel(self.tr(menu).replace("&", ""))
            heading.setProperty("role", "section")
            grid.addWidget(heading, rows[side], 2 * side, 1, 2)
            rows[side] += 1
            for spec in specs:
                if spec.key in PANEL_KEYS[1:]:
                    continue
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
