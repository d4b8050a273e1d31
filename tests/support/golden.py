"""Where the golden numbers lie, if they do: beside the checkout (its READMEs say what they are)."""

from __future__ import annotations

from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "golden"
