"""The application in a process of its own: nothing may crash in the interpreter's last moments."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def run_child(script: str, *, offscreen: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM")
    if offscreen:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    environment["PYTHONPATH"] = str(CHECKOUT)
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=100,
        env=environment,
    )


def check(child: subprocess.CompletedProcess[str]) -> str:
    assert child.returncode == 0, child.stderr
    for bad in ("Traceback", "Fatal", "QThread: Destroyed", "Segmentation", "QPaint"):
        assert bad not in child.stderr, child.stderr
    return child.stdout


@pytest.mark.parametrize("after_ms", [0, 400])
def test_a_normal_close_exits_0(tiny_pipeline: Path, after_ms: int) -> None:
    check(
        run_child(
            f"""
            import sys
            from PySide6.QtCore import QTimer
            from ui.app import run
            shown = lambda window: QTimer.singleShot({after_ms}, window.close)
            sys.exit(run([{str(tiny_pipeline)!r}], when_shown=shown))
            """
        )
    )


def test_a_close_in_the_middle_of_a_run_exits_0(tiny_pipeline: Path) -> None:
    out = check(
        run_child(
            f"""
            import sys
            from PySide6.QtCore import QTimer
            from ui.app import run

            def shown(window):
                timer = QTimer(window)

                def look():
                    view = window.inspection.view()
                    if view.setup.model_name == "tiny" and not view.setup.model_loading:
                        if not view.setup.prompt:
                            window.inspection.set_prompt("red apple")
                            window.inspection.run()
                        elif view.timeline.reached > 2:
                            timer.stop()
                            print("closing at", view.timeline.reached)
                            window.inspection.keeping.discard_all()
                            window.close()

                timer.timeout.connect(look)
                timer.start(10)

            sys.exit(run([{str(tiny_pipeline)!r}], when_shown=shown))
            """
        )
    )
    assert "closing at" in out


def test_nothing_slow_is_imported_before_the_window_is_drawn(tmp_path: Path) -> None:
    out = check(
        run_child(
            """
            import sys
            from ui.app import run

            def shown(window):
                slow = (
                    "torch", "diffusers", "transformers", "scipy", "matplotlib", "pyarrow",
                    "jinja2", "pycocotools", "importlib.metadata", "numpy.testing",
                )
                print([name for name in slow if name in sys.modules])
                window.close()

            import ui.control.demo_session
            from pathlib import Path
            ui.control.demo_session.demo_session_path = lambda: Path("missing")
            import ui.control.inspection
            ui.control.inspection.demo_folder = lambda: Path("missing")
            sys.exit(run([], when_shown=shown))
            """
        )
    )
    assert out.strip() == "[]"


def test_version_needs_no_window() -> None:
    child = run_child("from ui.app import run; run(['--version'])", offscreen=False)
    assert child.returncode == 0
    assert child.stdout.startswith("memlens ")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has no display")
def test_without_a_display_it_says_so_and_renders(tiny_pipeline: Path) -> None:
    out = check(
        run_child(
            f"import sys; from ui.app import run; sys.exit(run([{str(tiny_pipeline)!r}]))",
            offscreen=False,
        )
    )
    assert "no display" in out
    picture = next(Path(line) for line in out.splitlines() if line.endswith(".png"))
    assert picture.read_bytes().startswith(b"\x89PNG")
    picture.unlink()
    picture.parent.rmdir()


def test_scenes_and_plots_die_before_the_application_ten_times_of_ten() -> None:
    script = """
    import sys
    from pathlib import Path
    import ui.control.demo_session
    ui.control.demo_session.demo_session_path = lambda: Path("missing")
    from dataclasses import replace
    from tests.support.drawn_views import canvas, timeline, values
    from ui.app import run
    def draw(window):
        window.canvas.show_view(canvas(4, nearest=False))
        window.timeline.show_view(timeline(window=(2, 6)))
        window.inspect.display.histogram.show_view(canvas(4).panels[0], "inferno", 0.5)
        window.grab()
        window.close()
    sys.exit(run([], when_shown=draw))
    """
    environment = dict(os.environ, PYTHONPATH=str(CHECKOUT), QT_QPA_PLATFORM="offscreen")
    command = [sys.executable, "-X", "faulthandler", "-c", textwrap.dedent(script)]
    children = [
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(10)
    ]
    for child in children:
        _, said = child.communicate(timeout=100)
        assert child.returncode == 0, said
        for bad in ("Traceback", "Fatal", "QThread: Destroyed", "Segmentation", "ViewBox should"):
            assert bad not in said, said
