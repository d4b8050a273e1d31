"""``memlens-cli masks``: find, compare, combine and convert masks."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from memlens.cli.report import AsJson, Report, number, reporting, table_of

if TYPE_CHECKING:
    from memlens.masks.named_mask import BoolArray, NamedMask

masks = typer.Typer(
    name="masks",
    help="Find masks in pictures; compare, combine and convert them (PNG, NPY, COCO, labelme).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Out = Annotated[
    Path, typer.Option("--out", metavar="MASK", help="The mask: .png, .npy or .json (COCO).")
]
Picture = Annotated[Path, typer.Argument(metavar="PICTURE", help="A picture file.")]
Resize = Annotated[bool, typer.Option("--resize", help="Resample masks of another size (nearest).")]
Threshold = Annotated[
    float | None, typer.Option(min=0, help="A difference below this counts as none.")
]


class Rule(StrEnum):
    """How masks are combined."""

    MAJORITY = "majority"
    INTERSECTION = "intersection"
    UNION = "union"


@masks.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="A mask file.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Another mask of the same picture.")],
    resize: Resize = False,
    as_json: AsJson = False,
) -> None:
    """Compare two masks: IoU, Dice, Cohen's κ, 95 % Hausdorff distance and counts of pixels."""
    with reporting(as_json=as_json) as report:
        from memlens.masks.compare import compare_masks

        one = only_mask(a)
        found = compare_masks(one, only_mask(b, one.shape, resize=resize))
        heads = ("IoU", "Dice", "κ", "Hausdorff 95 %", "agree", "only A", "only B")
        row = [
            number(found.iou),
            number(found.dice),
            number(found.kappa),
            number(found.hausdorff95, 2),
            *(f"{count:,}" for count in (found.agree, found.only_a, found.only_b)),
        ]
        report.result(asdict(found), table_of("", heads, [row]))


@masks.command("from-pair")
def from_pair(
    first: Picture,
    second: Picture,
    out: Out,
    threshold: Threshold = None,
    as_json: AsJson = False,
) -> None:
    """Find what two renderings of one template share."""
    with reporting(as_json=as_json) as report:
        from memlens.masks import finding
        from memlens.masks.pictures import read_picture

        limit = finding.PAIR_THRESHOLD if threshold is None else threshold
        found = finding.from_pair(read_picture(first), read_picture(second), limit)
        _write(report, out, found, threshold=limit)


@masks.command("from-training")
def from_training(
    generated: Annotated[Path, typer.Argument(metavar="GENERATED", help="What was generated.")],
    training: Annotated[Path, typer.Argument(metavar="TRAINING", help="The training picture.")],
    out: Out,
    threshold: Threshold = None,
    as_json: AsJson = False,
) -> None:
    """Find where a generated picture repeats its training picture."""
    with reporting(as_json=as_json) as report:
        from memlens.masks import finding
        from memlens.masks.pictures import read_picture

        limit = finding.TRAINING_THRESHOLD if threshold is None else threshold
        found = finding.from_training_picture(
            read_picture(generated), read_picture(training), limit
        )
        _write(report, out, found, threshold=limit)


@masks.command("from-seeds")
def from_seeds(
    pictures: Annotated[
        list[Path], typer.Argument(metavar="PICTURE…", help="Two or more seeds of one prompt.")
    ],
    out: Out,
    threshold: Threshold = None,
    as_json: AsJson = False,
) -> None:
    """Find what hardly varies between seeds of one template prompt."""
    with reporting(as_json=as_json) as report:
        from memlens.masks import finding
        from memlens.masks.pictures import read_picture

        limit = finding.SEEDS_THRESHOLD if threshold is None else threshold
        found = finding.from_seeds([read_picture(path) for path in pictures], limit)
        _write(report, out, found, threshold=limit)


@masks.command()
def consensus(
    files: Annotated[list[Path], typer.Argument(metavar="MASK…", help="Annotators' masks.")],
    out: Out,
    rule: Annotated[Rule, typer.Option(help="In how many masks a pixel must be.")] = Rule.MAJORITY,
    resize: Resize = False,
    as_json: AsJson = False,
) -> None:
    """Combine several annotators' masks into one."""
    with reporting(as_json=as_json) as report:
        from memlens.masks.consensus import consensus as combined

        first = only_mask(files[0])
        others = [only_mask(path, first.shape, resize=resize) for path in files[1:]]
        _write(report, out, combined([first, *others], rule.value), rule=rule.value)


@masks.command()
def convert(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help=".png, .npy, COCO or labelme .json.")
    ],
    out: Out,
    name: Annotated[
        str | None, typer.Option("--mask", help="Which mask, if the file holds several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a mask in another format."""
    with reporting(as_json=as_json) as report:
        _write(report, out, _chosen(source, name))


def only_mask(
    path: Path, size: tuple[int, ...] | None = None, *, resize: bool = False
) -> BoolArray:
    """Read the one mask in a file; refuse a file of several."""
    from memlens.masks.files import read_mask

    demanded = None if size is None else (size[0], size[1])
    return _one_of(path, read_mask(path, demanded, resize=resize)).pixels


def _chosen(path: Path, name: str | None) -> BoolArray:
    from memlens.errors import SettingsError
    from memlens.masks.files import read_mask

    found = read_mask(path, None)
    if name is None:
        return _one_of(path, found).pixels
    for mask in found:
        if mask.name == name:
            return mask.pixels
    named = ", ".join(mask.name for mask in found)
    raise SettingsError(f"{path} holds no mask called {name!r}, but {named}.")


def _one_of(path: Path, found: tuple[NamedMask, ...]) -> NamedMask:
    from memlens.errors import SettingsError

    if len(found) == 1:
        return found[0]
    named = ", ".join(mask.name for mask in found)
    raise SettingsError(
        f"{path} holds {len(found)} masks ({named}): choose one with masks convert --mask."
    )


def _write(report: Report, out: Path, pixels: BoolArray, **facts: float | str) -> None:
    from memlens.masks.files import write_mask

    write_mask(out, pixels)
    count, (height, width) = int(pixels.sum()), pixels.shape
    values = {"mask": str(out), "pixels": count, "size": [height, width], **facts}
    share = f"{100 * count / pixels.size:.1f} % of {width}×{height} pixels"
    report.result(values, f"{out}: {share}.")
