"""Widgets, dialogs and timers, found by what they are called, as a screen reader finds them."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QMessageBox,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ui.window.main_window import MainWindow

Found = TypeVar("Found", bound=QObject)
Dialog = TypeVar("Dialog", bound=QDialog)


def named(top: QObject, kind: type[Found], name: str) -> Found:
    """Return the one of a kind inside `top` whose object name, accessible name or words are these.

    Raises
    ------
    AssertionError
        If there is none or there are several; the names of all of that kind are listed.
    """
    every = top.findChildren(kind)
    found = [each for each in every if name in names_of(each)]
    assert len(found) == 1, f"{len(found)} are called {name!r} of {[names_of(e) for e in every]}"
    return found[0]


def names_of(what: QObject) -> set[str]:
    """Return the object name, and of a widget also the accessible name and a button's words."""
    names = {what.objectName()}
    if isinstance(what, QWidget):
        names.add(what.accessibleName())
    if isinstance(what, QAbstractButton):
        names.add(what.text().replace("&", ""))
    return names - {""}


def open_dialogs(window: MainWindow, kind: type[Dialog]) -> list[Dialog]:
    """Return the dialogs of a kind that stand open over the window."""
    return [dialog for dialog in window.findChildren(kind) if dialog.isVisible()]


def open_dialog(window: MainWindow, kind: type[Dialog]) -> Dialog:
    """Return the one dialog of a kind that stands open."""
    (dialog,) = open_dialogs(window, kind)
    return dialog


def answer(window: MainWindow, button: QMessageBox.StandardButton) -> None:
    """Press a button of the question that stands open."""
    open_dialog(window, QMessageBox).button(button).click()


def cell(table: QTableWidget, row: int, column: int) -> QTableWidgetItem:
    """Return a cell that is there."""
    found = table.item(row, column)
    assert found is not None
    return found
