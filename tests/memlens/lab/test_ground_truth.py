"""Looking up what is known of a prompt."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from memlens.errors import DatasetError
from memlens.lab import find_ground_truth, has_ground_truth, load_ground_truth
from memlens.lab.export import write_ground_truth
from memlens.lab.ground_truth import FOLDER, INDEX
from memlens.lab.pictures import template_mask, template_picture, verbatim_mask


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    write_ground_truth(folder / FOLDER)
    return folder


def test_a_template_has_its_region_and_a_training_picture(model: Path) -> None:
    entry = find_ground_truth(model, "walnut limited print number 3")
    assert entry is not None
    assert entry.kind == "template"
    assert entry.seeds == (0, 1, 2)
    assert np.array_equal(entry.mask(), template_mask(2))
    picture = entry.training_picture()
    assert picture is not None
    assert np.array_equal(picture, template_picture(2, 0))


def test_a_verbatim_caption_has_everything_but_the_film_strip(model: Path) -> None:
    entry = find_ground_truth(model, "amber gallery poster by studio 1")
    assert entry is not None
    assert entry.kind == "verbatim"
    assert np.array_equal(entry.mask(), verbatim_mask())


def test_a_free_caption_has_an_empty_mask_and_no_picture(model: Path) -> None:
    entry = load_ground_truth(model).of_kind("free")[0]
    assert not entry.mask().any()
    assert entry.mask().shape == (128, 128)
    assert entry.training_picture() is None


def test_case_and_spacing_do_not_matter(model: Path) -> None:
    assert find_ground_truth(model, "  Velvet LIMITED print  number 1 ") is not None


def test_an_unknown_prompt_and_a_model_without_ground_truth(model: Path, tmp_path: Path) -> None:
    assert find_ground_truth(model, "a photograph of an astronaut riding a horse") is None
    assert not has_ground_truth(tmp_path)
    assert find_ground_truth(tmp_path, "anything") is None
    with pytest.raises(DatasetError, match="only lab models have ground truth"):
        load_ground_truth(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"size": 128, "entries": [{}]}'])
def test_a_damaged_index_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / INDEX).write_text(text)
    with pytest.raises(DatasetError, match="damaged"):
        load_ground_truth(tmp_path)


def test_a_damaged_mask_is_one_sentence(tmp_path: Path) -> None:
    write_ground_truth(tmp_path / FOLDER)
    entry = load_ground_truth(tmp_path).of_kind("template")[0]
    assert entry.mask_file is not None
    entry.mask_file.write_bytes(b"not a picture")
    with pytest.raises(DatasetError, match="cannot be read as a picture"):
        entry.mask()


def test_an_index_written_again_is_read_again(tmp_path: Path) -> None:
    write_ground_truth(tmp_path / FOLDER)
    index = tmp_path / FOLDER / INDEX
    assert len(load_ground_truth(tmp_path).entries) == 32
    content = json.loads(index.read_text())
    content["entries"] = content["entries"][:1]
    index.write_text(json.dumps(content))
    assert len(load_ground_truth(tmp_path).entries) == 1


def test_masks_are_one_bit_pictures(model: Path) -> None:
    for path in (model / FOLDER / "masks").glob("*.png"):
        with Image.open(path) as picture:
            assert picture.mode == "1"


def test_ground_truth_needs_no_torch() -> None:
    code = "import sys, memlens.lab; assert not {'torch', 'diffusers'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
