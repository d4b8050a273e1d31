"""The toolbar: what is pressed most, in words where the window is wide enough for them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from ui.actions.registry import THEMES, TOOLBAR, Actions
from ui.look.icons import icon
from ui.vocabulary.action_keys import ActionKey

# Their icons are known from every other program: they give up their words, first group first.
_KNOWN_BY_ICON = (
    (ActionKey.OPEN_SESSION, ActionKey.SAVE_SESSION, ActionKey.EXPORT),
    (ActionKey.UNDO, ActionKey.REDO),
    (ActionKey.OPEN_PICTURE,),
    (ActionKey.CANCEL,),
)


class Toolbar(QToolBar):
    """Fits a small window without a further menu."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Toolbar"))
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for place, group in enumerate(TOOLBAR):
            if place:
                self.addSeparator()
            for key in group:
                self.addAction(actions[key])
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        menu = QMenu(self)
        for key in THEMES:
            menu.addAction(actions[key])
        self._theme_button = QToolButton()
        self._theme_button.setMenu(menu)
        self._theme_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._theme_button.setAccessibleName(self.tr("Theme"))
        self._theme_button.setToolTip(self.tr("Light, dark, or as the system"))
        self.addWidget(self._theme_button)
        self.addAction(actions[ActionKey.SHORTCUTS])
        self._always_alone = self._button(actions, ActionKey.SHORTCUTS)
        self._always_alone.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        for button in self.findChildren(QToolButton):
            if not button.accessibleName():
                button.setAccessibleName(button.text().replace("&", ""))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._actions = actions
        self._shrinking = [[self._button(actions, key) for key in keys] for keys in _KNOWN_BY_ICON]
        self._with_words: dict[QToolButton, int] = {}

    def give_menu(self, key: ActionKey, menu: QMenu) -> None:
        """Let a press on the button of `key` open `menu`."""
        button = self._button(self._actions, key)
        button.setObjectName(key)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def tint(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        self._theme_button.setIcon(icon("theme", palette))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give up words where they do not fit."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Measure anew whenever a button has changed: by another font, style or word."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Give up as few words as needed; widths are summed, so that nothing is tried out."""
        worded = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        alone = Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in (button for group in self._shrinking for button in group):
            if not _is_alone(button):
                self._with_words[button] = button.sizeHint().width()
        least = self._always_alone.sizeHint().width()
        saved = [sum(self._with_words[b] - least for b in group) for group in self._shrinking]
        given_up = [g for g, group in enumerate(self._shrinking) if _is_alone(group[0])]
        wanted = self.sizeHint().width() + sum(saved[g] for g in given_up)
        for place, group in enumerate(self._shrinking):
            gives_up = wanted > self.width()
            if gives_up:
                wanted -= saved[place]
            if gives_up != _is_alone(group[0]):
                for button in group:
                    button.setToolButtonStyle(alone if gives_up else worded)

    def _button(self, actions: Actions, key: ActionKey) -> QToolButton:
        button = self.widgetForAction(actions[key])
        assert isinstance(button, QToolButton)
        return button


def _is_alone(button: QToolButton) -> bool:
    return button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
