"""Any interleaving of edits, strokes, undo, redo, saving and loading keeps the masks right."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from memlens.files.sessions import load_session, save_session
from memlens.masks.changes import Change, from_bytes, to_bytes
from memlens.masks.document import MaskDocument
from memlens.masks.edits import (
    AddMask,
    ChooseKind,
    Clear,
    DropSmall,
    DuplicateMask,
    Edit,
    Fill,
    Grow,
    Invert,
    LargestRegion,
    ListEdit,
    Paint,
    RemoveMask,
    RenameMask,
    ReplacePixels,
    Shrink,
    Smooth,
)
from memlens.masks.kinds import KINDS
from memlens.masks.named_mask import NamedMask
from memlens.masks.shapes import Ellipse, Polygon, Rectangle, Stroke
from tests.support.random_session import session

SIZE = (16, 16)
Snapshot = tuple[tuple[int, str, str, bytes], ...]

_place = st.floats(-4, 20, width=32)
_points = st.lists(st.tuples(_place, _place), min_size=1, max_size=4).map(tuple)
_shapes = st.one_of(
    st.builds(Stroke, _points, st.floats(0.5, 5, width=32)),
    st.builds(Polygon, _points),
    st.builds(Rectangle, _place, _place, _place, _place),
    st.builds(Ellipse, _place, _place, _place, _place),
)
_pixels = st.integers(0, 2**32).map(lambda seed: np.random.default_rng(seed).random(SIZE) > 0.6)
_pixel_edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(Paint, _shapes, st.booleans()),
    st.builds(Fill, _place, _place, st.booleans()),
    st.builds(Grow, st.integers(1, 4)),
    st.builds(Shrink, st.integers(1, 4)),
    st.builds(Smooth, st.integers(1, 3)),
    st.builds(DropSmall, st.integers(0, 20)),
    st.builds(ReplacePixels, _pixels),
    st.sampled_from((Invert(), Clear(), LargestRegion())),
)


def seen(document: MaskDocument) -> Snapshot:
    return tuple(
        (entry.id, entry.name, entry.kind, document.pixels(entry.id).tobytes())
        for entry in document.entries
    )


class AnyOrder(RuleBasedStateMachine):
    """Against a model that keeps whole copies of every state."""

    def __init__(self) -> None:
        super().__init__()
        self._start(MaskDocument(SIZE))

    def _start(self, document: MaskDocument) -> None:
        self.twin = MaskDocument.from_masks(SIZE, document.snapshot())
        self.document = MaskDocument.from_masks(SIZE, document.snapshot())
        self.document.subscribe(self._heard)
        self.past: list[Snapshot] = [seen(self.document)]
        self.future: list[Snapshot] = []
        self.in_stroke = self.listed = False

    def _heard(self, change: Change) -> None:
        # What the journal does: a change, written down and read, replays on another document.
        self.twin.apply(from_bytes(to_bytes(change)))

    def _settle(self) -> None:
        if self.in_stroke:
            self.in_stroke = False
            self._record()

    def _record(self) -> None:
        now = seen(self.document)
        # Pixels flipped twice in a stroke drop out; changes of the list are kept as they are.
        if now != self.past[-1] or self.listed:
            self.past.append(now)
            self.future.clear()
        self.listed = False

    def _edit(self, edit: Edit) -> None:
        before = seen(self.document)
        change = self.document.edit(edit)
        assert (change is None) == (seen(self.document) == before)
        self.listed |= change is not None and isinstance(edit, ListEdit)
        if not self.in_stroke:
            self._record()

    @precondition(lambda self: self.document.entries)
    @rule(edit=_pixel_edits, choice=st.integers(0, 99))
    def change_pixels(self, edit: Edit, choice: int) -> None:
        entries = self.document.entries
        self.document.choose_active(entries[choice % len(entries)].id)
        self._edit(edit)

    @precondition(lambda self: len(self.document.entries) < 4)
    @rule(pixels=_pixels, name=st.sampled_from(("ours", "theirs", "∅ \ud800")))
    def add(self, pixels: np.ndarray, name: str) -> None:
        self._edit(AddMask(NamedMask(name=name, kind=KINDS[1], pixels=pixels)))

    @precondition(lambda self: len(self.document.entries) < 4 and not self.in_stroke)
    @rule(pixels=_pixels)
    def adopt(self, pixels: np.ndarray) -> None:
        before = (self.document.undo_text, self.document.redo_text)
        entries = self.document.entries
        self.document.adopt(NamedMask(name="late", kind=KINDS[0], pixels=pixels))
        assert self.document.entries[:-1] == entries
        assert (self.document.undo_text, self.document.redo_text) == before
        # It was there all along: in every state that was, and in every one that can be again.
        late = seen(self.document)[-1]
        self.past = [(*state, late) for state in self.past]
        self.future = [(*state, late) for state in self.future]

    @precondition(lambda self: self.document.entries)
    @rule(
        choice=st.integers(0, 99),
        make=st.sampled_from(
            (
                RemoveMask,
                lambda mask: RenameMask(mask, "another"),
                lambda mask: ChooseKind(mask, KINDS[0]),
                DuplicateMask,
            )
        ),
    )
    def change_list(self, choice: int, make: type[RemoveMask]) -> None:
        entries = self.document.entries
        self._edit(make(entries[choice % len(entries)].id))

    @rule()
    def begin_stroke(self) -> None:
        self._settle()
        self.document.begin_stroke()
        self.in_stroke = True

    @rule()
    def end_stroke(self) -> None:
        self.document.end_stroke()
        self._settle()

    @rule()
    def abandon_stroke(self) -> None:
        self.document.abandon_stroke()
        self.in_stroke = self.listed = False
        assert seen(self.document) == self.past[-1]

    @precondition(lambda self: self.document.entries)
    @rule(edits=st.lists(_pixel_edits, min_size=1, max_size=3), abandoned=st.booleans())
    def stroke(self, edits: list[Edit], abandoned: bool) -> None:
        self.begin_stroke()
        for edit in edits:
            self._edit(edit)
        if abandoned:
            self.abandon_stroke()
        else:
            self.end_stroke()

    @rule()
    def undo(self) -> None:
        self._settle()
        change = self.document.undo()
        assert (change is not None) == (len(self.past) > 1)
        if change is not None:
            self.future.append(self.past.pop())
        assert seen(self.document) == self.past[-1]

    @rule()
    def redo(self) -> None:
        self._settle()
        change = self.document.redo()
        assert (change is not None) == bool(self.future)
        if change is not None:
            self.past.append(self.future.pop())
        assert seen(self.document) == self.past[-1]

    @rule()
    def save_and_load(self) -> None:
        self.document.end_stroke()
        whole = session(steps=1, side=2, picture=16, maps=0)
        masks = self.document.snapshot()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "one.memlens"
            save_session(replace(whole, masks=masks), path)
            loaded = load_session(path)
        again = MaskDocument.from_masks(SIZE, loaded.masks)
        assert [row[1:] for row in seen(again)] == [row[1:] for row in seen(self.document)]
        self._start(again)

    @invariant()
    def the_replayed_changes_give_the_same(self) -> None:
        assert seen(self.twin) == seen(self.document)

    @invariant()
    def what_can_be_undone_is_told(self) -> None:
        if not self.in_stroke:
            assert self.document.can_undo == (len(self.past) > 1)
            assert self.document.can_redo == bool(self.future)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(edit=_pixel_edits, pixels=_pixels)
def test_undoing_what_was_done_changes_nothing(edit: Edit, pixels: np.ndarray) -> None:
    mask = NamedMask(name="m", kind=KINDS[0], pixels=pixels)
    document = MaskDocument.from_masks(SIZE, [mask])
    before = seen(document)
    if document.edit(edit) is not None:
        document.undo()
    assert seen(document) == before
