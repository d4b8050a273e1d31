"""Fail when a Python file has grown past the length that one file may have."""

from __future__ import annotations

import subprocess
import sys

LIMIT = 400


def main() -> int:
    """Name every tracked or new file over the limit; return the exit code."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    too_long = 0
    for name in listed:
        try:
            with open(name, encoding="utf-8") as source:
                lines = sum(1 for _ in source)
        except FileNotFoundError:
            continue
        if lines > LIMIT:
            print(f"{name}: {lines} lines, more than {LIMIT}: split it.")
            too_long += 1
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
