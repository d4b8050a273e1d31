"""What calibration keeps of each prompt until all are done, a file each, so that it resumes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memlens.controls.settings import ControlSettings
from memlens.errors import ControlsError
from memlens.files.archive import DAMAGE, ArchiveReader, ArchiveWriter, reason_of
from memlens.files.atomic_write import atomic_write

_ALLOWED = re.compile(r"part\.json|arrays/maps\.npy")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One sampled prompt.

    Attributes
    ----------
    settings
        How it was made.
    prompt, seed
        What was sampled.
    sigmas
        Noise by step.
    maps
        By kind and step, (H, W), without smoothing.
    readings
        By key and step.
    versions
        Of the libraries that made it.
    """

    settings: ControlSettings
    prompt: str
    seed: int
    sigmas: Mapping[int, float]
    maps: Mapping[tuple[str, int], NDArray[np.float32]]
    readings: Mapping[tuple[str, int | None], float]
    versions: tuple[tuple[str, str], ...]


class PartsFolder:
    """The folder beside a controls file that its parts are kept in until it is written.

    Parameters
    ----------
    path
        Created when the first part is written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, index: int) -> Part | None:
        """Return a part; None where it is not there, or damaged: it is then made again."""
        try:
            with self._file(index).open("rb") as stream:
                archive = ArchiveReader(stream, allowed=_ALLOWED)
                facts = archive.json("part.json")
                maps = archive.array("arrays/maps.npy", kinds="f", dimensions=3)
            keys = [(str(kind), int(step)) for kind, step in facts["maps"]]
            settings = ControlSettings.from_json(facts["settings"])
            if maps.shape != (len(keys), *settings.grid) or maps.dtype != np.float32:
                return None
            return Part(
                settings=settings,
                prompt=str(facts["prompt"]),
                seed=int(facts["seed"]),
                sigmas={int(step): float(sigma) for step, sigma in facts["steps"]},
                maps=dict(zip(keys, maps, strict=True)),
                readings={
                    (str(key), None if step is None else int(step)): float(value)
                    for key, step, value in facts["readings"]
                },
                versions=tuple((str(a), str(b)) for a, b in dict(facts["versions"]).items()),
            )
        except DAMAGE:
            return None

    def write(self, index: int, part: Part) -> None:
        """Write a part so that it is whole or not there, whenever the process ends.

        Raises
        ------
        ControlsError
            If it cannot be written.
        """
        facts = {
            "settings": part.settings.to_json(),
            "prompt": part.prompt,
            "seed": part.seed,
            "steps": [list(pair) for pair in part.sigmas.items()],
            "maps": [list(key) for key in part.maps],
            "readings": [[*key, value] for key, value in part.readings.items()],
            "versions": dict(part.versions),
        }
        file = self._file(index)
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with atomic_write(file) as stream, ArchiveWriter(stream) as archive:
                archive.json("part.json", facts)
                archive.array("arrays/maps.npy", np.stack(list(part.maps.values())).astype("<f4"))
        except (OSError, ValueError) as error:
            raise ControlsError(f"{file} was not written: {reason_of(error)}.") from error

    def remove(self) -> None:
        """Remove the folder with all parts."""
        shutil.rmtree(self._path, ignore_errors=True)

    def _file(self, index: int) -> Path:
        return self._path / f"{index:05d}.part"
