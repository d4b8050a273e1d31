"""Opening: what a person opens beside the prompt: paths of any kind, another device. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from memlens.models.sources import is_hub_id
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.path_kind import PathKind, kind_of_path, unknown_path
from ui.language.translation import tr
from ui.vocabulary.action_keys import ActionKey

_ONE_ONLY = (PathKind.SESSION, PathKind.MODEL, PathKind.WEIGHTS, PathKind.PICTURE)


class Opening:
    """Opens what a path says, and chooses what the model runs on.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    refresh
        Shows the state after a change.
    open_model, open_session, choose_baseline
        Of the controller.
    import_mask
        Takes the path of a mask that was dropped or named.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        refresh: Callable[[], None],
        *,
        open_model: Callable[[str], None],
        open_session: Callable[[Path], None],
        choose_baseline: Callable[[str], None],
        import_mask: Callable[[Path], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._refresh = refresh
        self._open_model = open_model
        self._open_session = open_session
        self._choose_baseline = choose_baseline
        self._import_mask = import_mask

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open what was dropped or named: sessions, models, pictures, masks."""
        seen: set[PathKind] = set()
        for path in paths:
            kind = kind_of_path(path)
            if kind in seen and kind in _ONE_ONLY:
                self._say(tr("{name} was left: one at a time.").format(name=path.name))
                continue
            seen.add(kind)
            if not path.exists() and is_hub_id(path.as_posix()):
                self._open_model(path.as_posix())
            elif not path.exists():
                self._say(unknown_path(path))
            elif kind is PathKind.SESSION:
                self._open_session(path)
            elif kind is PathKind.MODEL:
                self._open_model(str(path))
            elif kind is PathKind.WEIGHTS:
                self.take_weights(path)
            elif kind is PathKind.PICTURE:
                self.open_picture(path, may_be_mask=True)
            elif kind is PathKind.MASK:
                self._import_mask(path)
            else:
                self._say(unknown_path(path))

    def open_picture(self, path: Path, *, may_be_mask: bool = False) -> None:
        """Open the training picture that runs are compared with."""
        self._state.begin_change()
        self._dispatch.open_picture(path.absolute(), may_be_mask=may_be_mask)
        self._refresh()

    def take_weights(self, path: Path) -> None:
        """Take a file of weights as the open model's less-trained baseline."""
        state = self._state
        if state.results.model is not None and not state.activity.loading:
            self._choose_baseline(str(path.absolute()))
            return
        sentence = tr("{name} holds weights alone: they can be the baseline of an open model.")
        state.notices.warn(
            sentence.format(name=path.name), (ActionKey.OPEN_MODEL, tr("Open a model"))
        )
        self._refresh()

    def choose_device(self, name: str) -> None:
        """Run the model elsewhere: "auto", "cpu", "cuda" or "mps"."""
        if name != self._state.intent.device:
            self._state.intent.device = name
            self._load_again()

    def choose_dtype(self, name: str) -> None:
        """Compute in another precision: "auto", "float32", "bfloat16" or "float16"."""
        if name != self._state.intent.dtype:
            self._state.intent.dtype = name
            self._load_again()

    def _load_again(self) -> None:
        state = self._state
        state.begin_change()
        # Smaller batches were asked for where memory ran out.
        state.intent.probes_per_batch = None
        if state.results.model is not None or state.wanted_model:
            state.keep_guidance = True
            self._dispatch.load_model(state.intent.model or state.wanted_model)
        self._refresh()

    def _say(self, sentence: str) -> None:
        self._state.notices.warn(sentence)
        self._refresh()
