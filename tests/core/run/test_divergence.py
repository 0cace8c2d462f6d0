"""Divergence: it is noticed at the step that broke, and can be left."""

import numpy as np
import pytest
from timelines import place_and_record, quadratic, state_bits

from nn_core import MLP, Dataset, Quadratic, Timeline, Trainer, datasets
from nn_core.run.replayed_run import Divergence


def until_it_diverges(timeline, go_on):
    while timeline.divergence is None:
        go_on(timeline)
    return timeline


def first_step_that_breaks(learning_rate):
    """Gradient descent on MSE written out: the first step whose update makes the loss overflow."""
    data = datasets.noisy_quadratic()
    design = np.hstack([data.x**2, data.x, np.ones_like(data.x)])
    parameters = np.full(3, 1.1)
    step = 0
    with np.errstate(all="ignore"):
        while True:
            residual = design @ parameters - data.y[:, 0]
            if not np.isfinite(residual @ residual):
                return step - 1, "abc"[int(np.abs(parameters).argmax())]
            parameters = parameters - learning_rate * 2 / 20 * design.T @ residual
            step += 1


@pytest.mark.parametrize(
    "go_on",
    [
        lambda timeline: timeline.advance(1),
        lambda timeline: timeline.advance(7),
        lambda timeline: timeline.advance(10_000),
        lambda timeline: timeline.phase(),
    ],
    ids=["steps", "sevens", "at once", "phases"],
)
def test_divergence_names_step_and_parameter_however_it_was_reached(go_on):
    """It stops before the step whose update broke, and forgets the losses from there on."""
    timeline = until_it_diverges(quadratic(loss="mse", learning_rate=1.0), go_on)
    step, parameter = first_step_that_breaks(1.0)
    assert (timeline.divergence.step, timeline.divergence.parameter) == (step, parameter)
    assert abs(timeline.divergence.value) > 1e150
    assert (timeline.state.step, timeline.state.phase) == (step, 0)
    assert len(timeline.history) == step
    assert np.isfinite(timeline.trainer.loss())
    assert np.isfinite(timeline.history.losses.values).all()


def test_every_state_before_the_divergence_is_still_there():
    timeline = until_it_diverges(quadratic(loss="mse", learning_rate=1.0), lambda t: t.advance(512))
    same = quadratic(loss="mse", learning_rate=1.0)
    timeline.seek(100)
    same.advance(100)
    assert state_bits(timeline.state) == state_bits(same.state)


def test_going_on_at_a_lower_rate_leaves_the_divergence_behind():
    timeline = until_it_diverges(quadratic(loss="mse", learning_rate=1.0), lambda t: t.advance(512))
    timeline.seek(100)
    timeline.do("set", name="learning_rate", value=0.1)
    assert timeline.divergence is None
    timeline.advance(3000)
    assert timeline.divergence is None
    assert timeline.state.step == 3100
    assert timeline.trainer.loss() < 2


def test_going_on_unchanged_diverges_at_the_same_step_again():
    timeline = until_it_diverges(quadratic(loss="mse", learning_rate=1.0), lambda t: t.advance(512))
    first, before = timeline.divergence, place_and_record(timeline)
    timeline.advance(1)
    assert timeline.divergence == first
    assert place_and_record(timeline) == before


def test_an_update_that_overflows_a_parameter_at_step_0():
    """The gradient is 8 for a: 1.7e308 times that is beyond every float64."""
    data = Dataset(np.array([[2.0], [2.0]]), np.array([[-9.0], [-9.0]]))
    timeline = Timeline(Trainer(Quadratic(), data, learning_rate=1.7e308))
    timeline.advance(5)
    assert timeline.divergence == Divergence(0, "a", -np.inf)
    assert timeline.state.parameters.tolist() == [1.1, 1.1, 1.1]
    assert len(timeline.history) == 0


@pytest.mark.parametrize("go_on", [lambda t: t.advance(3), lambda t: [t.phase() for _ in range(5)]])
def test_a_typed_value_that_no_loss_can_hold(go_on):
    """It stays where it was typed, and `back` is the way out: the person's outcome isn't undone."""
    timeline = quadratic(loss="mse")
    timeline.advance(4)
    timeline.do("assign", index=1, value=1e300)
    go_on(timeline)
    assert timeline.divergence == Divergence(4, "b", 1e300)
    assert timeline.state.step == 4
    assert timeline.state.parameters[1] == 1e300
    timeline.back()
    assert timeline.divergence is None
    assert timeline.state.step == 3
    assert np.isfinite(timeline.trainer.loss())


def test_divergence_of_a_network_in_batches_names_a_weight():
    data = datasets.noisy_quadratic()
    model = MLP((1, 4, 1), over=data.x)
    timeline = Timeline(Trainer(model, data, loss="mse", learning_rate=5.0, batch_size=6))
    timeline.advance(1000)
    assert timeline.divergence.parameter in {
        model.layout.label(index) for index in range(model.flat.size)
    }
    assert timeline.state.step == len(timeline.history)
    assert np.isfinite(model.flat).all()
    assert np.isfinite(timeline.history.losses.values).all()
