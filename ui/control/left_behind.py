"""What a killed window left behind: offered, restored or discarded; never unasked. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from memlens.masks.journal_places import LeftBehind
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.jobs.find_left_behind import LeftBehindFound
from ui.language.translation import tr
from ui.view.view_state import BannerView
from ui.vocabulary.action_keys import ActionKey


class LeftBehindOffers:
    """Offers what was left behind, all of one project at once.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    refresh
        Shows the state after a change.
    holds
        Whether this window holds the lock of a session.
    ask_first
        Does what it is given once the person has said what becomes of unsaved work.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        refresh: Callable[[], None],
        holds: Callable[[Path], bool],
        ask_first: Callable[[Callable[[], None]], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._refresh = refresh
        self._holds = holds
        self._items: tuple[LeftBehind, ...] = ()
        self._put_off = False
        self._ask_first = ask_first
        dispatch.answers.when(LeftBehindFound, self._looked)

    @property
    def first(self) -> tuple[LeftBehind, ...]:
        """What is offered first: what cannot be restored is offered by itself."""
        if not self._items or self._items[0].problem:
            return self._items[:1]
        together = self._items[0].together
        return tuple(i for i in self._items if i.together == together and not i.problem)

    @property
    def items(self) -> tuple[LeftBehind, ...]:
        """All that is known."""
        return self._items

    def disabled(self) -> dict[str, str]:
        """Return why nothing can be restored or discarded now."""
        if not self._items:
            nothing = tr("Nothing unsaved was left behind.")
            return {ActionKey.RESTORE_MASKS: nothing, ActionKey.DISCARD_MASKS: nothing}
        if self._items[0].problem:
            return {ActionKey.RESTORE_MASKS: self._items[0].problem}
        return {}

    def banner(self) -> BannerView | None:
        """Return the offer, None where there is none or it was put off."""
        return _offer(self.first, len(self._items)) if self._items and not self._put_off else None

    def look(self) -> None:
        """Ask for what a killed window left behind."""
        self._dispatch.files.find_left_behind()

    def found(self, items: tuple[LeftBehind, ...]) -> None:
        """Offer what was left behind."""
        known = {item.place for item in self._items}
        if any(item.place not in known for item in items):
            self._put_off = False
        self._items = tuple({item.place: item for item in items}.values())

    def _looked(self, result: LeftBehindFound) -> None:
        self.found(result.items)

    def forget(self, places: set[Path]) -> None:
        """Offer no more what was restored."""
        self._items = tuple(item for item in self._items if item.place not in places)

    def put_off(self) -> None:
        """Take the offer out of sight; the menu and the next start still have it."""
        self._put_off = True
        self._refresh()

    def restore(self) -> None:
        """Bring back the first project that was left behind, in place of what is open."""
        if self._items and not self._items[0].problem:
            self._ask_first(self._restore)

    def discard(self) -> None:
        """Delete what is offered first."""
        first = self.first
        if first:
            self.forget({item.place for item in first})
            self._put_off = False
            self._dispatch.files.find_left_behind(discard=first)
            self._refresh()

    def _restore(self) -> None:
        first = self.first
        if not first:
            return
        self._put_off = True
        self._state.begin_change()
        session = first[0].project
        if session is not None and not session.exists():
            session = None
        lock = session is not None and not self._holds(session)
        self._dispatch.files.open_session(session, lock=lock, restore=first)
        self._refresh()


def _offer(first: tuple[LeftBehind, ...], count: int) -> BannerView:
    discard = (ActionKey.DISCARD_MASKS.value, tr("Discard"))
    if first[0].problem:
        return BannerView(sentence=first[0].problem, also=discard, severity="warning")
    modified = max(item.modified for item in first)
    time = datetime.fromtimestamp(modified).strftime("%Y-%m-%d %H:%M")
    runs = [item for item in first if item.unsaved]
    masks = [item for item in first if not item.unsaved]
    if len(runs) > 1:
        sentence = tr("Recovered: {n} runs that were never saved ({time}).").format(
            n=len(runs), time=time
        )
    elif runs and runs[0].journal is None:
        sentence = tr("Recovered: {title}, a run that was never saved ({time}).").format(
            title=runs[0].title, time=time
        )
    else:
        sentence = tr("Recovered: masks of {title}, edited but not saved ({time}).").format(
            title=first[0].title, time=time
        )
        masks = masks[1:] if masks else []
    if runs and masks:
        sentence += " " + tr("So are edited masks of {title}.").format(title=masks[0].title)
    if count > len(first):
        more = count - len(first)
        words = tr("1 more was left behind.") if more == 1 else tr("{n} more were left behind.")
        sentence += " " + words.format(n=more)
    return BannerView(
        sentence=sentence,
        way_on=(ActionKey.RESTORE_MASKS.value, tr("Restore")),
        also=discard,
        severity="notice",
    )
