"""Menus and submenus, filled from the registry of actions."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QMenu

from ui.actions.registry import Actions, menu_entries
from ui.actions.spec import Submenu
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey


def fill_menu(
    menu: QMenu, name: str, actions: Actions, after: Mapping[ActionKey, QMenu] | None = None
) -> None:
    """Put the actions of a menu of the registry, and its submenus, into `menu`.

    Parameters
    ----------
    name
        Of the menu in the registry.
    after
        Menus that stand after an action and are made elsewhere.
    """
    for entry in menu_entries(name):
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, Submenu):
            fill_menu(menu.addMenu(tr(entry.name)), entry.name, actions)
        else:
            menu.addAction(actions[entry.key])
            if after and entry.key in after:
                menu.addMenu(after[entry.key])
