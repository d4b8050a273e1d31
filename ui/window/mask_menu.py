"""What a right click on the list of masks offers."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QWidget

from ui.actions.masks import COMBINE, FILES, KIND
from ui.actions.registry import Actions
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey as Key
from ui.window.menus import fill_menu

_ENTRIES: tuple[Key | str | None, ...] = (
    Key.RENAME_MASK,
    KIND,
    Key.LOCK_MASK,
    Key.PIN_MASK,
    None,
    Key.ZOOM_TO_MASK,
    Key.SHOW_MASK,
    Key.SOLO_MASK,
    None,
    COMBINE,
    Key.COMPARE_MASKS,
    FILES,
    None,
    Key.DUPLICATE_MASK,
    Key.DELETE_MASK,
)


def mask_menu(actions: Actions, parent: QWidget) -> QMenu:
    """Return the menu, made of actions and submenus of the registry."""
    menu = QMenu(parent)
    for entry in _ENTRIES:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, Key):
            menu.addAction(actions[entry])
        else:
            fill_menu(menu.addMenu(tr(entry)), entry, actions)
    return menu
