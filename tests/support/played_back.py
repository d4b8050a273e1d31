"""The run that most tests of the window begin with: made once, and played back to every other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

_TOLD = ("progress", "on_step")


class PlayedBack:
    """Stands before a long call of the engine: what it told and gave at first is told again.

    To the window nothing differs but how long it takes: the same reports and the same maps come
    in the same order, and a token that is set ends it. A call with other arguments is made.

    Parameters
    ----------
    call
        Returns a result, or an iterator of results, and tells its callbacks how far it is.
    """

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        # Arguments are kept, so that no other object gets the number of one of them.
        self._kept: dict[tuple[Any, ...], tuple[list[tuple[str, Any]], Any]] = {}

    def result(self, *arguments: Any, **settings: Any) -> Any:
        """Stand for a call that returns a result."""
        (found,) = self.results(*arguments, **settings)
        return found

    def results(self, *arguments: Any, **settings: Any) -> Iterator[Any]:
        """Stand for a call that returns an iterator."""
        key = _key(arguments, settings)
        if key in self._kept:
            return self._again(self._kept[key][0], settings)
        return self._first(key, arguments, settings)

    def _first(
        self, key: tuple[Any, ...], arguments: tuple[Any, ...], settings: dict[str, Any]
    ) -> Iterator[Any]:
        told: list[tuple[str, Any]] = []

        def noting(name: str, tell: Callable[[Any], object]) -> Callable[[Any], None]:
            def note(what: Any) -> None:
                told.append((name, what))
                tell(what)

            return note

        watched = {name: noting(name, settings[name]) for name in _TOLD if settings.get(name)}
        found = self._call(*arguments, **{**settings, **watched})
        for result in found if isinstance(found, Iterator) else (found,):
            told.append(("", result))
            yield result
        self._kept[key] = told, (arguments, settings)

    def _again(self, told: list[tuple[str, Any]], settings: dict[str, Any]) -> Iterator[Any]:
        for name, what in told:
            settings["cancel"].check()
            if not name:
                yield what
            elif settings.get(name):
                settings[name](what)


def _key(arguments: tuple[Any, ...], settings: dict[str, Any]) -> tuple[Any, ...]:
    chosen = {name: what for name, what in settings.items() if name not in (*_TOLD, "cancel")}
    return tuple(_plain(what) for what in (*arguments, *sorted(chosen.items())))


def _plain(what: Any) -> Any:
    """Return numbers and words as they are, and anything else as the object that it is."""
    if isinstance(what, str | int | float | None):
        return what
    if isinstance(what, tuple):
        return tuple(_plain(part) for part in what)
    if isinstance(what, dict):
        # Of the kinds that are asked for, only the names count.
        return tuple(what)
    return id(what)
