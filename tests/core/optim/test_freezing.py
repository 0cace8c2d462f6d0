"""Freezing: what is frozen stays to the bit, and the rest trains on as it would."""

import numpy as np
import pytest

from nn_core import MLP, Quadratic, Timeline, Trainer, datasets
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.optim.freezing import frozen_names
from nn_core.optim.optimizers import OPTIMIZERS
from nn_core.training.loop import TINY

DATA = datasets.noisy_quadratic()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_frozen_parameter_keeps_its_bits_and_the_others_train(optimizer):
    timeline = Timeline(Trainer(Quadratic(), DATA, optimizer=optimizer, learning_rate=0.05))
    timeline.advance(20)  # with a velocity by then, and AdamW decays weights anyway
    before = timeline.state.copy()
    timeline.do("set", name="freeze", value=("b",))
    timeline.advance(50)
    after = timeline.state
    assert after.parameters[1].tobytes() == before.parameters[1].tobytes()
    assert (after.parameters[[0, 2]] != before.parameters[[0, 2]]).all()
    for name, kind in OPTIMIZERS[optimizer].slots.items():
        if kind == "vector":  # what is remembered of it rests, as in PyTorch without a gradient
            assert after.slots[name][1].tobytes() == before.slots[name][1].tobytes()
    timeline.do("set", name="freeze", value=())
    timeline.advance(1)
    assert after.parameters[1] != before.parameters[1]


def test_the_quadratic_with_its_truth_s_a_frozen_finds_the_best_b_and_c_for_it():
    model = Quadratic(a=3.0)
    Trainer(model, DATA, loss="mse", learning_rate=0.1, freeze=("a",)).run(3000)
    x = DATA.x[:, 0]
    best = np.polyfit(x, DATA.y[:, 0] - 3 * x**2, 1)
    np.testing.assert_allclose(model.flat, [3.0, *best], rtol=1e-12)


def test_a_frozen_layer_of_a_network_leaves_the_others_their_own_gradients():
    model, free = (MLP((1, 4, 3, 1), activation="tanh", seed=2) for _ in range(2))
    trainer = Trainer(model, DATA, loss="mse", freeze=("2", "0.bias"))
    before = free.flat.copy()
    trainer.run(1)
    Trainer(free, DATA, loss="mse").run(1)
    views = model.layout.views
    for name, values in views(model.flat).items():
        still = name in ("2.weight", "2.bias", "0.bias")
        expected = views(before if still else free.flat)[name]
        np.testing.assert_array_equal(values, expected)


def test_going_back_over_a_freeze_gives_the_same_bits():
    timeline = Timeline(Trainer(Quadratic(), DATA, optimizer="momentum"))
    timeline.advance(10)
    timeline.do("set", name="freeze", value=("c",))
    timeline.advance(10)
    there = timeline.state.parameters.copy()
    timeline.seek(5)
    assert timeline.config.freeze == ()
    timeline.seek(20)
    assert timeline.config.freeze == ("c",)
    np.testing.assert_array_equal(timeline.state.parameters, there)


def test_a_name_that_is_none_is_refused_with_those_that_there_are():
    with pytest.raises(RequestError, match=r"no parameter or layer 'd' to freeze; there are a, b,"):
        Trainer(Quadratic(), DATA, freeze=("a", "d"))


def test_names_of_layers_and_parameters_are_the_parameters_that_they_mean():
    layout = MLP((1, 4, 3, 1)).layout
    assert frozen_names(layout, ["2.bias", "0"]) == ("0.weight", "0.bias", "2.bias")
    assert frozen_names(layout, ["2", "2.bias"]) == ("2.weight", "2.bias")


@pytest.mark.parametrize("model", [Quadratic(), MLP((1, 4, 1))])
def test_a_snapshot_shows_no_update_for_what_is_frozen(model):
    first = model.layout.places[0].name
    timeline = Timeline(Trainer(model, DATA, optimizer="adamw", freeze=(first,)))
    timeline.advance(3)
    snapshot = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    assert [row.frozen for row in snapshot.rows] == [row.name == first for row in snapshot.rows]
    assert [row.update == 0 for row in snapshot.rows] == [row.frozen for row in snapshot.rows]


@pytest.mark.parametrize("hidden", [3, 40], ids=["tiny", "large"])
def test_the_recorded_length_of_the_gradient_leaves_out_what_is_frozen(hidden):
    """As PyTorch's clip_grad_norm_ returns it: frozen parameters have no gradient there."""

    def trainer(freeze):
        return Trainer(MLP((1, hidden, 1), seed=1), DATA, loss="mse", freeze=freeze)

    frozen, free = trainer(("0",)), trainer(())
    assert (free.model.flat.size > TINY) == (hidden == 40)
    views = free.model.layout.views(free.gradient())
    wanted = np.sqrt(sum((views[name] ** 2).sum() for name in ("2.weight", "2.bias")))
    assert frozen.run(1).gradient_norms[0] == pytest.approx(wanted, rel=1e-12)
    assert free.run(1).gradient_norms[0] > 1.001 * wanted
    by_phases, whole = Timeline(trainer(("0",))), Timeline(trainer(("0",)))
    for _ in range(10):
        by_phases.phase()
    whole.advance(2)
    assert (
        by_phases.history.gradient_norms.values.tobytes()
        == whole.history.gradient_norms.values.tobytes()
    )
    shown = capture_snapshot(whole, make_scene(whole), ViewRequest())
    counted = whole.trainer.free(whole.trainer.gradient())
    assert shown.gradient_norm == pytest.approx(float(np.linalg.norm(counted)), rel=1e-12)
