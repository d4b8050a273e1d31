"""DisplayChoices: what a person asks of the panels and how they are drawn. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from memlens.methods.registry import MAP_KINDS
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.language.translation import tr
from ui.state.intent import LAYOUTS, PICTURES, PRESETS
from ui.view.resolver import Resolver
from ui.vocabulary.display_choice import (
    Colormap,
    DisplayChoice,
    FillPredicted,
    Layout,
    Levels,
    LogScale,
    Nearest,
    Opacity,
    Outline,
    Preset,
    Smoothing,
    Stretch,
    Threshold,
    Units,
)
from ui.vocabulary.panel_content import Compare


class DisplayChoices:
    """Chooses what the panels show, and units, levels, colours.

    Parameters
    ----------
    state, dispatch, resolver
        Shared with the controller.
    refresh
        Shows the state after a change.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        resolver: Resolver,
        refresh: Callable[[], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._resolver = resolver
        self._refresh = refresh

    def activate_panel(self, place: int) -> None:
        """Make a panel the active one."""
        if 0 <= place < len(self._state.intent.panels):
            self._state.intent.active_panel = place
            self._refresh()

    def choose_content(self, place: int, content: str) -> None:
        """Show another map, the picture or the mask in a panel."""
        intent = self._state.intent
        if content in (*PICTURES, *MAP_KINDS) and 0 <= place < len(intent.panels):
            self._state.begin_change()
            intent.panels[place] = content
            intent.active_panel = place
            self._dispatch.background()
            self._refresh()

    def toggle_difference(self) -> None:
        """Turn curvature into score difference and back in the active panel."""
        self._state.begin_change()
        if not self._state.intent.toggle_difference():
            self._state.notices.say(tr("Choose a panel that shows a map first (1 to 6)."))
        self._refresh()

    def choose_layout(self, count: int) -> None:
        """Show 1, 2, 3, 4 or 6 panels."""
        if count in LAYOUTS:
            self._state.begin_change()
            self._state.intent.choose_layout(count)
            self._refresh()

    def choose_preset(self, name: str) -> None:
        """Arrange the panels as a preset says."""
        if name in PRESETS:
            self._state.begin_change()
            self._state.intent.choose_preset(name)
            self._refresh()

    def hold_bare_picture(self, held: bool) -> None:
        """Show the bare picture for as long as it is held."""
        if self._state.intent.bare_picture != held:
            self._state.intent.bare_picture = held
            self._refresh()

    def choose(self, choice: DisplayChoice) -> None:
        """Display as chosen."""
        match choice:
            case Units(name):
                self.choose_units(name)
            case Stretch(on):
                self.choose_stretch(on)
            case Levels(low, high):
                self.choose_levels(low, high)
            case Threshold(None):
                self.clear_threshold()
            case Threshold(float(value)):
                self.choose_threshold(value)
            case FillPredicted(on):
                self.choose_fill(on)
            case LogScale(on):
                self.choose_log_scale(on)
            case Smoothing(window):
                self.choose_smoothing(window)
            case Colormap(name):
                self.choose_colormap(name)
            case Opacity(share):
                self.choose_opacity(share)
            case Nearest(on):
                self.choose_nearest(on)
            case Outline(on):
                self.choose_outline(on)
            case Layout(panels):
                self.choose_layout(panels)
            case Preset(name):
                self.choose_preset(name)

    def choose_units(self, units: str) -> None:
        """Show canonical or the paper's units."""
        self._state.intent.units = units if units == "paper" else "canonical"
        self._refresh()

    def choose_stretch(self, stretched: bool) -> None:
        """Stretch levels to each map, or keep 0..1 for all."""
        self._state.intent.stretched = stretched
        self._state.intent.levels = (0.0, 1.0)
        self._state.intent.levels_by_hand = False
        self._refresh()

    def choose_levels(self, low: float, high: float) -> None:
        """Draw all maps between two levels, in the active panel's display units."""
        state = self._state
        shares = self._resolver.level_shares(state.intent, state.results, (low, high))
        if high > low and shares is not None:
            state.intent.stretched = False
            state.intent.levels = shares
            state.intent.levels_by_hand = True
            self._refresh()

    def choose_threshold(self, threshold: float) -> None:
        """Draw the predicted mask above a threshold, in the active panel's display units."""
        scale = self._resolver.scale_of_active(self._state.intent, self._state.results)
        self._state.intent.threshold = threshold / scale if scale else None
        self._refresh()

    def clear_threshold(self) -> None:
        """Draw no predicted mask."""
        self._state.intent.threshold = None
        self._refresh()

    def choose_fill(self, fill: bool) -> None:
        """Fill the predicted mask, or draw its outline alone."""
        self._state.intent.fill_predicted = fill
        self._refresh()

    def choose_log_scale(self, log_scale: bool) -> None:
        """Let colours follow the logarithm of the values, or the values."""
        self._state.intent.log_scale = log_scale
        self._refresh()

    def choose_compare(self, compare: str) -> None:
        """Compare the active panel with another: one of `Compare`'s values."""
        self._state.intent.compare = Compare(compare)
        self._refresh()

    def swap_panels(self, one: int, other: int) -> None:
        """Let two panels change places."""
        panels = self._state.intent.panels
        if 0 <= one < len(panels) and 0 <= other < len(panels):
            panels[one], panels[other] = panels[other], panels[one]
            self._state.intent.active_panel = other
            self._refresh()

    def toggle_stretch(self) -> None:
        """Change between absolute and stretched levels."""
        self.choose_stretch(not self._state.intent.stretched)

    def choose_smoothing(self, window: int) -> None:
        """Show maps under a mean filter of an odd width."""
        if window >= 1 and window % 2 == 1:
            self._state.intent.smoothing = window
            self._dispatch.background()
            self._refresh()

    def choose_colormap(self, name: str) -> None:
        """Draw maps in another colormap."""
        self._state.intent.colormap = name
        self._refresh()

    def choose_opacity(self, opacity: float) -> None:
        """Draw maps more or less opaque over the picture."""
        self._state.intent.opacity = min(max(0.0, opacity), 1.0)
        self._refresh()

    def choose_nearest(self, nearest: bool) -> None:
        """Draw latent coordinates as squares, or smoothly."""
        self._state.intent.nearest = nearest
        self._refresh()

    def choose_outline(self, outline: bool) -> None:
        """Outline the mask, or not."""
        self._state.intent.outline = outline
        self._refresh()

    def toggle_outline(self) -> None:
        """Show or hide the mask's outline."""
        self.choose_outline(not self._state.intent.outline)
