"""What is fixed about an action."""

from __future__ import annotations

from dataclasses import dataclass

from ui.vocabulary.action_keys import ActionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """What is fixed about an action.

    Attributes
    ----------
    key
        What all code calls it by.
    text
        In the menu.
    about
        One sentence for tooltip and shortcuts sheet.
    menu
        The menu that it is in, "" for none.
    shortcuts
        In Qt's portable notation, the first one shown.
    icon
        Name of the icon, "" for none.
    brief
        Beside the icon in the toolbar, "" for the icon alone.
    held
        Works for as long as the key is held; the window sees to it, not the action.
    first
        While it can be used, it takes its shortcuts from the action that has them otherwise.
    checkable
        Shows whether it is chosen.
    """

    key: ActionKey
    text: str
    about: str
    menu: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    brief: str = ""
    held: bool = False
    first: bool = False
    checkable: bool = False


@dataclass(frozen=True, slots=True)
class Submenu:
    """A menu within a menu, where it stands in the registry."""

    menu: str
    name: str


def spec(
    key: ActionKey,
    text: str,
    about: str,
    menu: str,
    *shortcuts: str,
    icon: str = "",
    brief: str = "",
    held: bool = False,
    first: bool = False,
    checkable: bool = False,
) -> ActionSpec:
    """Return a spec, its shortcuts written one after the other."""
    return ActionSpec(
        key=key,
        text=text,
        about=about,
        menu=menu,
        shortcuts=shortcuts,
        icon=icon,
        brief=brief,
        held=held,
        first=first,
        checkable=checkable,
    )
