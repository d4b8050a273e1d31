"""The right column: sections that fold, such as display and agreement."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.panels.agreement import AgreementSection
from ui.panels.display import DisplaySection
from ui.view.view_state import CanvasView, InspectView
from ui.widgets.section import Section

FOLDED_AT_FIRST = ("scale", "readings")
"""Sections that a newcomer does not need: folded until somebody opens them."""


class InspectPanel(QScrollArea):
    """Draws an `InspectView`, and of a `CanvasView` how the panels are drawn.

    The canvas view is passed beside its own because colormap, opacity and the like are facts of
    the canvas, and the histogram shows the map of the canvas' active panel: one source for each.

    Signals
    -------
    display_chosen(DisplayChoice)
        How maps are drawn is to be changed.
    """

    display_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Inspect"))
        inside = QWidget(self)
        inside.setBackgroundRole(QPalette.ColorRole.Window)
        self.display = DisplaySection(inside)
        self.agreement = AgreementSection(inside)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(12, 0, 12, 4)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.sections: list[Section] = []
        self.insert_section(self.tr("Agreement"), self.agreement, key="agreement")
        self.insert_section(self.tr("Display"), self.display, key="display")
        self.insert_section(self.tr("Scale and units"), self.display.finer, key="scale")
        self.display.chosen.connect(self.display_chosen)
        self.agreement.display_chosen.connect(self.display_chosen)

    def show_view(self, view: InspectView, canvas: CanvasView) -> None:
        """Draw both views; what is the same object as before costs nothing."""
        self.display.show_view(view, canvas)
        self.agreement.show_view(view, canvas)

    def insert_section(
        self, title: str, content: QWidget, *, key: str = "", before: str = "agreement"
    ) -> Section:
        """Put another section into the column.

        Parameters
        ----------
        title
            Words of its title.
        content
            What it holds.
        key
            Names it where it is remembered which sections are folded; the title if empty.
        before
            Key of the section that it comes before; one that is not there means the last place.
        """
        section = Section(key or title, title, content, self.widget())
        keys = [other.key for other in self.sections]
        place = keys.index(before) if before in keys else len(keys)
        self.sections.insert(place, section)
        self._column.insertWidget(place, section)
        for other in self.sections:
            other.head.rule(other is not self.sections[0])
        self._order_tabs()
        return section

    def reveal(self, widget: QWidget) -> None:
        """Unfold the section that holds `widget`, and scroll to it."""
        for section in self.sections:
            if section.isAncestorOf(widget):
                section.fold(False)
        # Its place is known only once the column is laid out anew.
        QTimer.singleShot(0, widget, lambda: self.ensureWidgetVisible(widget, 0, 8))

    def folded_sections(self) -> list[str]:
        """Return the keys of the sections that are folded away."""
        return [section.key for section in self.sections if section.is_folded]

    def fold_sections(self, keys: Iterable[str]) -> None:
        """Fold the sections with these keys away, and show all others."""
        folded = set(keys)
        for section in self.sections:
            section.fold(section.key in folded)

    def _order_tabs(self) -> None:
        """Let Tab go down the column, whenever its sections were put in."""
        stops: list[QWidget] = []
        for section in self.sections:
            walked = section.nextInFocusChain()
            while walked is not None and walked is not section:
                # Qt leaves the order alone where one of two cannot have the focus.
                reachable = walked.focusPolicy() != Qt.FocusPolicy.NoFocus
                if reachable and section.isAncestorOf(walked):
                    stops.append(walked)
                walked = walked.nextInFocusChain()
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    def sizeHint(self) -> QSize:
        """Wide enough for the table."""
        return QSize(344, 640)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the controls."""
        return QSize(344, 200)
