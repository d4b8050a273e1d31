"""memlens: where in a generated picture a diffusion model reproduces its training data.

The public interface; what needs torch, or is needed late, is imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

# Imported here so that the function, not the module of the same name, is `memlens.agreement`.
from memlens.evaluation.agreement import Agreement, agreement
from memlens.files.project import Project, Session
from memlens.files.sessions import load_project, load_session, save_project, save_session
from memlens.maps.localization_map import LocalizationMap
from memlens.progress import CancelToken, Progress

# Likewise: `memlens.readings` is the function; the package stays importable from.
from memlens.readings.computing import reading, readings
from memlens.readings.reading import Reading
from memlens.sampling.trajectory import Trajectory

if TYPE_CHECKING:
    from memlens.controls.calibrating import calibrate
    from memlens.controls.controls import Controls
    from memlens.controls.judging import judge
    from memlens.controls.loading import load_controls
    from memlens.controls.region_test import RegionTest, test_region
    from memlens.controls.verdict import Verdict
    from memlens.estimators.estimation import Estimation
    from memlens.maps.joint_maps import localize_maps, localize_maps_stream
    from memlens.maps.localize import localize, localize_stream
    from memlens.maps.step_series import localize_steps
    from memlens.maps.timeline import localize_timeline, localize_timeline_stream
    from memlens.models.baseline_loading import load_baseline
    from memlens.models.denoiser import Baseline, Model
    from memlens.models.loading import load_model
    from memlens.sampling.run_at import run_at
    from memlens.sampling.run_of_picture import run_of_picture
    from memlens.sampling.sample import sample

__all__ = [
    "Agreement",
    "Baseline",
    "CancelToken",
    "Controls",
    "Estimation",
    "LocalizationMap",
    "Model",
    "Progress",
    "Project",
    "Reading",
    "RegionTest",
    "Session",
    "Trajectory",
    "Verdict",
    "agreement",
    "calibrate",
    "judge",
    "load_baseline",
    "load_controls",
    "load_model",
    "load_project",
    "load_session",
    "localize",
    "localize_maps",
    "localize_maps_stream",
    "localize_steps",
    "localize_stream",
    "localize_timeline",
    "localize_timeline_stream",
    "reading",
    "readings",
    "run_at",
    "run_of_picture",
    "sample",
    "save_project",
    "save_session",
    "test_region",
]

__version__ = "0.1.0"

_ON_FIRST_USE = {
    "Controls": "memlens.controls.controls",
    "Estimation": "memlens.estimators.estimation",
    "RegionTest": "memlens.controls.region_test",
    "Verdict": "memlens.controls.verdict",
    "calibrate": "memlens.controls.calibrating",
    "judge": "memlens.controls.judging",
    "load_controls": "memlens.controls.loading",
    "test_region": "memlens.controls.region_test",
    "localize": "memlens.maps.localize",
    "localize_maps": "memlens.maps.joint_maps",
    "localize_maps_stream": "memlens.maps.joint_maps",
    "localize_stream": "memlens.maps.localize",
    "Baseline": "memlens.models.denoiser",
    "Model": "memlens.models.denoiser",
    "load_baseline": "memlens.models.baseline_loading",
    "load_model": "memlens.models.loading",
    "localize_steps": "memlens.maps.step_series",
    "localize_timeline": "memlens.maps.timeline",
    "localize_timeline_stream": "memlens.maps.timeline",
    "run_at": "memlens.sampling.run_at",
    "run_of_picture": "memlens.sampling.run_of_picture",
    "sample": "memlens.sampling.sample",
}


def __getattr__(name: str) -> object:
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module 'memlens' has no attribute {name!r}")
    value = getattr(import_module(_ON_FIRST_USE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
