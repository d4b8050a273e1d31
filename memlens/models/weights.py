"""Weights files: found, checked for damage and fingerprinted before any of them is loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from memlens.errors import ModelError

# safetensors itself refuses longer headers.
_LONGEST_HEADER = 100_000_000
_PROBED_BYTES = 1 << 20
_LFS_POINTER = b"version https://git-lfs"


def component_weights(folder: Path) -> tuple[Path, ...]:
    """Return the safetensors files of one component of a pipeline.

    Raises
    ------
    ModelError
        If there are none; says so when only pickled weights are there.
    """
    found = tuple(sorted(p for p in folder.glob("*.safetensors") if "fp16" not in p.suffixes))
    if not found:
        if any(folder.glob("*.bin")) or any(folder.glob("*.ckpt")):
            raise ModelError(
                f"{folder} has only pickled weights, which memlens does not open: "
                "convert them to safetensors."
            )
        raise ModelError(f"{folder} has no weights (*.safetensors): the model is incomplete.")
    return found


def check_safetensors(path: Path) -> None:
    """Check that a safetensors file is as long as its header says.

    Raises
    ------
    ModelError
        If it is missing, truncated, not a safetensors file, or a pointer to one.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(len(_LFS_POINTER))
            if start == _LFS_POINTER:
                raise ModelError(
                    f"{path} is a Git LFS pointer, not the weights themselves: "
                    "fetch them (git lfs pull)."
                )
            file.seek(8)
            length = int.from_bytes(start[:8], "little")
            if not 2 <= length <= min(_LONGEST_HEADER, max(size - 8, 0)):
                raise ModelError(f"{path} is not a whole safetensors file: download it again.")
            header = json.loads(file.read(length))
        ends = [int(entry["data_offsets"][1]) for k, entry in header.items() if k != "__metadata__"]
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ModelError(f"{path} has a damaged safetensors header: download it again.") from error
    expected = 8 + length + max(ends, default=0)
    if size != expected:
        raise ModelError(
            f"{path} is truncated or damaged: {size:,} bytes where its header says {expected:,}. "
            "Download it again."
        )


def fingerprint(paths: Iterable[Path]) -> str:
    """Twelve hexadecimal digits over the files' sizes and their first and last mebibyte.

    Gigabytes are not read in full: two checkpoints that differ only in between would pass for
    one, which training never produces.
    """
    digest = hashlib.sha256()
    for path in sorted(paths):
        size = path.stat().st_size
        digest.update(f"{path.name}:{size};".encode())
        with path.open("rb") as file:
            digest.update(file.read(_PROBED_BYTES))
            if size > _PROBED_BYTES:
                file.seek(max(size - _PROBED_BYTES, _PROBED_BYTES))
                digest.update(file.read(_PROBED_BYTES))
    return digest.hexdigest()[:12]
