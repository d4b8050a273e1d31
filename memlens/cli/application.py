"""All commands, assembled."""

from __future__ import annotations

from typing import Annotated

import typer

from memlens import __version__
from memlens.cli.baselines import baselines
from memlens.cli.calibrate import calibrate
from memlens.cli.dataset_report import report
from memlens.cli.evaluate import evaluate
from memlens.cli.export import export
from memlens.cli.info import info
from memlens.cli.lab import lab
from memlens.cli.localize import localize
from memlens.cli.mask_agreement import agreement
from memlens.cli.masks import masks
from memlens.cli.paper import paper
from memlens.cli.sweep import sweep
from memlens.cli.test_region import test_region
from memlens.cli.verify_masks import verify

application = typer.Typer(
    name="memlens-cli",
    help="See where in a generated picture a diffusion model reproduces its training data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"memlens {__version__}")
        raise typer.Exit


@application.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """See where in a generated picture a diffusion model reproduces its training data."""


application.command()(info)
application.command()(localize)
application.command()(calibrate)
application.command()(baselines)
application.command("test-region")(test_region)
application.command()(evaluate)
application.command()(export)
application.command()(sweep)
application.command()(report)
application.command()(paper)
masks.command()(agreement)
masks.command()(verify)
application.add_typer(masks)
application.add_typer(lab)
