"""Long edits of large masks: worked out by the worker, done in the order they were asked. No Qt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import get_args

from memlens.errors import MaskError
from memlens.masks.document import MaskDocument
from memlens.masks.edits import Edit, ListEdit, PixelEdit
from memlens.masks.preparing import is_long
from ui.control.dispatch import Dispatch
from ui.jobs.reports import Failed
from ui.jobs.shape_mask import MaskShaped, ShapeMask


@dataclass(frozen=True, slots=True)
class _Waiting:
    document: MaskDocument
    edit: PixelEdit
    mask: int


class LongEdits:
    """Edits that are under way; one is worked out at a time.

    Parameters
    ----------
    dispatch
        Shared with the controller.
    """

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch
        self._waiting: deque[_Waiting] = deque()
        self._tokens = count(1)
        self._token = 0
        self._when_done: list[Callable[[], None]] = []
        dispatch.answers.whenever(MaskShaped, self._shaped)
        dispatch.answers.when_failed(ShapeMask, self._failed)

    def takes(self, document: MaskDocument, edit: Edit, mask: int | None) -> bool:
        """Take an edit if it is long; or if it is of a mask whose edits are under way."""
        chosen = document.active if mask is None else mask
        if chosen is None or isinstance(edit, ListEdit):
            return False
        assert isinstance(edit, get_args(PixelEdit))
        after = any(each.document is document and each.mask == chosen for each in self._waiting)
        if not after and not is_long(edit, document.size):
            return False
        self._waiting.append(_Waiting(document, edit, chosen))
        if len(self._waiting) == 1:
            self._ask()
        return True

    def abandon(self) -> bool:
        """Give up what is under way; whether there was anything."""
        under_way = bool(self._waiting)
        self._waiting.clear()
        self._token = next(self._tokens)
        self._ended()
        return under_way

    def when_done(self, then: Callable[[], None]) -> None:
        """Call `then` once nothing is under way: at once if nothing is."""
        self._when_done.append(then)
        if not self._waiting:
            self._ended()

    def finish(self) -> None:
        """Do at once what is under way: the worker is about to end."""
        while self._waiting:
            first = self._waiting.popleft()
            if _is_there(first):
                with suppress(MaskError):
                    first.document.edit(first.edit, first.mask)
        self.abandon()

    def _failed(self, report: Failed) -> None:
        self.abandon()

    def _shaped(self, result: MaskShaped) -> None:
        if result.token != self._token or not self._waiting:
            return
        first = self._waiting[0]
        unchanged = (
            _is_there(first)
            and first.document.revision(first.mask) == result.prepared.revision
            and not first.document.in_stroke
        )
        if unchanged:
            self._waiting.popleft()
            first.document.perform(result.prepared)
        # What the mask changed under is worked out again.
        self._ask()

    def _ask(self) -> None:
        while self._waiting and not _is_there(self._waiting[0]):
            self._waiting.popleft()
        if not self._waiting:
            self._ended()
            return
        first = self._waiting[0]
        self._token = next(self._tokens)
        self._dispatch.ask_about_masks(
            ShapeMask(
                token=self._token,
                edit=first.edit,
                mask=first.mask,
                pixels=first.document.pixels(first.mask).copy(),
                revision=first.document.revision(first.mask),
            )
        )

    def _ended(self) -> None:
        then, self._when_done = self._when_done, []
        for each in then:
            each()


def _is_there(waiting: _Waiting) -> bool:
    return any(entry.id == waiting.mask for entry in waiting.document.entries)
