"""The masks section: list, tools, brush, edits, finding, comparing."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from memlens.masks.kinds import KINDS
from memlens.masks.wand import MAX_TOLERANCE
from ui.actions.masks import KIND_KEYS, TOOL_KEYS
from ui.actions.registry import Actions
from ui.panels.consensus_box import ConsensusBox
from ui.panels.mask_comparison_box import MaskComparisonBox
from ui.panels.mask_finding_box import MaskFindingBox
from ui.panels.mask_list import MaskList
from ui.view.masks import MasksView
from ui.vocabulary.action_keys import ActionKey as Key
from ui.widgets.disabling import disable
from ui.widgets.eliding_choice import ElidingChoice
from ui.widgets.segmented import Segmented

_EDITS = (
    Key.INVERT_MASK,
    Key.CLEAR_MASK,
    Key.GROW_MASK,
    Key.SHRINK_MASK,
    Key.SMOOTH_MASK,
    Key.LARGEST_REGION,
    Key.DROP_SMALL,
)
_FINDS = (
    Key.FIND_IN_MAP,
    Key.FIND_IN_TRAINING,
    Key.FIND_IN_PAIR,
    Key.FIND_IN_SEEDS,
    Key.CONSENSUS,
    Key.IMPORT_MASK,
)
_COMBINES = (Key.MERGE_MASKS, Key.INTERSECT_MASKS, Key.SUBTRACT_MASKS)
_SLIDER = 1000
_ICON = QSize(20, 20)


class MasksSection(QWidget):
    """Every control shows the view; changing one asks for another view.

    Parameters
    ----------
    actions
        The registry: buttons do, and look as, its actions.

    Signals
    -------
    begun(QWidget)
        The box of a finding or a comparison that was just begun.
    """

    radius_chosen = Signal(float)
    adds_chosen = Signal(bool)
    kind_chosen = Signal(str)
    tolerance_chosen = Signal(float)
    tint_chosen = Signal(float)
    pin_chosen = Signal(int)
    begun = Signal(QWidget)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._view: MasksView | None = None
        self.list = MaskList(self)
        self.kind = QComboBox(self)
        self.pinned = ElidingChoice(self)
        self.radius = QSlider(Qt.Orientation.Horizontal, self)
        self.radius_words = QLabel(self)
        self.tolerance = QSlider(Qt.Orientation.Horizontal, self)
        self.tolerance_words = QLabel(self)
        self.tint_amount = QSlider(Qt.Orientation.Horizontal, self)
        self.tint_words = QLabel(self)
        self.adds = Segmented(
            self.tr("Shapes"),
            (
                (True, self.tr("Add"), self.tr("Shapes are added to the mask (X changes it).")),
                (False, self.tr("Remove"), self.tr("Shapes are taken from the mask.")),
            ),
            self,
        )
        self.empty = QLabel(self)
        self.empty.setWordWrap(True)
        self.find_button = self._menu_button(self.tr("Find"), "find-mask", _FINDS)
        self.edit_button = self._menu_button(self.tr("Edit"), "edit-mask", _EDITS)
        self.finding = MaskFindingBox(self)
        self.consensus = ConsensusBox(self)
        self.comparison = MaskComparisonBox(self)
        self._dress()
        self._arrange()

    def show_view(self, view: MasksView) -> None:
        """Show the masks; what is the same object as before costs nothing."""
        if view is self._view:
            return
        self._view = view
        self.empty.setText(view.empty or view.advice)
        self.empty.setVisible(bool(view.empty or view.advice))
        self.list.show_rows(view.rows)
        active = next((row for row in view.rows if row.active), None)
        none = self.tr("No mask is active.") if active is None else ""
        locked = next((row.name for row in view.rows if row.selected and row.locked), "")
        if locked:
            none = self.tr("“{0}” is locked: unlock it first.").format(locked)
        disable(self.kind, self.tr("What the selected masks are."), none)
        self.kind.setCurrentIndex(-1 if active is None else self.kind.findData(active.kind))
        self._show_pinned(view)
        _slide(self.radius, _place(view.radius, view.largest_radius))
        _slide(self.tolerance, round(view.tolerance))
        _slide(self.tint_amount, round(100 * view.tint))
        self.tolerance_words.setText(str(round(view.tolerance)))
        self.tint_words.setText(f"{view.tint:.0%}")
        self.radius_words.setText(self.tr("{0:g} px").format(2 * view.radius))
        self.adds.show_choice(view.adds)
        for key, tool in TOOL_KEYS.items():
            self._actions[key].setChecked(tool is view.tool)
        for key, kind in KIND_KEYS.items():
            self._actions[key].setChecked(active is not None and active.kind == kind)
        chosen = [row for row in view.rows if row.selected]
        self._actions[Key.LOCK_MASK].setChecked(bool(chosen) and all(r.locked for r in chosen))
        self._actions[Key.SOLO_MASK].setChecked(view.solo)
        self._actions[Key.TINT_MASKS].setChecked(view.tint > 0)
        begun = [
            box
            for box, now in (
                (self.finding, view.finding),
                (self.consensus, view.consensus),
                (self.comparison, view.comparison),
            )
            if now is not None and box.isHidden()
        ]
        self.finding.setVisible(view.finding is not None)
        if view.finding is not None:
            self.finding.show_view(view.finding)
        self.consensus.setVisible(view.consensus is not None)
        if view.consensus is not None:
            self.consensus.show_view(view.consensus)
        self.comparison.setVisible(view.comparison is not None)
        if view.comparison is not None:
            self.comparison.show_view(view.comparison, view.rows)
        for box in begun:
            self.begun.emit(box)

    def tint(self, make_icon: Callable[[str], object]) -> None:
        """Draw the icons of the menus' buttons anew."""
        for button, name in ((self.find_button, "find-mask"), (self.edit_button, "edit-mask")):
            button.setIcon(make_icon(name))  # type: ignore[arg-type]

    def _show_pinned(self, view: MasksView) -> None:
        choices = [(row.id, row.name) for row in view.rows]
        places = range(self.pinned.count())
        if [(self.pinned.itemData(i), self.pinned.itemText(i)) for i in places] != choices:
            self.pinned.clear()
            for mask, name in choices:
                self.pinned.addItem(name, mask)
        chosen = next((row.id for row in view.rows if row.pinned), None)
        self.pinned.setCurrentIndex(-1 if chosen is None else self.pinned.findData(chosen))
        tip = self.tr("The mask that maps are compared with, whichever is drawn: it is pinned.")
        disable(self.pinned, tip, "" if choices else self.tr("There is no mask yet."))

    def _dress(self) -> None:
        for kind in KINDS:
            self.kind.addItem(self.tr(kind), kind)
        for box, name, tip in (
            (self.kind, self.tr("Kind"), self.tr("What the selected masks are.")),
            (
                self.pinned,
                self.tr("Maps compared with"),
                self.tr("The mask that maps are compared with, whichever is drawn: it is pinned."),
            ),
        ):
            box.setAccessibleName(name)
            box.setToolTip(tip)
            box.setMinimumContentsLength(8)
        self.kind.activated.connect(
            lambda place: self.kind_chosen.emit(str(self.kind.itemData(place)))
        )
        self.pinned.activated.connect(
            lambda place: self.pin_chosen.emit(self.pinned.itemData(place))
        )
        self.radius.setRange(0, _SLIDER)
        self.radius.setAccessibleName(self.tr("Brush size"))
        self.radius.setToolTip(self.tr("Diameter of brush and eraser: [ ] or Alt+wheel."))
        for words in (self.radius_words, self.tolerance_words, self.tint_words):
            words.setMinimumWidth(self.fontMetrics().horizontalAdvance("1024 px"))
            words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.tolerance.setRange(0, round(MAX_TOLERANCE))
        self.tolerance.setAccessibleName(self.tr("Tolerance of the magic wand"))
        self.tolerance.setToolTip(
            self.tr(
                "How far colours may be from the one touched, in levels: drag the wand, or [ ]."
            )
        )
        self.tolerance.valueChanged.connect(lambda value: self.tolerance_chosen.emit(float(value)))
        self.tint_amount.setRange(0, 100)
        self.tint_amount.setAccessibleName(self.tr("Tint of masks"))
        self.tint_amount.setToolTip(self.tr("How opaque masks are filled with their colours."))
        self.tint_amount.valueChanged.connect(lambda value: self.tint_chosen.emit(value / 100))
        self.radius.valueChanged.connect(self._radius_moved)
        self.adds.chosen.connect(self.adds_chosen.emit)

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for key in TOOL_KEYS:
            tools.addWidget(self._button(key))
        tools.addStretch(1)
        buttons, together = QHBoxLayout(), QHBoxLayout()
        buttons.setSpacing(2)
        together.setSpacing(2)
        for key in (Key.ADD_MASK, Key.DUPLICATE_MASK, Key.DELETE_MASK):
            buttons.addWidget(self._button(key))
        buttons.addStretch(1)
        for key in (Key.LOCK_MASK, Key.SOLO_MASK, Key.ZOOM_TO_MASK, *_COMBINES):
            together.addWidget(self._button(key))
        together.addStretch(1)
        buttons.addWidget(self.find_button)
        buttons.addWidget(self.edit_button)
        buttons.addWidget(self._button(Key.COMPARE_MASKS))
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Brush"), _row(self.radius, self.radius_words))
        form.addRow(self.tr("Tolerance"), _row(self.tolerance, self.tolerance_words))
        form.addRow(self.tr("Tint"), _row(self.tint_amount, self.tint_words))
        form.addRow(self.tr("Shapes"), self.adds)
        form.addRow(self.tr("Kind"), self.kind)
        pinned = QHBoxLayout()
        pinned.setSpacing(2)
        pinned.addWidget(self.pinned, 1)
        pinned.addWidget(self._button(Key.PIN_MASK))
        form.addRow(self.tr("Compare maps"), pinned)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(tools)
        column.addWidget(self.empty)
        column.addWidget(self.list)
        column.addLayout(buttons)
        column.addLayout(together)
        column.addWidget(self.finding)
        column.addWidget(self.consensus)
        column.addWidget(self.comparison)
        column.addLayout(form)

    def _button(self, key: Key) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(self._actions[key])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setIconSize(_ICON)
        button.setAutoRaise(True)
        button.setAccessibleName(self._actions[key].text().replace("&", ""))
        return button

    def _menu_button(self, words: str, icon_name: str, keys: tuple[Key, ...]) -> QToolButton:
        menu = QMenu(self)
        for key in keys:
            menu.addAction(self._actions[key])
        button = QToolButton(self)
        button.setObjectName(icon_name)
        button.setText(words)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(_ICON)
        button.setAutoRaise(True)
        button.setAccessibleName(words)
        button.setToolTip(self.tr("{0} a mask").format(words))
        return button

    def _radius_moved(self, place: int) -> None:
        if self._view is not None:
            self.radius_chosen.emit(_radius(place, self._view.largest_radius))


def _row(slider: QSlider, words: QLabel) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(slider, 1)
    row.addWidget(words)
    return row


def _slide(slider: QSlider, place: int) -> None:
    """Show a value, but for what the hand is at."""
    if not slider.isSliderDown() and slider.value() != place:
        blocked = slider.blockSignals(True)
        slider.setValue(place)
        slider.blockSignals(blocked)


def _place(radius: float, largest: float) -> int:
    """Return where a radius is on the slider: small brushes get most of its way."""
    return round(_SLIDER * math.sqrt(min(radius, largest) / largest))


def _radius(place: int, largest: float) -> float:
    return max(0.5, round(2 * largest * (place / _SLIDER) ** 2) / 2)
