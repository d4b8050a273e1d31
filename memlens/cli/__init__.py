"""The command line, ``memlens-cli``: one file per group of commands."""

from __future__ import annotations

import sys


def run() -> None:
    """Run the command line; the console script's entry point."""
    try:
        from memlens.cli.application import application

        application(prog_name="memlens-cli")
    except KeyboardInterrupt:
        sys.exit(130)
