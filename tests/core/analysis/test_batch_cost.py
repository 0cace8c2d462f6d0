"""Measuring what a batch costs leaves the run alone, and stops often; how fast is not tested."""

import numpy as np
import pytest

from nn_core import Config, Trainer
from nn_core.analysis.batch_cost import measure
from nn_core.analysis.sweep import result


@pytest.mark.parametrize(("rows", "sizes"), [(20, [1, 4, 16, 20]), (16, [1, 4, 16]), (1, [1])])
@pytest.mark.parametrize("model", [{}, {"model": "mlp", "hidden": (4,), "optimizer": "adam"}])
def test_each_size_is_measured_on_copies(rows, sizes, model):
    trainer = Trainer.from_config(Config(rows=rows, **model))
    trainer.run(3)
    trainer.phase()
    before = trainer.state.copy()
    found = result(measure(trainer))
    assert [size for size, _ in found.speeds] == sizes
    assert all(0 < speed < np.inf for _, speed in found.speeds)
    assert (trainer.state.step, trainer.state.phase) == (before.step, before.phase)
    np.testing.assert_array_equal(trainer.state.parameters, before.parameters)
    np.testing.assert_array_equal(trainer.state.gradient, before.gradient)


def test_it_says_how_far_it_is():
    parts = list(measure(Trainer.from_config(Config())))
    assert parts == sorted(parts)
    assert parts[0] == 0
    assert parts[-1] < 1
