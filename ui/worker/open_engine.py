"""OpenEngine: the model, the baseline and the runs that are open; in the worker thread only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from memlens.errors import ModelError
from ui.language.translation import tr
from ui.worker.engine_import import import_engine
from ui.worker.open_runs import OpenRuns

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline, Model


class OpenEngine:
    """What jobs find open, and leave open for those after them.

    Attributes
    ----------
    model, baseline
        The open model and its less-trained baseline, None where there is none.
    runs
        That more can be computed for.
    """

    def __init__(self) -> None:
        self.model: Model | None = None
        self.baseline: Baseline | None = None
        self.runs = OpenRuns()
        self._torch_ready = False

    def the_model(self) -> Model:
        """Return the open model.

        Raises
        ------
        ModelError
            If there is none.
        """
        if self.model is None:
            raise ModelError(tr("no model is open: open one first."))
        return self.model

    def prepare_torch(self) -> None:
        """Import torch, once, and leave one core to the window."""
        if self._torch_ready:
            return
        import_engine()
        import torch
        from transformers.utils import logging

        torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
        logging.disable_progress_bar()
        self._torch_ready = True
