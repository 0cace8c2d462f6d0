"""The lesson's own numbers, to the digits that it and the facts we build on print."""

import numpy as np
import pytest

from nn_core import MLP, Config, Quadratic, RectifiedLines, Timeline, Trainer, datasets
from nn_core.analysis.references import references
from nn_core.config.experiments import EXPERIMENTS
from nn_core.models.losses import LOSSES
from nn_core.models.losses.absolute import least_absolute
from nn_core.models.losses.fits import least_squares
from nn_core.training.state import PHASES

PUBLISHED = [
    2.4219, 2.4010, 2.3594, 2.2970, 2.2137, 2.1097, 1.9848, 1.8535, 1.7166, 1.5825, 1.4628,
]  # fmt: skip
ZEROED = [
    2.4219, 2.4010, 2.3802, 2.3594, 2.3386, 2.3178, 2.2970, 2.2762, 2.2553, 2.2345, 2.2137,
]  # fmt: skip


def lesson(learning_rate=0.01, zero_gradients=True, **settings):
    """A trainer as the lesson has it: mean absolute error, plain gradient descent."""
    return Trainer(
        Quadratic(1.1, 1.1, 1.1),
        datasets.noisy_quadratic(seed=42),
        loss="mae",
        learning_rate=learning_rate,
        zero_gradients=zero_gradients,
        **settings,
    )


def quadratic_design(x):
    """The columns x², x, 1."""
    return np.column_stack([x[:, 0] ** 2, x[:, 0], np.ones(len(x))])


def losses_by_step(trainer, steps):
    """What `Trainer.step` reports, one step after another."""
    return [trainer.step().loss for _ in range(steps)]


def losses_by_phase(trainer, steps):
    """The loss that stands after the phase called loss, of step after step."""
    losses = []
    for _ in range(steps):
        for name in PHASES:
            assert trainer.phase() == name
            if name == "loss":
                losses.append(trainer.preview().loss)
    return losses


def losses_by_timeline(trainer, steps):
    """The history of a timeline that advances in one go, which is what runs without a screen."""
    timeline = Timeline(trainer)
    timeline.advance(steps)
    return timeline.history.losses.values.tolist()


# --- "The lesson's quadratic" ------------------------------------------------------------------


def test_first_five_targets():
    """Heading "The lesson's quadratic": 11.869, 6.543, 5.940, 2.630, 1.795."""
    data = datasets.noisy_quadratic(seed=42)
    assert np.round(data.y[:5, 0], 3).tolist() == [11.869, 6.543, 5.940, 2.630, 1.795]
    assert data.x.shape == data.y.shape == (20, 1)
    assert data.x.dtype == data.y.dtype == np.float64


def test_inputs_are_float32_widened():
    """Heading "The lesson's quadratic": made in float32, then widened to float64."""
    x = datasets.noisy_quadratic().x[:, 0]
    assert x.tolist() == np.linspace(-2, 2, 20).astype(np.float32).astype(np.float64).tolist()
    assert x.tolist() != np.linspace(-2, 2, 20).tolist()


def test_last_target_is_what_the_lessons_plot_cuts_off():
    """Heading "The lesson's quadratic": the last point is at 13.69, the truth's at 17."""
    data = datasets.noisy_quadratic(seed=42)
    assert round(float(data.y[-1, 0]), 2) == 13.69
    assert float(data.truth(data.x)[-1, 0]) == 17.0


def test_loss_and_gradient_at_the_start():
    """Heading "The lesson's quadratic": 2.4219, and (−1.3529, −0.0316, −0.5000)."""
    trainer = lesson()
    assert round(trainer.loss(), 4) == 2.4219
    assert np.round(trainer.gradient(), 4).tolist() == [-1.3529, -0.0316, -0.5]


# --- "The table that the lesson prints, and why" -----------------------------------------------


@pytest.mark.parametrize("losses", [losses_by_step, losses_by_phase, losses_by_timeline])
@pytest.mark.parametrize(("zero_gradients", "row"), [(False, PUBLISHED), (True, ZEROED)])
def test_both_rows_of_the_table(losses, zero_gradients, row):
    """Heading "The table that the lesson prints, and why": steps 0 to 10, either way of going."""
    assert np.round(losses(lesson(zero_gradients=zero_gradients), 11), 4).tolist() == row


def test_unzeroed_steps_stand_where_triangular_zeroed_steps_do():
    """Heading "The table that …": steps 1, 2, 3, 4, 5, 6 are zeroed steps 1, 3, 6, 10, 15, 21."""
    unzeroed, zeroed = lesson(zero_gradients=False), lesson()
    for step, same in enumerate([1, 3, 6, 10, 15, 21], start=1):
        unzeroed.run(1)
        zeroed.run(same - zeroed.state.step)
        assert unzeroed.state.step == step
        np.testing.assert_allclose(unzeroed.model.flat, zeroed.model.flat, rtol=1e-14)


def test_unzeroed_loss_first_rises_near_step_14():
    """Heading "The table that the lesson prints, and why": it is step 14 whose update does it."""
    losses = np.array(losses_by_timeline(lesson(zero_gradients=False), 30))
    assert int(np.flatnonzero(np.diff(losses) > 0)[0]) == 14


def test_unzeroed_loss_still_swings_after_1500_updates():
    """Heading "The table that …": between about 1.04 and 2.48."""
    losses = np.array(losses_by_timeline(lesson(zero_gradients=False), 2000))[1500:]
    assert round(losses.min(), 2) == 1.04
    assert round(losses.max(), 2) == 2.48


def first_below(losses, threshold):
    """How many updates it takes until the loss is below a threshold."""
    return int(np.flatnonzero(np.array(losses) < threshold)[0])


