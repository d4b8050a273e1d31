"""The left column: model, baseline, prompt and the settings of the next run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.actions.registry import with_shortcut
from ui.look.icons import icon
from ui.panels.machine_choice import MachineChoice
from ui.panels.noise_choice import NoiseChoice
from ui.panels.prompt_box import PromptBox
from ui.view.setup import OTHERS
from ui.view.view_state import SetupView
from ui.vocabulary.action_keys import ActionKey
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.number_box import DecimalBox, NumberBox

_FIELD_HEIGHT = 26


class SetupPanel(QWidget):
    """Shows a `SetupView`; its signals are requests."""

    model_requested = Signal()
    baseline_chosen = Signal(str)
    baseline_requested = Signal(str)
    prompt_changed = Signal(str)
    seeds_changed = Signal(str)
    new_seed_requested = Signal()
    steps_changed = Signal(int)
    guidance_scale_changed = Signal(float)
    estimator_chosen = Signal(str)
    probes_changed = Signal(int)
    prefetch_chosen = Signal(bool)
    run_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Setup"))
        self._view: SetupView | None = None
        self.machine = MachineChoice()
        self.noise = NoiseChoice()
        self._make_model()
        self._make_prompt()
        self._make_settings()
        self._make_buttons()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._heading(self.tr("Model")))
        column.addLayout(self._model_row)
        column.addLayout(self._facts)
        column.addSpacing(8)
        column.addWidget(self._heading(self.tr("Less-trained baseline")))
        column.addWidget(self._baseline)
        column.addSpacing(8)
        column.addWidget(self._heading(self.tr("Prompt")))
        column.addWidget(self._prompt)
        column.addWidget(self._tokens)
        column.addLayout(self._chips)
        column.addSpacing(8)
        column.addWidget(self._heading(self.tr("Sampling")))
        column.addLayout(self._sampling)
        column.addSpacing(8)
        column.addWidget(self._heading(self.tr("Curvature")))
        column.addLayout(self._curvature)
        column.addSpacing(8)
        column.addWidget(self._heading(self.tr("Machine")))
        column.addWidget(self.machine)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(self._foot)
        self.setMinimumWidth(288)

    def show_view(self, view: SetupView) -> None:
        """Show `view`; what is being edited is left alone where it says the same."""
        if view == self._view:
            return
        before, self._view = self._view, view
        if before is None or before.model_facts != view.model_facts:
            self._show_facts(view.model_facts)
        opening = self.tr("Opening {name} …").format(name=view.model_name)
        nothing = self.tr("No model is open")
        self._model.setText(opening if view.model_loading else view.model_name or nothing)
        self.machine.show_view(view)
        self._baseline.show_choices(view.baselines, view.baseline)
        if self._prompt.toPlainText() != view.prompt:
            self._prompt.setPlainText(view.prompt)
        # While a new prompt is counted the last count stays: a line that blinks is worse.
        if view.tokens or not view.prompt.strip():
            self._tokens.setText(view.tokens)
            self._tokens.setProperty("role", "warning" if view.too_long else "quiet")
            self._tokens.style().polish(self._tokens)
        if before is None or before.prompts != view.prompts:
            self._show_prompts(view.prompts)
        self._steps.setMaximum(view.max_steps)
        self._probes.setMaximum(view.max_probes)
        for box, value in (
            (self._steps, view.steps),
            (self._probes, view.probes),
        ):
            if box.value() != value:
                box.setValue(value)
        if self._seed.text() != view.seeds:
            self._seed.setText(view.seeds)
        self.noise.show_view(view)
        self._prefetch.setChecked(view.prefetch)
        if self._guidance.value() != view.guidance_scale:
            self._guidance.setValue(view.guidance_scale)
        self._estimator.show_choices(
            tuple((key, label, "") for key, label in view.estimators), view.estimator
        )
        exact = view.estimator == "exact"
        self._probes.setEnabled(not exact)
        self._probes.setToolTip(
            self.tr("Exact needs no probes")
            if exact
            else self.tr("Random ±1 vectors per curvature map; more means a smaller error")
        )
        self._run.setEnabled(not view.disabled_reason)
        self._run.setToolTip(
            view.disabled_reason
            or with_shortcut(self.tr("Sample the prompt and localize"), ActionKey.RUN)
        )
        self._show_expected(view.expected_seconds, view.disabled_reason)

    def show_busy(self, busy: bool, reason: str) -> None:
        """Say whether there is something to cancel."""
        self._cancel.setEnabled(busy)
        self._cancel.setToolTip(
            with_shortcut(self.tr("Stop what runs; what came so far stays"), ActionKey.CANCEL)
            if busy
            else reason
        )

    def take_typed(self) -> None:
        """Take what stands in the number fields, though the focus is still in one of them."""
        for box in (self._steps, self._guidance, self._probes):
            box.interpretText()

    def focus_prompt(self) -> None:
        """Put the cursor into the prompt."""
        self._prompt.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._prompt.selectAll()

    def tint(self) -> None:
        """Draw the icons in the palette's colours."""
        self._dice.setIcon(icon("dice", self.palette()))

    def _make_model(self) -> None:
        self._model = QLabel()
        self._model.setProperty("role", "title")
        self._model.setAccessibleName(self.tr("Open model"))
        self._model.setToolTip(self.tr("The model under inspection"))
        change = QPushButton(self.tr("Change …"))
        change.setToolTip(self.tr("Open another model (Ctrl+M)"))
        change.setAccessibleName(self.tr("Change the model"))
        change.clicked.connect(self.model_requested)
        self._model_row = QHBoxLayout()
        self._model_row.addWidget(self._model, 1)
        self._model_row.addWidget(change)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(2)
        self._facts.setColumnStretch(1, 1)
        self._baseline = ChoiceBox(
            self.tr("Less-trained baseline"),
            self.tr("The underfitted model subtracted in Δh_θ̃ and Δs_θ̃; ∅ needs none"),
        )
        self._baseline.activated.connect(self._choose_baseline)

    def _make_prompt(self) -> None:
        self._prompt = PromptBox()
        self._prompt.setPlaceholderText(self.tr("What the picture should show"))
        self._prompt.setAccessibleName(self.tr("Prompt"))
        self._prompt.setToolTip(self.tr("The prompt of the next run (Ctrl+L)"))
        self._prompt.textChanged.connect(
            lambda: self.prompt_changed.emit(self._prompt.toPlainText())
        )
        self._tokens = QLabel()
        self._tokens.setWordWrap(True)
        self._tokens.setAccessibleName(self.tr("Length of the prompt"))
        self._chips = QHBoxLayout()
        self._chips.setSpacing(4)

    def _make_settings(self) -> None:
        self._seed = QLineEdit()
        self._dice = QToolButton()
        self._dice.setAutoRaise(True)
        self._dice.setAccessibleName(self.tr("Another seed"))
        self._dice.setToolTip(self.tr("Take another seed"))
        self._dice.clicked.connect(self.new_seed_requested)
        self._steps = NumberBox()
        self._steps.setRange(1, 1000)
        self._guidance = DecimalBox()
        self._guidance.setRange(0.0, 50.0)
        self._guidance.setSingleStep(0.5)
        self._guidance.setDecimals(2)
        self._estimator = ChoiceBox(self.tr("Estimator"), self.tr("How curvature is estimated"))
        self._probes = NumberBox()
        self._probes.setRange(1, SetupView().max_probes)
        self._prefetch = QCheckBox(self.tr("Compute ahead when idle"))
        self._prefetch.setAccessibleName(self.tr("Compute ahead when idle"))
        self._prefetch.setToolTip(
            self.tr(
                "Computes the neighbours of the shown step while nothing else runs; "
                "gives way at once, and waits where one network call takes long"
            )
        )
        self._sampling = self._form()
        seed = QHBoxLayout()
        seed.setSpacing(4)
        seed.addWidget(self._seed, 1)
        seed.addWidget(self._dice)
        self._sampling.addRow(self.tr("Seeds"), seed)
        self._sampling.addRow(self.tr("Drawn as on"), self.noise)
        self._sampling.addRow(self.tr("Steps"), self._steps)
        self._sampling.addRow(self.tr("Guidance"), self._guidance)
        self._curvature = self._form()
        self._curvature.addRow(self.tr("Estimator"), self._estimator)
        self._curvature.addRow(self.tr("Probes"), self._probes)
        self._curvature.addRow(self._prefetch)
        for widget, name, tip in (
            (
                self._seed,
                self.tr("Seeds"),
                self.tr(
                    "Each draws the noise that a run starts from: 7 for one run, "
                    "0-3 or 0, 4, 9 for several, one after the other"
                ),
            ),
            (self._steps, self.tr("Steps"), self.tr("Length of the sampling schedule")),
            (self._guidance, self.tr("Guidance scale"), self.tr("Weight of the prompt")),
            (self._probes, self.tr("Probes"), ""),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
            widget.setMinimumHeight(_FIELD_HEIGHT)
        self._seed.textEdited.connect(self.seeds_changed)
        self._prefetch.toggled.connect(self.prefetch_chosen)
        self._steps.valueChanged.connect(self.steps_changed)
        self._guidance.valueChanged.connect(self.guidance_scale_changed)
        self._probes.valueChanged.connect(self.probes_changed)
        self._estimator.activated.connect(
            lambda index: self.estimator_chosen.emit(self._estimator.itemData(index))
        )

    def _make_buttons(self) -> None:
        self._run = QPushButton(self.tr("Run"))
        self._run.setProperty("role", "primary")
        self._run.setAccessibleName(self.tr("Run"))
        self._run.clicked.connect(self.run_requested)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setAccessibleName(self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel_requested)
        self._expected = QLabel()
        self._expected.setProperty("role", "quiet")
        self._expected.setWordWrap(True)
        self._expected.setAccessibleName(self.tr("Expected time"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._run, 1)
        row.addWidget(self._cancel)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(16, 8, 16, 12)
        self._foot.setSpacing(6)
        self._foot.addWidget(self._expected)
        self._foot.addLayout(row)

    def _show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, (name, value) in enumerate(facts):
            left, right = QLabel(name), QLabel(value)
            left.setProperty("role", "quiet")
            right.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(left, row, 0)
            self._facts.addWidget(right, row, 1)

    def _show_prompts(self, prompts: tuple[tuple[str, str], ...]) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # it is deleted only once the event loop is idle
                widget.deleteLater()
        for label, prompt in prompts:
            chip = QPushButton(label)
            chip.setProperty("role", "chip")
            chip.setToolTip(prompt)
            chip.setAccessibleName(self.tr("Try the prompt: {prompt}").format(prompt=prompt))
            chip.clicked.connect(lambda _=False, text=prompt: self._prompt.setPlainText(text))
            self._chips.addWidget(chip)
        self._chips.addStretch(1)

    def _show_expected(self, seconds: float | None, reason: str) -> None:
        text = reason
        if not text and seconds is not None:
            shown = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
            about = self.tr("About {time} with these settings").format(time=shown)
            text = about if seconds >= 1 else self.tr("Less than a second with these settings")
        self._expected.setText(text)
        self._expected.setVisible(bool(text))

    def _choose_baseline(self, index: int) -> None:
        key = self._baseline.itemData(index)
        if key in OTHERS:
            self._baseline.setCurrentIndex(
                self._baseline.findData(self._view.baseline if self._view else "")
            )
            self.baseline_requested.emit(key)
        else:
            self.baseline_chosen.emit(key)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        return form

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("role", "section")
        return label
