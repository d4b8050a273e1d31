"""The consensus that is being made: whose masks vote, by which rule, and what comes of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.view.masks import ConsensusView, Voter
from ui.widgets.disabling import disable
from ui.widgets.segmented import Segmented

_ID = Qt.ItemDataRole.UserRole
_MOST_ROWS = 8


class ConsensusBox(QFrame):
    """Shows a `ConsensusView`; another choice asks for another preview.

    Signals
    -------
    rule_chosen(str)
        One of `ui.jobs.find_mask.CONSENSUS`.
    voters_chosen(object)
        Ids of the masks that vote.
    accepted(), abandoned()
        Add what is shown as a mask; or do not.
    """

    rule_chosen = Signal(str)
    voters_chosen = Signal(object)
    accepted = Signal()
    abandoned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._view: ConsensusView | None = None
        self._voters: tuple[Voter, ...] = ()
        self.title = QLabel(self.tr("Consensus of annotators"), self)
        self.voters = QListWidget(self)
        self.voters.setAccessibleName(self.tr("Annotators"))
        self.voters.setToolTip(
            self.tr("Whose masks vote. A ground truth and another consensus do not.")
        )
        self.rule = Segmented(
            self.tr("Rule"),
            (
                ("majority", self.tr("Majority"), self.tr("More than half of them hold it.")),
                ("intersection", self.tr("All"), self.tr("All of them hold it.")),
                ("union", self.tr("Any"), self.tr("Any of them holds it.")),
            ),
            self,
        )
        self.found = QLabel(self)
        self.found.setWordWrap(True)
        self.accept_button = QPushButton(self.tr("Accept"), self)
        self.accept_button.setToolTip(self.tr("Add it as a mask."))
        self.abandon_button = QPushButton(self.tr("Abandon"), self)
        self.abandon_button.setToolTip(self.tr("Make no consensus."))
        buttons = QHBoxLayout()
        buttons.addWidget(self.found, 1)
        buttons.addWidget(self.abandon_button)
        buttons.addWidget(self.accept_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.voters)
        column.addWidget(self.rule)
        column.addLayout(buttons)
        self.voters.itemChanged.connect(self._chosen)
        self.rule.chosen.connect(lambda rule: self.rule_chosen.emit(str(rule)))
        self.accept_button.clicked.connect(lambda: self.accepted.emit())
        self.abandon_button.clicked.connect(lambda: self.abandoned.emit())

    def show_view(self, view: ConsensusView) -> None:
        """Show the consensus as it is now."""
        if view is self._view:
            return
        self._view = view
        if view.voters != self._voters:
            self._show_voters(view.voters)
        self.rule.show_choice(view.rule)
        self.found.setText(view.found)
        nothing = "" if view.can_accept else self.tr("There is nothing to accept yet.")
        disable(self.accept_button, self.tr("Add it as a mask."), nothing)

    def _show_voters(self, voters: tuple[Voter, ...]) -> None:
        blocked = self.voters.blockSignals(True)
        if [voter.id for voter in voters] != [voter.id for voter in self._voters]:
            self.voters.clear()
            for voter in voters:
                item = QListWidgetItem(voter.name)
                item.setData(_ID, voter.id)
                self.voters.addItem(item)
        for place, voter in enumerate(voters):
            item = self.voters.item(place)
            item.setText(voter.name)
            item.setCheckState(Qt.CheckState.Checked if voter.votes else Qt.CheckState.Unchecked)
        self.voters.blockSignals(blocked)
        self._voters = voters
        row = self.voters.sizeHintForRow(0) if voters else 0
        shown = min(max(2, len(voters)), _MOST_ROWS)
        self.voters.setFixedHeight(shown * row + 2 * self.voters.frameWidth() + 2)

    def _chosen(self) -> None:
        items = (self.voters.item(row) for row in range(self.voters.count()))
        chosen = [item.data(_ID) for item in items if item.checkState() is Qt.CheckState.Checked]
        self.voters_chosen.emit(tuple(chosen))
