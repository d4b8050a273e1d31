from __future__ import annotations

import os
from pathlib import Path

import pytest

from ui.state.settings import Settings, load_settings, save_settings, settings_path


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.toml"
    save_settings(Settings(theme="dark", panels=("cov", "picture")), path)
    text = path.read_text()
    assert 'theme = "dark"' in text
    assert "# system, light or dark" in text
    assert "probes" not in text
    assert load_settings(path) == (Settings(theme="dark", panels=("cov", "picture")), "")


def test_a_missing_file_means_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == (Settings(), "")


def test_a_damaged_file_means_defaults_and_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("theme = [unclosed")
    settings, problem = load_settings(path)
    assert settings == Settings()
    assert str(path) in problem


def test_wrong_types_are_ignored_and_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('theme = 3\nprobes = true\nopacity = 1\nfuture = "x"\nsteps = 20\n')
    settings, problem = load_settings(path)
    assert settings == Settings(opacity=1.0, steps=20)
    assert "theme" in problem and "probes" in problem and "opacity" not in problem


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: object) -> None:
    path = tmp_path / "settings.toml"
    save_settings(Settings(steps=7), path)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    patch = pytest.MonkeyPatch()
    patch.setattr(os, "replace", refuse)
    with pytest.raises(OSError):
        save_settings(Settings(steps=8), path)
    patch.undo()
    assert load_settings(path)[0].steps == 7
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"]


def test_the_file_lies_in_the_config_folder(isolated_home: Path) -> None:
    assert settings_path().is_relative_to(isolated_home)


def test_recent_models_are_newest_first_and_few() -> None:
    settings = Settings()
    for number in [*range(10), 3]:
        settings = settings.with_recent_model(f"m{number}")
    assert settings.recent_models[:3] == ("m3", "m9", "m8")
    assert len(settings.recent_models) == len(set(settings.recent_models)) == 8
