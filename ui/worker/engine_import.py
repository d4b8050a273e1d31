"""Import torch and diffusers without stopping the window: nothing holds the interpreter long."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_LIBRARIES = ("libc10.so", "libtorch_cpu.so", "libtorch.so", "libtorch_python.so")
_RTLD_LAZY = 1


def import_engine() -> None:
    """Import all that the engine needs, in the worker thread."""
    with _without_collection():
        _map_libraries()
        import_module("torch")
        transformers = import_module("transformers")
        for name in ("CLIPTextModel", "CLIPTokenizer"):
            getattr(transformers, name)
        diffusers = import_module("diffusers")
        for name in ("AutoencoderKL", "DDIMScheduler", "UNet2DConditionModel"):
            getattr(diffusers, name)
        import_module("memlens.models.loading")
        import_module("memlens.maps.localize")
        import_module("memlens.sampling.sample")


def import_drawing() -> None:
    """Import all that exports need, in the worker thread."""
    if "memlens.export.report" in sys.modules and "matplotlib.figure" in sys.modules:
        return
    with _without_collection():
        for name in ("figure", "mathtext", "backends.backend_pdf", "backends.backend_svg"):
            import_module(f"matplotlib.{name}")
        import_module("jinja2")
        for name in ("animation", "figure", "map_files", "report", "tables"):
            import_module(f"memlens.export.{name}")


@contextmanager
def _without_collection() -> Iterator[None]:
    """Collect no garbage meanwhile, and leave what was made out of later collections.

    A full garbage collection amid some hundred thousand new objects stops every thread for a
    quarter of a second.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collecting:
            gc.enable()


def _map_libraries() -> None:
    """Map torch's shared libraries through the C `dlopen`, called without the interpreter's lock.

    `import torch` then finds them in place; on other platforms this does nothing.
    """
    if not sys.platform.startswith("linux") or "torch" in sys.modules:
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