def test_zeroed_at_one_hundredth():
    """Heading "The table that …": below 1.05 after 315 updates, and then near 0.986."""
    losses = np.array(losses_by_timeline(lesson(), 2000))
    assert first_below(losses, 1.05) == 315
    np.testing.assert_allclose(losses[1000:], 0.986, atol=0.001)


def test_zeroed_at_one_tenth():
    """Heading "The table that …": 33 updates, then it jitters 0.986–0.9985."""
    losses = np.array(losses_by_timeline(lesson(0.1), 2000))
    assert first_below(losses, 1.05) == 33
    assert round(losses[500:].min(), 3) == 0.986
    assert round(losses[500:].max(), 4) == 0.9985


def test_zeroed_at_one():
    """Heading "The table that …": it bounces 1.00–1.72."""
    losses = np.array(losses_by_timeline(lesson(1.0), 2000))[500:]
    assert round(losses.min(), 2) == 1.00
    assert round(losses.max(), 2) == 1.72


# --- "What “the right answer” is" --------------------------------------------------------------


def test_least_absolute_quadratic():
    """Heading "What “the right answer” is": (2.614, 1.337, 0.564), MAE 0.9859."""
    data = datasets.noisy_quadratic()
    best = least_absolute(quadratic_design(data.x), data.y[:, 0])
    assert np.round(best, 3).tolist() == [2.614, 1.337, 0.564]
    assert round(Trainer(Quadratic(*best), data, loss="mae").loss(), 4) == 0.9859


def test_least_squares_quadratic():
    """Heading "What “the right answer” is": (2.760, 1.140, 0.574)."""
    data = datasets.noisy_quadratic()
    best = least_squares(quadratic_design(data.x), data.y[:, 0])
    assert np.round(best, 3).tolist() == [2.760, 1.140, 0.574]


@pytest.mark.parametrize(
    ("loss", "truth", "best"), [("mae", 1.4767, 0.9859), ("mse", 3.4882, 1.6924)]
)
def test_reference_lines(loss, truth, best):
    """Headings "What “the right answer” is" (MAE) and "ReLU networks on the lesson's data" (MSE).

    1.4767 and 0.9859; 3.488 and 1.692, of which the sketches of the screen print a digit more.
    """
    known = references(datasets.load(Config()), LOSSES[loss])
    found = {each.label: round(each.loss, 4) for each in known}
    assert found == {"truth": truth, "best quadratic": best}


@pytest.mark.parametrize(("learning_rate", "converges"), [(0.2214, True), (0.2216, False)])
def test_stability_limit_of_mse(learning_rate, converges):
    """Heading "What “the right answer” is": stable only below a learning rate of 0.2215."""
    trainer = Trainer(
        Quadratic(), datasets.noisy_quadratic(), loss="mse", learning_rate=learning_rate
    )
    early = trainer.run(1000).losses[-1]
    assert (trainer.run(20_000).losses[-1] <= early) == converges


# --- "Conventions", "Real data", "ReLU networks" -----------------------------------------------


def test_one_neuron():
    """Heading "Conventions": weight 2, input 3.5, no bias: activation 7."""
    assert RectifiedLines([2.0], [0.0]).predict(np.array([[3.5]])).tolist() == [[7.0]]


def test_stopping_distance():
    """Heading "Real data with a quadratic in it": 50 cars; the line and the quadratic."""
    data = datasets.stopping_distance()
    assert data.rows == 50
    design = quadratic_design(data.x)
    line = least_squares(design[:, 1:], data.y[:, 0])
    assert np.round(line, 3).tolist() == [3.932, -17.579]
    curve = least_squares(design, data.y[:, 0])
    assert np.round(curve, 5).tolist()[0] == 0.09996
    assert np.round(curve, 3).tolist()[1:] == [0.913, 2.470]


def test_raw_stopping_distance_diverges_at_a_rate_that_suits_the_lesson():
    """Heading "Real data with a quadratic in it": a real lesson in scaling inputs."""
    config = EXPERIMENTS["stopping-distance"].config
    raw = Timeline(Trainer.from_config(config.replace(scale=False, learning_rate=0.01)))
    raw.advance(1000)
    assert raw.divergence is not None
    scaled = Timeline(Trainer.from_config(config))
    scaled.advance(100)
    assert scaled.divergence is None


def test_double_relu_at_its_start():
    """Heading "ReLU networks on the lesson's data": 1.5·|x + 1|, MAE 3.2632."""
    trainer = Trainer.from_config(EXPERIMENTS["relu"].config)
    x = trainer.data.x
    np.testing.assert_array_equal(trainer.model.predict(x), 1.5 * np.abs(x + 1))
    assert round(trainer.loss(), 4) == 3.2632


@pytest.mark.parametrize(
    ("init", "low", "high"), [("spread", 1.11, 1.27), ("he", 1.69, 1.84), ("pytorch", 1.28, 1.68)]
)
def test_where_sixteen_rectified_units_end(init, low, high):
    """Heading "ReLU networks on the lesson's data": MSE after 1000 steps at 0.01, six seeds."""
    config = EXPERIMENTS["relu-net"].config.replace(init=init)
    for seed in range(6):
        trainer = Trainer.from_config(config.replace(seed=seed))
        trainer.run(1000)
        assert low <= round(trainer.loss(), 2) <= high


def test_the_default_network_learns_noise_that_no_quadratic_can():
    """Heading "ReLU networks …": the best quadratic has MSE 1.692, the truth 3.488."""
    trainer = Trainer(
        MLP((1, 16, 1), activation="relu", seed=0),
        datasets.noisy_quadratic(),
        loss="mse",
        learning_rate=0.01,
    )
    trainer.run(1000)
    assert trainer.loss() < 1.692
