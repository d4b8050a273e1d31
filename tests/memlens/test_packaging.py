"""The built wheel, installed where nothing else of memlens is, starts and finds its resources."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

import memlens

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("memlens", "ui", "resources")

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy, so that the checkout stays clean and nothing stale gets in."""
    source = tmp_path_factory.mktemp("source")
    for name in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in ("pyproject.toml", project["readme"]):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."]
    built = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = (source / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; its dependencies are borrowed from this one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python"]
    options = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*pip, *options, wheel], check=True)
    (packages,) = (folder / "lib").glob("python*/site-packages")
    # A path in a .pth is searched, but its own .pth files, with an editable memlens, are not run.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def run(environment: Path, script: str, *arguments: str, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [environment / "bin" / script, *arguments],
        cwd=cwd,
        env=clean,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long
def test_the_wheel_holds_every_file_and_no_other(wheel: Path) -> None:
    here = {
        path.relative_to(ROOT).as_posix()
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert inside == here


@pytest.mark.long
def test_it_is_the_installed_one_that_runs(environment: Path, tmp_path: Path) -> None:
    code = "import memlens, ui, resources; print(memlens.__file__, ui.__file__, resources.__file__)"
    for path in run(environment, "python", "-c", code, cwd=tmp_path).split():
        assert path.startswith(str(environment))


def test_both_scripts_start(environment: Path, tmp_path: Path) -> None:
    expected = f"memlens {memlens.__version__}"
    assert run(environment, "memlens-cli", "--version", cwd=tmp_path).strip() == expected
    assert run(environment, "memlens", "--version", cwd=tmp_path).strip() == expected


@pytest.mark.long
def test_the_demo_model_is_found(environment: Path, tmp_path: Path) -> None:
    told = run(environment, "memlens-cli", "info", "demo", cwd=tmp_path)
    assert str(environment) in told
    assert "4 × 32 × 32" in told
