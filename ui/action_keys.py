"""The keys of all actions: what the registry, the controller and the banner call them by."""

from __future__ import annotations

from enum import StrEnum


class ActionKey(StrEnum):
    """One per action that a person can ask for by menu, toolbar, key or banner."""

    OPEN_MODEL = "open-model"
    OPEN_FOLDER = "open-model-folder"
    OPEN_DEMO = "open-demo"
    OPEN_BASELINE = "open-baseline"
    OPEN_PICTURE = "open-picture"
    OPEN_SESSION = "open-session"
    SAVE_SESSION = "save-session"
    SAVE_SESSION_AS = "save-session-as"
    EXPORT = "export"
    SHOW_EXPORTED = "show-exported"
    RESTORE_MASKS = "restore-masks"
    DISCARD_MASKS = "discard-masks"
    QUIT = "quit"
    RUN = "run"
    CANCEL = "cancel"
    PREVIOUS_RUN = "previous-run"
    NEXT_RUN = "next-run"
    COMPUTE = "compute"
    RETRY_SMALLER = "retry-smaller-batches"
    RETRY_DOWNLOAD = "retry-with-download"
    FIRST_STEP = "first-step"
    PREVIOUS_STEP = "previous-step"
    NEXT_STEP = "next-step"
    LAST_STEP = "last-step"
    BACK_FIVE = "back-five-steps"
    FORWARD_FIVE = "forward-five-steps"
    PLAY = "play"
    TOGGLE_DIFFERENCE = "toggle-difference"
    BARE_PICTURE = "bare-picture"
    PANEL_1 = "panel-1"
    PANEL_2 = "panel-2"
    PANEL_3 = "panel-3"
    PANEL_4 = "panel-4"
    PANEL_5 = "panel-5"
    PANEL_6 = "panel-6"
    TOGGLE_STRETCH = "toggle-stretch"
    TOGGLE_OUTLINE = "toggle-outline"
    FOCUS_PROMPT = "focus-prompt"
    THEME_SYSTEM = "theme-system"
    THEME_LIGHT = "theme-light"
    THEME_DARK = "theme-dark"
    SHORTCUTS = "shortcuts"
    ABOUT = "about"


PANEL_KEYS = (
    ActionKey.PANEL_1,
    ActionKey.PANEL_2,
    ActionKey.PANEL_3,
    ActionKey.PANEL_4,
    ActionKey.PANEL_5,
    ActionKey.PANEL_6,
)
