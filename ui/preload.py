"""Load torch's libraries without holding the interpreter: the window stays smooth meanwhile."""

from __future__ import annotations

import ctypes
import sys
from importlib.util import find_spec
from pathlib import Path

_LIBRARIES = ("libc10.so", "libtorch_cpu.so", "libtorch.so", "libtorch_python.so")
_RTLD_LAZY = 1


def preload_torch() -> None:
    """Map torch's shared libraries through the C `dlopen`, which ctypes calls without the lock.

    `import torch` then finds them in place; on other platforms this does nothing.
    """
    if not sys.platform.startswith("linux"):
        return
    spec = find_spec("torch")
    if spec is None or spec.origin is None:
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    for name in _LIBRARIES:
        library = Path(spec.origin).parent / "lib" / name
        if library.is_file():
            dlopen(str(library).encode(), _RTLD_LAZY)
