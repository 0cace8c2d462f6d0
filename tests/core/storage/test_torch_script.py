"""The PyTorch script printed the losses of the run when it was run with PyTorch."""

import csv
import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from timelines import of_config

from nn_core.storage.predictions import predictions_of
from nn_core.storage.scripts.torch_script import torch_script


def assert_same_table(found, wanted, within=1e-12):
    """The same CSV text, but for numbers, which may be off by so much."""
    found, wanted = (list(csv.reader(text.splitlines())) for text in (found, wanted))
    assert len(found) == len(wanted)
    for some, others in zip(found, wanted, strict=True):
        for cell, other in zip(some, others, strict=True):
            try:
                number = float(other)
            except ValueError:
                assert cell == other
            else:
                assert float(cell) == pytest.approx(number, rel=within, abs=within)


REFERENCE = Path(__file__).parents[1] / "reference"
PRINTED = json.loads((REFERENCE / "torch_scripts.json").read_text())


@pytest.mark.parametrize("name", PRINTED)
def test_run_with_pytorch_the_script_printed_the_losses_of_the_run(name):
    """What the scripts printed is stored; one that reads otherwise now has to be run again."""
    make = runpy.run_path(str(REFERENCE / "make_torch_scripts.py"))
    timeline = make["timeline"](name)
    assert torch_script(timeline).splitlines() == PRINTED[name]["script"]
    losses = timeline.history.losses.values[-len(PRINTED[name]["losses"]) :]
    np.testing.assert_allclose(PRINTED[name]["losses"], losses, rtol=1e-12, atol=0)
    np.testing.assert_allclose(PRINTED[name]["after"], timeline.trainer.loss(), rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", PRINTED)
def test_run_with_pytorch_the_script_predicted_what_the_run_predicts(name, tmp_path):
    make = runpy.run_path(str(REFERENCE / "make_torch_scripts.py"))
    timeline = make["timeline"](name)
    (tmp_path / "new.csv").write_text("\n".join(PRINTED[name]["table"]))
    wanted = predictions_of(timeline.trainer, tmp_path / "new.csv").text
    assert_same_table("\n".join(PRINTED[name]["predicted"]), wanted)


def test_the_pytorch_script_moves_parameters_by_their_names():
    timeline = of_config(model="mlp", hidden=(3,))
    timeline.advance(2)
    index = timeline.state.layout["0.weight"].index((2, 0))
    timeline.do("nudge", index=index, amount=0.5)
    timeline.do("assign", index=timeline.state.layout["2.bias"].index((0,)), value=-1.0)
    timeline.advance(2)
    script = torch_script(timeline)
    assert "model[0].weight.data[2, 0] += 0.5\n" in script
    assert "model[2].bias.data[0] = -1.0\n" in script


def test_the_pytorch_script_needs_numpy_only_to_shuffle():
    assert "numpy" not in torch_script(of_config())
    assert "import numpy as np" in torch_script(of_config(batch_size=4))
