"""The noise x_T that a run starts from: as a CPU draws it, as a CUDA device does, or given.

The published (seed, template) pairs were drawn by a generator on a CUDA device, in half precision.
PyTorch's generator there is counter-based, so that the same numbers are made on any machine.
"""

from __future__ import annotations

import hashlib
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memlens.errors import SettingsError
from memlens.files.array_files import ArrayFileError, read_array_file

CPU, CUDA = "cpu", "cuda"
GIVEN = "array"

Noise = str | NDArray[np.generic]

# Philox-4×32-10 (Salmon et al., SC 2011): multipliers, Weyl constants, rounds.
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10
_LOW = np.uint64(0xFFFFFFFF)
_HALF_A_WORD = np.uint64(32)


def check_noise(noise: Noise, shape: tuple[int, int, int]) -> None:
    """Raise unless `noise` is a name, or an array that a run can start from.

    Parameters
    ----------
    noise
        "cpu", "cuda", or numbers of shape (C, H, W) or (1, C, H, W).
    shape
        (C, H, W) of the latent.

    Raises
    ------
    SettingsError
        If it is neither.
    """
    if isinstance(noise, str):
        if noise not in (CPU, CUDA):
            raise SettingsError(f"noise cannot be drawn as on {noise!r}: choose cpu or cuda.")
        return
    if noise.dtype.kind not in "fiu":
        raise SettingsError(f"the noise holds {noise.dtype}, not numbers.")
    if noise.shape not in (shape, (1, *shape)):
        raise SettingsError(f"the noise has shape {noise.shape}, the latent {shape}.")
    if not np.isfinite(noise).all():
        raise SettingsError("the noise holds NaN or infinity.")


def read_noise(words: str) -> Noise:
    """Return what an option says: "cpu", "cuda", or the numbers of a .npy file.

    Raises
    ------
    SettingsError
        If the file cannot be read.
    """
    if words in (CPU, CUDA):
        return words
    try:
        return read_array_file(Path(words).expanduser(), kinds="fiu")
    except ArrayFileError as error:
        raise SettingsError(f"the noise {words} {error}.") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(
            f"the noise {words} is neither cpu nor cuda, nor a file that can be read: {reason}."
        ) from error


def noise_name(noise: Noise) -> str:
    """Return what provenance says of `noise`: its name, or ``array@`` and its fingerprint.

    The fingerprint is twelve hexadecimal digits over its shape and its numbers as float32.
    """
    if isinstance(noise, str):
        return noise
    numbers = np.ascontiguousarray(noise, dtype="<f4")
    shape = numbers.shape[-3:]
    digest = hashlib.sha256(f"{shape};".encode() + numbers.tobytes())
    return f"{GIVEN}@{digest.hexdigest()[:12]}"


def cuda_noise(seed: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return ``torch.randn(shape, generator=…, device="cuda", dtype=float16)`` of this seed.

    PyTorch fills a tensor with a grid of 256-thread blocks, one thread to a value as long as the
    device can hold so many (multiprocessors × resident threads: 16,384 on 8 multiprocessors,
    221,184 on an A100), which is assumed here. Thread i is subsequence i of the generator, so its
    counter is (offset, 0, i, 0), the offset of a fresh generator 0, the key the seed; of the four
    normals that it makes only the first falls into the tensor. That one is √(−2 ln u) sin v
    of the first two words (cuRAND's Box-Muller transform). The device's fast sine may differ
    from this in the last bits of a float32, which float16 rounds away but for a rare tie.

    Parameters
    ----------
    seed
        0 ≤ seed < 2⁶⁴.
    shape
        Any.

    Returns
    -------
    ndarray
        float32, each value one of float16, as the official protocol draws it.
    """
    half: NDArray[np.float16] = cuda_normals(seed, prod(shape)).astype(np.float16)
    return half.astype(np.float32).reshape(shape)


def cuda_normals(seed: int, count: int) -> NDArray[np.float32]:
    """Return the first `count` normals of a fresh CUDA generator, before any rounding to half."""
    first, second = _philox_words(seed, count)
    scale, turn = np.float32(2.0**-32), np.float32(2.0**-32 * 2.0 * np.pi)
    # float32 as on the device, with the rounding of its fused multiply-add.
    u = _fused(first, scale)
    v = _fused(second, turn)
    normals: NDArray[np.float32] = (np.sqrt(-2.0 * np.log(u)) * np.sin(v)).astype(np.float32)
    return normals


def _fused(words: NDArray[np.uint64], scale: np.float32) -> NDArray[np.float64]:
    """Return words·scale + scale/2, rounded once to float32, as float64."""
    exact = words.astype(np.float32).astype(np.float64) * float(scale) + float(scale) / 2.0
    return exact.astype(np.float32).astype(np.float64)


def _philox_words(seed: int, count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the first two of the four 32-bit words of subsequences 0..count−1, at offset 0."""
    index = np.arange(count, dtype=np.uint64)
    zero = np.zeros(count, np.uint64)
    a, b, c, d = zero, zero, index & _LOW, index >> _HALF_A_WORD
    keys = [seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF]
    for _ in range(_ROUNDS):
        left, right = _MULTIPLIERS[0] * a, _MULTIPLIERS[1] * c
        a, b, c, d = (
            (right >> _HALF_A_WORD) ^ b ^ np.uint64(keys[0]),
            right & _LOW,
            (left >> _HALF_A_WORD) ^ d ^ np.uint64(keys[1]),
            left & _LOW,
        )
        keys = [(key + weyl) & 0xFFFFFFFF for key, weyl in zip(keys, _WEYL, strict=True)]
    return a, b
