"""Warn of Python files that have grown long, and fail on those that no reader can hold in mind."""

from __future__ import annotations

import subprocess
import sys

ASK = 400
REFUSE = 600


def main() -> int:
    """Name every tracked or new file over either length; return the exit code."""
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
        if lines > REFUSE:
            print(f"{name}: {lines} lines, more than {REFUSE}: split it.")
            too_long += 1
        elif lines > ASK:
            print(f"{name}: {lines} lines, more than {ASK}: does it still hold one thing?")
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
