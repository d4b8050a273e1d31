"""The window's part in masks: section, tools, dialogs, and when the hand rests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from memlens.masks.combining import Combination
from memlens.masks.edits import Clear, DropSmall, Grow, Invert, LargestRegion, Shrink, Smooth
from ui.actions.masks import KIND_KEYS, TOOL_KEYS
from ui.actions.registry import Actions
from ui.control.masks.masking import Masking
from ui.control.path_kind import PICTURE_SUFFIXES
from ui.language.translation import tr
from ui.look.icons import icon
from ui.panels.canvas import CanvasPanel
from ui.panels.masks import MasksSection
from ui.tools.toolbox import Toolbox
from ui.view.masks import MasksView
from ui.vocabulary.action_keys import ActionKey as Key
from ui.vocabulary.tool import Tool
from ui.window.mask_exports import MaskExports
from ui.window.mask_menu import mask_menu

SETTLE_MS = 150
_SMALL_SHARE = 0.001
_PICTURES = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)


class Column(Protocol):
    """Where the section is put."""

    def insert_section(
        self, title: str, content: QWidget, *, key: str = "", before: str = "agreement"
    ) -> object:
        """Put a section in."""
        ...

    def reveal(self, widget: QWidget) -> None:
        """Bring a widget of a section into sight."""
        ...


class MaskHandlers:
    """Connects section, tools and dialogs of the window to the controller's masks.

    Parameters
    ----------
    window
        Over which dialogs open.
    masks
        The controller's.
    toolbox
        The tools, with what is under way in them.
    """

    def __init__(self, window: QWidget, masks: Masking, toolbox: Toolbox) -> None:
        self._window = window
        self._masks = masks
        self.toolbox = toolbox
        self._exports = MaskExports(window, masks.files)
        self._edits = -1
        self._steps: tuple[str, ...] = ("", "")
        self.settle_timer = QTimer(window)
        self.settle_timer.setSingleShot(True)
        self.settle_timer.setInterval(SETTLE_MS)
        self.settle_timer.timeout.connect(masks.settle)

    def build(self, actions: Actions, column: Column, canvas: CanvasPanel) -> None:
        """Make the section, and put it into a column."""
        masks, self._actions, self._canvas = self._masks, actions, canvas
        self.section = MasksSection(actions)
        column.insert_section(tr("Masks"), self.section, key="masks")
        section, finding = self.section, self.section.finding
        consensus, selecting = self.section.consensus, masks.selecting
        section.list.offer(lambda: mask_menu(actions, section.list))
        section.list.selection_chosen.connect(selecting.select)
        section.list.lock_turned.connect(selecting.toggle_lock)
        section.list.renamed.connect(masks.rename)
        section.list.visibility_chosen.connect(masks.show_mask)
        section.radius_chosen.connect(masks.tools.choose_radius)
        section.adds_chosen.connect(masks.tools.choose_adds)
        section.kind_chosen.connect(selecting.choose_kind)
        section.tolerance_chosen.connect(masks.wand.choose_tolerance)
        section.tint_chosen.connect(selecting.choose_tint)
        section.pin_chosen.connect(masks.pin)
        finding.threshold_chosen.connect(masks.finding.choose_threshold)
        finding.largest_only_chosen.connect(masks.finding.choose_largest_only)
        finding.minimum_area_chosen.connect(masks.finding.choose_minimum_area)
        finding.accepted.connect(masks.finding.accept)
        finding.abandoned.connect(masks.finding.abandon)
        consensus.rule_chosen.connect(masks.voting.choose_rule)
        consensus.voters_chosen.connect(masks.voting.choose_voters)
        consensus.accepted.connect(masks.finding.accept)
        consensus.abandoned.connect(masks.finding.abandon)
        section.comparison.pair_chosen.connect(masks.comparing.choose)
        section.comparison.closed.connect(masks.comparing.stop)
        section.begun.connect(column.reveal)
        canvas.brush_size_turned.connect(self._turn)

    def show_view(self, view: MasksView) -> None:
        """Show the masks, and note when they change."""
        self.section.show_view(view)
        self._name_steps(view.undo_text, view.redo_text)
        if view.edits != self._edits:
            self._edits = view.edits
            self.settle_timer.start()

    def show_tool(self, view: MasksView) -> None:
        """Take up the chosen tool; last of all, since accepting a shape shows another view."""
        self.toolbox.show(view.tool, view.radius, view.adds)

    def _name_steps(self, *steps: str) -> None:
        if steps != self._steps:
            self._steps = steps
            for key, step in zip((Key.UNDO, Key.REDO), steps, strict=True):
                self._actions.name_step(key, tr(step) if step else "")

    def finish(self) -> None:
        """Bring what is under way into the masks, before the window may close."""
        self.toolbox.keep()
        self._masks.shaping.finish()

    def stop(self) -> None:
        """Wait for nothing any more."""
        self.settle_timer.stop()

    def tint(self) -> None:
        """Draw icons in the colours of the palette."""
        self.section.tint(lambda name: icon(name, QApplication.palette()))

    def handlers(self) -> Mapping[Key, Callable[[], object]]:
        """Return what the actions of masks do."""
        masks = self._masks
        handlers: dict[Key, Callable[[], object]] = {
            Key.UNDO: lambda: self.toolbox.undo(masks.undo),
            Key.REDO: masks.redo,
            Key.TOGGLE_ADDS: masks.tools.toggle_adds,
            Key.BRUSH_SMALLER: lambda: self._turn(-1),
            Key.BRUSH_LARGER: lambda: self._turn(1),
            Key.FINISH_SHAPE: lambda: self.toolbox.finish(),
            Key.ABANDON_SHAPE: lambda: self.toolbox.abandon(),
            Key.REMOVE_POINT: lambda: self.toolbox.remove_point(),
            Key.INVERT_MASK: lambda: masks.edit(Invert()),
            Key.CLEAR_MASK: lambda: masks.edit(Clear()),
            Key.GROW_MASK: lambda: masks.edit(Grow(1)),
            Key.SHRINK_MASK: lambda: masks.edit(Shrink(1)),
            Key.SMOOTH_MASK: lambda: masks.edit(Smooth(2)),
            Key.LARGEST_REGION: lambda: masks.edit(LargestRegion()),
            Key.DROP_SMALL: self._drop_small,
            Key.PIN_MASK: masks.pin,
            Key.USE_BUNDLED_MASK: masks.use_bundled,
            Key.ADD_MASK: masks.add,
            Key.RENAME_MASK: lambda: self.section.list.edit_name(),
            Key.DUPLICATE_MASK: masks.selecting.duplicate,
            Key.DELETE_MASK: masks.selecting.remove,
            Key.LOCK_MASK: masks.selecting.toggle_lock,
            Key.ZOOM_TO_MASK: self._zoom_to_mask,
            Key.SHOW_MASK: masks.selecting.toggle_shown,
            Key.SOLO_MASK: masks.selecting.toggle_solo,
            Key.TINT_MASKS: masks.selecting.toggle_tint,
            Key.SELECT_ALL_MASKS: masks.selecting.select_all,
            Key.MERGE_MASKS: partial(masks.selecting.combine, Combination.MERGE),
            Key.INTERSECT_MASKS: partial(masks.selecting.combine, Combination.INTERSECT),
            Key.SUBTRACT_MASKS: partial(masks.selecting.combine, Combination.SUBTRACT),
            Key.CONSENSUS: masks.voting.begin,
            Key.FIND_IN_MAP: masks.finding.from_map,
            Key.FIND_IN_TRAINING: self._find_in_training,
            Key.FIND_IN_PAIR: self._find_in_pair,
            Key.FIND_IN_SEEDS: self._find_in_seeds,
            Key.COMPARE_MASKS: masks.comparing.show,
            Key.IMPORT_MASK: self._import,
            Key.EXPORT_MASK: self._exports.one,
            Key.EXPORT_ALL_PNG: self._exports.all_png,
            Key.EXPORT_ALL_COCO: self._exports.all_coco,
            Key.EXPORT_ALL_LABELME: self._exports.all_labelme,
            Key.IMPORT_RESIZED: masks.files.read_resized,
            Key.USE_AS_MASK: masks.files.take_reference,
            Key.USE_AS_PICTURE: masks.files.take_as_picture,
        }
        for key, tool in TOOL_KEYS.items():
            handlers[key] = partial(masks.tools.choose, tool)
        for key, kind in KIND_KEYS.items():
            handlers[key] = partial(masks.selecting.choose_kind, kind)
        return handlers

    def _turn(self, notches: float) -> None:
        """Make the chosen tool's brush larger, or the wand's tolerance."""
        if self._masks.tools.chosen is Tool.WAND:
            self._masks.wand.turn_tolerance(notches)
        else:
            self._masks.tools.turn_radius(notches)

    def _zoom_to_mask(self) -> None:
        area = self._masks.area()
        if area is not None:
            self._canvas.viewport.show_area(QRectF(*area))

    def _drop_small(self) -> None:
        height, width = self._masks.size or (0, 0)
        self._masks.edit(DropSmall(max(2, round(_SMALL_SHARE * height * width))))

    def _find_in_training(self) -> None:
        if self._masks.finding.from_open_picture():
            return
        paths = self._ask_pictures(tr("Training picture"), several=False)
        if paths:
            self._masks.finding.from_training_picture(paths[0])

    def _find_in_pair(self) -> None:
        paths = self._ask_pictures(tr("One or two renderings of the template"))
        if paths:
            self._masks.finding.from_pair(*paths[:2])

    def _find_in_seeds(self) -> None:
        if len(self._masks.finding.seed_pictures()) > 1:
            self._masks.finding.from_seeds()
            return
        paths = self._ask_pictures(tr("Pictures of the same prompt from other seeds"))
        if paths:
            self._masks.finding.from_seeds(tuple(paths))

    def _import(self) -> None:
        words = tr("Masks ({0} *.npy *.json)").format(_PICTURES)
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Import mask"), "", words)
        if path:
            self._masks.files.read(Path(path))

    def _ask_pictures(self, title: str, *, several: bool = True) -> list[Path]:
        words = tr("Pictures ({0})").format(_PICTURES)
        if several:
            paths, _ = QFileDialog.getOpenFileNames(self._window, title, "", words)
            return [Path(path) for path in paths]
        path, _ = QFileDialog.getOpenFileName(self._window, title, "", words)
        return [Path(path)] if path else []
