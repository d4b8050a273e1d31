"""The index of a sweep: a row a task, in SQLite, so that 100,000 open and page at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from memlens.errors import DatasetError, OutputError
from memlens.evaluation.truths import Truth
from memlens.sweep.outcome import Outcome
from memlens.sweep.tasks import Task

SCHEMA = 1
WAITING, DONE, FAILED = "waiting", "done", "failed"
_WHAT = "id, row, prompt, seed, overfit_type, grp, truth, folder, stem"
_FIELDS = f"{_WHAT}, status, attempts, error, verdict"
_COLUMNS = {"index": "id", "prompt": "prompt", "seed": "seed", "kind": "overfit_type",
            "group": "grp", "status": "status", "verdict": "verdict"}  # fmt: skip
_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY, row TEXT NOT NULL, prompt TEXT NOT NULL, seed INTEGER NOT NULL,
    overfit_type TEXT NOT NULL, grp TEXT NOT NULL, truth TEXT NOT NULL, folder TEXT NOT NULL,
    stem TEXT NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL, error TEXT NOT NULL,
    verdict TEXT NOT NULL, UNIQUE (folder, stem), UNIQUE (prompt, seed));
CREATE TABLE numbers (name TEXT NOT NULL, task INTEGER NOT NULL REFERENCES tasks (id),
    value REAL NOT NULL, PRIMARY KEY (task, name)) WITHOUT ROWID;
CREATE TABLE skipped (name TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX by_status ON tasks (status);
CREATE INDEX by_name ON numbers (name, value);
"""
_NAMES = """
WITH RECURSIVE each (name) AS (
    SELECT MIN(name) FROM numbers
    UNION ALL
    SELECT (SELECT MIN(numbers.name) FROM numbers WHERE numbers.name > each.name) FROM each
    WHERE each.name IS NOT NULL)
SELECT name FROM each WHERE name IS NOT NULL
"""
_ALL, _NOTHING, _UNKNOWN = "*", "-", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One task as the index knows it.

    Attributes
    ----------
    task
        What was asked; a truth that is a file lies in the sweep's folder.
    status
        "waiting", "done" or "failed".
    attempts
        How often it was tried.
    error
        Why it failed, "" where it did not.
    verdict
        On its controls, "" without any.
    numbers
        By name; see `memlens.evaluation.picture_numbers`.
    """

    task: Task
    status: str
    attempts: int
    error: str
    verdict: str
    numbers: Mapping[str, float] = field(default_factory=dict)


class RunIndex:
    """A sweep's index, open; one process writes, any number read.

    Parameters
    ----------
    path
        Of the file.
    folder
        What the truths' paths are relative to.
    connection
        To it.
    """

    def __init__(self, path: Path, folder: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._folder = folder
        self._connection = connection

    @classmethod
    def create(
        cls,
        path: Path,
        tasks: Iterable[Task],
        *,
        facts: Mapping[str, str],
        truths: Mapping[Path, str],
        skipped: Iterable[tuple[str, str]] = (),
    ) -> Self:
        """Make an index in which every task waits: whole, or not there.

        Parameters
        ----------
        truths
            Where each mask lies within the sweep's folder.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        partial = path.with_name(f".{path.name}.partial")
        partial.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(partial)) as connection, connection:
                connection.executescript(_TABLES)
                connection.execute(f"PRAGMA user_version = {SCHEMA}")
                connection.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
                connection.executemany("INSERT INTO skipped VALUES (?, ?)", skipped)
                connection.executemany(
                    f"INSERT INTO tasks ({_FIELDS}) VALUES (?,?,?,?,?,?,?,?,?,?,0,'','')",
                    (_values(task, truths) for task in tasks),
                )
            partial.replace(path)
        except (sqlite3.Error, OSError) as error:
            partial.unlink(missing_ok=True)
            raise _unwritten(path, error) from error
        return cls.open(path, writable=True)

    @classmethod
    def open(cls, path: Path, *, writable: bool = False) -> Self:
        """Open an index.

        Raises
        ------
        DatasetError
            If there is none, or it is damaged or of a newer memlens.
        """
        if not path.is_file():
            raise DatasetError(f"there is no sweep in {path.parent}: it has no {path.name}.")
        try:
            connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != SCHEMA:
                connection.close()
                raise DatasetError(
                    f"{path} is of schema {version}, this memlens reads {SCHEMA}: update memlens."
                )
            if writable:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
            else:
                connection.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            raise DatasetError(f"{path} cannot be read: {error}.") from error
        return cls(path, path.parent, connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it; again is harmless."""
        self._connection.close()

    def facts(self) -> dict[str, str]:
        """Return what is known of the sweep as a whole."""
        return dict(self._read("SELECT name, value FROM facts"))

    def set_fact(self, name: str, value: str) -> None:
        """Keep something of the sweep as a whole.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        self._write([("INSERT OR REPLACE INTO facts VALUES (?, ?)", [(name, value)])])

    def counts(self) -> dict[str, int]:
        """Return how many tasks there are by status; all three are named."""
        found = dict(self._read("SELECT status, COUNT(*) FROM tasks GROUP BY status"))
        return {status: int(found.get(status, 0)) for status in (WAITING, DONE, FAILED)}

    def skipped(self) -> tuple[tuple[str, str], ...]:
        """Return the rows that the manifest leaves out, each with the reason."""
        return tuple((str(a), str(b)) for a, b in self._read("SELECT name, reason FROM skipped"))

    def unfinished(self) -> tuple[int, ...]:
        """Return the tasks that are not done, in order."""
        found = self._read("SELECT id FROM tasks WHERE status != ? ORDER BY id", (DONE,))
        return tuple(int(number) for (number,) in found)

    def record(self, outcome: Outcome) -> None:
        """Write what came of a task, at once or not at all.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        status = FAILED if outcome.error else DONE
        self._write(
            [
                (
                    "UPDATE tasks SET status = ?, error = ?, verdict = ?, attempts = attempts + 1 "
                    "WHERE id = ?",
                    [(status, outcome.error, outcome.verdict, outcome.index)],
                ),
                ("DELETE FROM numbers WHERE task = ?", [(outcome.index,)]),
                _numbers({outcome.index: outcome.numbers}),
            ]
        )

    def put_numbers(self, numbers: Mapping[int, Mapping[str, float]]) -> None:
        """Keep numbers of tasks beside those that are there.

        Raises
        ------
        OutputError
            If they cannot be written.
        """
        self._write([_numbers(numbers)])

    def number_names(self) -> tuple[str, ...]:
        """Return the names that numbers have, in order."""
        # One look a name into the key, where DISTINCT would read every number.
        return tuple(str(name) for (name,) in self._read(_NAMES))

    def numbers(self, name: str) -> dict[int, float]:
        """Return one number of all tasks that have it."""
        return dict(self._read("SELECT task, value FROM numbers WHERE name = ?", (name,)))

    def order(
        self,
        *,
        by: str = "index",
        descending: bool = False,
        text: str = "",
        equal: Mapping[str, str] | None = None,
        between: Mapping[str, tuple[float, float]] | None = None,
    ) -> NDArray[np.int64]:
        """Return the tasks that pass all filters, sorted; undefined numbers come last.

        Parameters
        ----------
        by
            "index", "prompt", "seed", "kind", "group", "status", "verdict", or a number's name.
        text
            Words that prompt, group, row or verdict contain, whatever their case.
        equal
            Value by column (of those above).
        between
            Lowest and highest value by number's name, both included.

        Raises
        ------
        DatasetError
            If a column is not known.
        """
        query, given = "SELECT t.id FROM tasks t", []
        named = {*(between or {}), *(() if by in _COLUMNS else (by,))}
        aliases = {name: f"n{place}" for place, name in enumerate(sorted(named))}
        for name, alias in aliases.items():
            query += f" LEFT JOIN numbers {alias} ON {alias}.task = t.id AND {alias}.name = ?"
            given.append(name)
        conditions = []
        for word in text.split():
            conditions.append(
                "(t.prompt LIKE ? ESCAPE '\\' OR t.grp LIKE ? ESCAPE '\\' "
                "OR t.row LIKE ? ESCAPE '\\' OR t.verdict LIKE ? ESCAPE '\\')"
            )
            given += [_containing(word)] * 4
        for column, value in (equal or {}).items():
            if column not in _COLUMNS:
                raise DatasetError(f"there is no column {column!r}: {', '.join(_COLUMNS)}.")
            conditions.append(f"t.{_COLUMNS[column]} = ?")
            given.append(value)
        for name, (low, high) in (between or {}).items():
            conditions.append(f"{aliases[name]}.value BETWEEN ? AND ?")
            given += [low, high]
        if conditions:
            query += " WHERE " + " AND ".join(conditions)
        column = f"t.{_COLUMNS[by]}" if by in _COLUMNS else f"{aliases[by]}.value"
        way = "DESC" if descending else "ASC"
        query += f" ORDER BY {column} IS NULL, {column} {way}, t.id"
        return np.array([number for (number,) in self._read(query, given)], dtype=np.int64)

    def rows(self, tasks: Sequence[int] | NDArray[np.int64]) -> tuple[IndexRow, ...]:
        """Return the rows of tasks, in the order given."""
        wanted = [int(number) for number in tasks]
        found: dict[int, IndexRow] = {}
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            numbers: dict[int, dict[str, float]] = {number: {} for number in part}
            for task, name, value in self._read(
                f"SELECT task, name, value FROM numbers WHERE task IN ({marks})", part
            ):
                numbers[task][name] = value
            for values in self._read(f"SELECT {_FIELDS} FROM tasks WHERE id IN ({marks})", part):
                found[values[0]] = self._row(values, numbers[values[0]])
        return tuple(found[number] for number in wanted)

    def tasks(self) -> tuple[Task, ...]:
        """Return all tasks, in order."""
        found = self._read(f"SELECT {_FIELDS} FROM tasks ORDER BY id")
        return tuple(self._row(values, {}).task for values in found)

    def all_rows(self) -> tuple[IndexRow, ...]:
        """Return all rows without their numbers, in order."""
        found = self._read(f"SELECT {_FIELDS} FROM tasks ORDER BY id")
        return tuple(self._row(values, {}) for values in found)

    def _row(self, values: Sequence[Any], numbers: Mapping[str, float]) -> IndexRow:
        number, row, prompt, seed, overfit_type, group, truth, folder, stem = values[:9]
        status, attempts, error, verdict = values[9:]
        return IndexRow(
            task=Task(
                index=int(number),
                row=str(row),
                prompt=str(prompt),
                seed=int(seed),
                overfit_type=str(overfit_type),
                group=str(group),
                truth=self._truth(str(truth)),
                folder=str(folder),
                stem=str(stem),
            ),
            status=str(status),
            attempts=int(attempts),
            error=str(error),
            verdict=str(verdict),
            numbers=numbers,
        )

    def _truth(self, word: str) -> Truth:
        known: dict[str, bool | None] = {_ALL: True, _NOTHING: False, _UNKNOWN: None}
        return known[word] if word in known else self._folder / word

    def _read(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise DatasetError(f"{self._path} cannot be read: {error}.") from error

    def _write(self, statements: Iterable[tuple[str, Iterable[Sequence[object]]]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for statement, values in statements:
                    self._connection.executemany(statement, values)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise _unwritten(self._path, error) from error


def _values(task: Task, truths: Mapping[Path, str]) -> tuple[object, ...]:
    truth = {True: _ALL, False: _NOTHING, None: _UNKNOWN}.get(task.truth)  # type: ignore[arg-type]
    if isinstance(task.truth, Path):
        truth = truths.get(task.truth, str(task.truth))
    return (task.index, task.row, task.prompt, task.seed, task.overfit_type, task.group, truth,
            task.folder, task.stem, WAITING)  # fmt: skip


def _numbers(
    numbers: Mapping[int, Mapping[str, float]],
) -> tuple[str, list[tuple[str, int, float]]]:
    return (
        "INSERT OR REPLACE INTO numbers VALUES (?, ?, ?)",
        [(name, task, value) for task, own in numbers.items() for name, value in own.items()],
    )


def _containing(word: str) -> str:
    for letter in "\\%_":
        word = word.replace(letter, f"\\{letter}")
    return f"%{word}%"


def _unwritten(path: Path, error: Exception) -> OutputError:
    reason = str(error)
    if isinstance(error, OSError) and error.strerror:
        reason = error.strerror.lower()
    return OutputError(f"{path} was not written: {reason}.")
