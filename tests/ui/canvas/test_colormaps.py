"""The tables are pyqtgraph's, though it is not imported to get them."""

from __future__ import annotations

import numpy as np
import pyqtgraph
import pytest

from ui.canvas import colormaps


@pytest.mark.parametrize("name", sorted(colormaps._SOURCES))
def test_a_table_is_that_of_pyqtgraph(name: str) -> None:
    table = colormaps.table(name)
    bytes_of = table.view(np.uint8).reshape(256, 4)
    assert (bytes_of[:, 3] == 255).all()
    rgb = bytes_of[:, 2::-1].astype(int)
    if name == "grey":
        assert (rgb == np.arange(256)[:, None]).all()
        return
    theirs = pyqtgraph.colormap.get(colormaps._SOURCES[name]).getLookupTable(nPts=256)
    assert (rgb == theirs[:, :3]).all()


def test_an_unknown_name_gives_the_default() -> None:
    assert (colormaps.table("nothing") == colormaps.table(colormaps.DEFAULT)).all()
