"""The command line without a shell."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner

from memlens.cli.application import application


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(application, [str(argument) for argument in arguments])


def strict_json(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)
