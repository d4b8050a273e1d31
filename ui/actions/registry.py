"""The one registry of actions: menus, toolbar, shortcuts, tooltips and the sheet come from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QPalette

from ui.actions.masks import MASK_SPECS, MASKS, SUBMENUS
from ui.actions.spec import ActionSpec, Submenu
from ui.actions.spec import spec as _spec
from ui.language.translation import tr
from ui.look.icons import icon
from ui.vocabulary.action_keys import PANEL_KEYS, ActionKey

Key = ActionKey


FILE, RUN, STEPS, VIEW, HELP = "&File", "&Run", "&Steps", "&View", "&Help"
MENUS = (FILE, RUN, STEPS, MASKS, VIEW, HELP)
# "-" is a separator in the menu.
_ALL: tuple[ActionSpec | Submenu | str, ...] = (
    _spec(
        Key.OPEN_MODEL,
        "Open &model …",
        "Open a folder, a hub id or the demo model",
        FILE,
        "Ctrl+M",
        icon="open-model",
        brief="Model",
    ),
    _spec(
        Key.OPEN_FOLDER,
        "&Open model folder …",
        "Open a model's folder in diffusers' layout",
        FILE,
        "Ctrl+O",
    ),
    _spec(Key.OPEN_DEMO, "Open &demo model", "Open the bundled model that memorizes", FILE),
    _spec(
        Key.OPEN_BASELINE,
        "Open &baseline …",
        "Open a less-trained checkpoint: a folder, a .safetensors file or a hub id",
        FILE,
        "Ctrl+B",
        icon="open-baseline",
        brief="Baseline",
    ),
    _spec(
        Key.OPEN_PICTURE,
        "Open training &picture …",
        "Open the training picture that runs are compared with",
        FILE,
        "Ctrl+Shift+P",
        icon="open-picture",
        brief="Picture",
    ),
    FILE,
    _spec(
        Key.OPEN_SESSION,
        "Open &session …",
        "Open a saved inspection",
        FILE,
        "Ctrl+Shift+O",
        icon="open-session",
        brief="Session",
    ),
    _spec(
        Key.ADD_SESSION,
        "&Add runs of a session …",
        "Open a saved session beside the runs that are there",
        FILE,
    ),
    _spec(
        Key.SAVE_SESSION,
        "&Save session",
        "Save all runs with their maps and masks",
        FILE,
        "Ctrl+S",
        icon="save",
        brief="Save",
    ),
    _spec(
        Key.SAVE_SESSION_AS,
        "Save session &as …",
        "Save all runs in another file",
        FILE,
        "Ctrl+Shift+S",
    ),
    FILE,
    _spec(
        Key.EXPORT,
        "&Export …",
        "Write a figure, a report, tables, maps or an animation",
        FILE,
        "Ctrl+E",
        icon="export",
        brief="Export",
    ),
    FILE,
    _spec(
        Key.RESTORE_MASKS,
        "&Restore unsaved work",
        "Open the runs and masks that were not saved when memlens ended",
        FILE,
    ),
    _spec(
        Key.DISCARD_MASKS,
        "&Discard unsaved work",
        "Delete the runs and masks that were left behind",
        FILE,
    ),
    FILE,
    _spec(Key.QUIT, "&Quit", "Close memlens", FILE, "Ctrl+Q"),
    _spec(
        Key.RUN,
        "&Run",
        "Sample the prompt and localize what is memorized",
        RUN,
        "Ctrl+Return",
        "Ctrl+Enter",
        icon="run",
        brief="Run",
    ),
    _spec(
        Key.CANCEL,
        "&Cancel",
        "Stop what runs; what came so far stays",
        RUN,
        "Esc",
        icon="cancel",
        brief="Cancel",
    ),
    RUN,
    _spec(
        Key.COMPUTE,
        "Compute &maps of this step",
        "Compute the shown maps at this step at once",
        RUN,
        "C",
        icon="compute",
        brief="Compute",
    ),
    RUN,
    _spec(Key.PREVIOUS_RUN, "&Back to previous run", "Show the run before", RUN, "Alt+Left"),
    _spec(Key.NEXT_RUN, "Forward to &next run", "Show the run after", RUN, "Alt+Right"),
    RUN,
    _spec(Key.RENAME_RUN, "Re&name run …", "Give the shown run a name", RUN, "F2"),
    _spec(
        Key.PIN_RUN,
        "P&in run",
        "Never let go of the shown run when memory is short",
        RUN,
        checkable=True,
    ),
    _spec(Key.DELETE_RUN, "&Delete run", "Take the shown run out of the strip", RUN, "Ctrl+Del"),
    _spec(
        Key.UNDO_RUN_EDIT,
        "&Undo change of the runs",
        "Take back the last rename, pin or deletion of a run",
        RUN,
        "Ctrl+Alt+Z",
    ),
    _spec(
        Key.CANCEL_QUEUED,
        "Cancel the last &queued run",
        "Take a run out of the queue before it begins",
        RUN,
    ),
    _spec(
        Key.REOPEN_MODEL,
        "Re&open the model of this run",
        "Open the model that the shown run belongs to",
        RUN,
    ),
    RUN,
    _spec(Key.FOCUS_PROMPT, "Edit &prompt", "Go to the prompt", RUN, "Ctrl+L"),
    _spec(Key.PREVIOUS_STEP, "&Previous step", "One step towards noise", STEPS, "Left"),
    _spec(Key.NEXT_STEP, "&Next step", "One step towards the picture", STEPS, "Right"),
    _spec(Key.BACK_FIVE, "&Back five steps", "Five steps towards noise", STEPS, "PgUp"),
    _spec(Key.FORWARD_FIVE, "F&orward five steps", "Five steps on", STEPS, "PgDown"),
    _spec(Key.FIRST_STEP, "&First step", "The step with most noise", STEPS, "Home"),
    _spec(Key.LAST_STEP, "&Last step", "The newest step", STEPS, "End"),
    STEPS,
    _spec(Key.PLAY, "P&lay", "Play through the steps, or stop", STEPS, "P"),
    *MASK_SPECS,
    _spec(
        Key.TOGGLE_DIFFERENCE,
        "&Curvature ↔ score difference",
        "Toggle between both differences in the active panel",
        VIEW,
        "T",
        icon="toggle-difference",
        brief="Δh ↔ Δs",
    ),
    _spec(
        Key.BARE_PICTURE,
        "&Bare picture while held",
        "See the picture under the maps while the key is held",
        "",
        "Space",
        held=True,
    ),
    _spec(
        Key.TOGGLE_STRETCH,
        "&Stretch levels to each map",
        "Absolute levels 0 to 1, or stretched to each map",
        VIEW,
        "L",
    ),
    _spec(
        Key.TOGGLE_OUTLINE,
        "&Outline the mask",
        "Show or hide the mask's outline",
        VIEW,
        "M",
        checkable=True,
    ),
    VIEW,
    *(
        _spec(key, f"Panel &{n}", f"Make panel {n} the active one", VIEW, str(n))
        for n, key in enumerate(PANEL_KEYS, 1)
    ),
    VIEW,
    _spec(Key.THEME_SYSTEM, "Theme: &system", "Follow the system's colours", VIEW),
    _spec(Key.THEME_LIGHT, "Theme: &light", "Light colours", VIEW),
    _spec(Key.THEME_DARK, "Theme: &dark", "Dark colours", VIEW),
    _spec(
        Key.SHORTCUTS,
        "&Keyboard shortcuts",
        "Show every shortcut",
        HELP,
        "?",
        "F1",
        icon="shortcuts",
    ),
    _spec(Key.ABOUT, "&About memlens", "Version and credits", HELP),
    _spec(Key.SHOW_EXPORTED, "Show in folder", "Open the folder of the last export", ""),
    _spec(Key.RETRY_SMALLER, "Retry with smaller batches", "One probe at a time", ""),
    _spec(Key.RETRY_READING, "Compute the reading again", "The one that did not fit", ""),
    _spec(Key.RETRY_DOWNLOAD, "Retry with download", "Fetch the model from the hub", ""),
)
SPECS: tuple[ActionSpec, ...] = tuple(entry for entry in _ALL if isinstance(entry, ActionSpec))
TOOLBAR: tuple[tuple[ActionKey, ...], ...] = (
    (Key.OPEN_MODEL, Key.OPEN_BASELINE, Key.OPEN_PICTURE),
    (Key.RUN, Key.CANCEL),
    (Key.COMPUTE, Key.TOGGLE_DIFFERENCE),
    (Key.UNDO, Key.REDO),
    (Key.OPEN_SESSION, Key.SAVE_SESSION, Key.EXPORT),
)
THEMES = {
    Key.THEME_SYSTEM: "system",
    Key.THEME_LIGHT: "light",
    Key.THEME_DARK: "dark",
}


def menu_entries(menu: str) -> list[ActionSpec | Submenu | None]:
    """Return what is in a menu or submenu, in order; None is a separator."""
    entries: list[ActionSpec | Submenu | None] = []
    for entry in _ALL:
        if entry == menu:
            entries.append(None)
        elif isinstance(entry, ActionSpec | Submenu) and entry.menu == menu:
            entries.append(entry)
    return entries


def menu_of(spec: ActionSpec) -> str:
    """Return the menu of the menu bar that an action is in, through its submenu; "" for none."""
    return next((each.menu for each in SUBMENUS if each.name == spec.menu), spec.menu)


class Actions:
    """The QActions made from the registry.

    Parameters
    ----------
    parent
        Owns them; its window is where the shortcuts work.
    handlers
        Action key → what it does.
    """

    def __init__(self, parent: QObject, handlers: Mapping[ActionKey, Callable[[], object]]) -> None:
        self._actions: dict[ActionKey, QAction] = {}
        self._reasons: dict[str, str] = {}
        for spec in SPECS:
            action = QAction(tr(spec.text), parent)
            action.setObjectName(spec.key)
            action.setIconText(tr(spec.brief) if spec.brief else action.iconText())
            if not spec.held:
                action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(lambda _=False, do=handlers[spec.key]: do())
            if spec.checkable or spec.key in THEMES:
                action.setCheckable(True)
            self._actions[spec.key] = action
            self._explain(spec)
        self._give_shortcuts()

    def __getitem__(self, key: ActionKey) -> QAction:
        return self._actions[key]

    def trigger(self, key: str) -> None:
        """Do what the action called `key` does, if it can be done now."""
        self._actions[ActionKey(key)].trigger()

    def name_step(self, key: ActionKey, step: str) -> None:
        """Say in the menu which step an action takes back or makes again, "" for none."""
        spec = next(spec for spec in SPECS if spec.key == key)
        words = tr(spec.text)
        self._actions[key].setText(f"{words}: {step}" if step else words)
        self._actions[key].setIconText(tr(spec.brief))

    def disable(self, reasons: Mapping[str, str]) -> None:
        """Disable exactly the actions in `reasons`, with the reason in the tooltip."""
        if reasons == self._reasons:
            return
        self._reasons = dict(reasons)
        for spec in SPECS:
            action = self._actions[spec.key]
            action.setEnabled(spec.key not in reasons)
            self._explain(spec)
        self._give_shortcuts()

    def _give_shortcuts(self) -> None:
        """Give a shortcut that two actions share to the one that comes first now."""
        firsts = [spec for spec in SPECS if spec.first]
        taken = {k for spec in firsts if spec.key not in self._reasons for k in spec.shortcuts}
        shared = {keys for spec in firsts for keys in spec.shortcuts}
        for spec in SPECS:
            if shared.intersection(spec.shortcuts):
                mine = spec.shortcuts if spec.first else set(spec.shortcuts) - taken
                if spec.first and spec.key in self._reasons:
                    mine = ()
                self._actions[spec.key].setShortcuts([QKeySequence(keys) for keys in mine])

    def tint(self, palette: QPalette) -> None:
        """Draw the icons in the colours of a palette."""
        for spec in SPECS:
            if spec.icon:
                self._actions[spec.key].setIcon(icon(spec.icon, palette))

    def _explain(self, spec: ActionSpec) -> None:
        action = self._actions[spec.key]
        about = tr(spec.about)
        keys = shortcut_text(spec)
        tip = f"{about} ({keys})" if keys else about
        reason = self._reasons.get(spec.key, "")
        action.setToolTip(f"{tip}\n{reason}" if reason else tip)
        action.setStatusTip("")


def with_shortcut(text: str, key: ActionKey) -> str:
    """Return a tooltip with the shortcut of an action behind it."""
    keys = shortcut_text(next(spec for spec in SPECS if spec.key == key))
    return f"{text} ({keys})" if keys else text


def shortcut_text(spec: ActionSpec, *, all_of_them: bool = False) -> str:
    """Return the shortcuts as the platform writes them."""
    keys = spec.shortcuts if all_of_them else spec.shortcuts[:1]
    texts = [QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in keys]
    return ", ".join(dict.fromkeys(texts))
