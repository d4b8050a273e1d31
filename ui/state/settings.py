"""Settings that outlive the window: a small TOML of the values that differ from the defaults."""

from __future__ import annotations

import os
import tempfile
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

import platformdirs
import tomli_w

from memlens.estimators.names import DEFAULT_ESTIMATOR, DEFAULT_PROBES
from ui.language.translation import tr

_HEADER = "# memlens settings: only what differs from the defaults. Safe to edit or delete.\n"
_RECENT = 8


def _setting(default: Any, about: str) -> Any:
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is kept between two starts."""

    theme: str = _setting("system", "system, light or dark")
    recent_models: tuple[str, ...] = _setting((), "newest first")
    recent_baselines: tuple[str, ...] = _setting((), "newest first")
    recent_sessions: tuple[str, ...] = _setting((), "newest first")
    device: str = _setting("auto", "auto, cpu, cuda or mps")
    dtype: str = _setting("auto", "auto, float32, bfloat16 or float16")
    steps: int = _setting(50, "sampling steps")
    estimator: str = _setting(DEFAULT_ESTIMATOR, "how curvature is estimated")
    probes: int = _setting(DEFAULT_PROBES, "random probes per curvature map")
    prefetch: bool = _setting(True, "compute the neighbours of the shown step while idle")
    panels: tuple[str, ...] = _setting((), "content of each panel")
    colormap: str = _setting("inferno", "of all panels")
    opacity: float = _setting(0.7, "of the maps over the picture, 0 to 1")
    nearest: bool = _setting(True, "draw latent coordinates as squares")
    outline: bool = _setting(True, "outline the mask")
    tint: float = _setting(0.0, "how opaque masks are filled, 0 to 1")
    tolerance: float = _setting(24.0, "of the magic wand, 0 to 255")
    stretched: bool = _setting(False, "stretch levels to each map")
    log_scale: bool = _setting(False, "colours follow the logarithm of the values")
    units: str = _setting("canonical", "canonical or paper")
    smoothing: int = _setting(1, "side of the mean filter, odd")
    export_folder: str = _setting("", "where the last export went")

    def changed(self, **values: Any) -> Self:
        """Return a copy with `values`."""
        return replace(self, **values)

    def with_recent_model(self, source: str) -> Self:
        """Return a copy with `source` first among the recent models."""
        return self.changed(recent_models=_first(source, self.recent_models))

    def with_recent_baseline(self, path: str) -> Self:
        """Return a copy with `path` first among the recent baselines."""
        return self.changed(recent_baselines=_first(path, self.recent_baselines))

    def with_recent_session(self, path: str) -> Self:
        """Return a copy with `path` first among the recent sessions."""
        return self.changed(recent_sessions=_first(path, self.recent_sessions))


def settings_path() -> Path:
    """Return where the settings lie in the person's config folder."""
    return Path(platformdirs.user_config_dir("memlens", appauthor=False)) / "settings.toml"


def load_settings(path: Path) -> tuple[Settings, str]:
    """Read settings; what is damaged or of the wrong type falls back to its default.

    Returns
    -------
    tuple
        The settings, and a sentence about what could not be read, "" when all is well.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), ""
    except (OSError, ValueError) as error:
        return Settings(), tr(
            "The settings in {path} cannot be read, defaults are used: {reason}"
        ).format(path=path, reason=error)
    values: dict[str, Any] = {}
    wrong = []
    for spec in fields(Settings):
        if spec.name in content:
            value = _of_type(content[spec.name], spec.default)
            if value is None:
                wrong.append(spec.name)
            else:
                values[spec.name] = value
    ignored = tr("Settings of the wrong type were ignored: {names}.")
    notice = ignored.format(names=", ".join(wrong)) if wrong else ""
    return Settings(**values), notice


def save_settings(settings: Settings, path: Path) -> None:
    """Write what differs from the defaults, atomically.

    Raises
    ------
    OSError
        If it cannot be written; the old file is whole.
    """
    lines = [_HEADER]
    for spec in fields(Settings):
        value = getattr(settings, spec.name)
        if value != spec.default:
            plain = list(value) if isinstance(value, tuple) else value
            lines.append(f"\n# {spec.metadata['about']}\n{tomli_w.dumps({spec.name: plain})}")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".settings")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write("".join(lines))
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _of_type(value: Any, default: Any) -> Any:
    if isinstance(default, tuple):
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return tuple(value) if fits else None
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if type(value) is type(default) else None


def _first(item: str, items: tuple[str, ...]) -> tuple[str, ...]:
    return (item, *(other for other in items if other != item))[:_RECENT]
