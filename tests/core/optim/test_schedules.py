"""The schedules: point by point, the one with a state, and what they do to a run."""

import numpy as np
import pytest

from nn_core import Quadratic, Timeline, Trainer, datasets
from nn_core.optim.schedules import SCHEDULES, Plateau, ahead

# (schedule, step, factor) of a run of 300 steps, by each one's formula.
POINTS = [
    ("constant", 299, 1.0),
    ("step", 99, 1.0),
    ("step", 100, 0.1),
    ("step", 200, 0.01),
    ("step", 299, 0.01),
    ("exponential", 150, 0.1),
    ("exponential", 300, 0.01),
    ("cosine", 0, 1.0),
    ("cosine", 100, 0.75),
    ("cosine", 150, 0.5),
    ("cosine", 300, 0.0),
    ("warm-up", 0, 1 / 30),
    ("warm-up", 29, 1.0),
    ("warm-up", 30, 1.0),
    ("warm-up", 165, 0.5),
    ("one-cycle", 0, 1 / 25),
    ("one-cycle", 89, 1.0),
    ("one-cycle", 299, 1 / 25e4),
]
# What torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1, total_steps=300) of PyTorch 2.13.0
# has in its param_groups at these steps.
ONE_CYCLE = {
    0: 0.040000000000000036,
    10: 0.06959489750884995,
    50: 0.6126045113965586,
    120: 0.9471889150783531,
    200: 0.4551825248269011,
    280: 0.020066298979038614,
    299: 4e-06,
}
# The same of runs of so few steps that they begin past the peak, or at it.
SHORT_CYCLES = {
    1: [4e-06],
    2: [0.811745653949763, 4e-06],
    3: [0.9944154354509117, 0.46263710266697505, 4e-06],
    4: [0.040000000000000036, 0.811745653949763, 0.28306099820869923, 4e-06],
}


@pytest.mark.parametrize(("name", "step", "factor"), POINTS)
def test_each_point_is_what_the_formula_says(name, step, factor):
    assert SCHEDULES[name].factor(np.array([step]), 300)[0] == pytest.approx(factor, abs=1e-12)


@pytest.mark.parametrize("step", ONE_CYCLE)
def test_one_cycle_is_that_of_pytorch(step):
    found = SCHEDULES["one-cycle"].factor(np.array([step]), 300)[0]
    assert found == pytest.approx(ONE_CYCLE[step], rel=1e-12)


@pytest.mark.parametrize("total", SHORT_CYCLES)
def test_one_cycle_of_a_few_steps_is_that_of_pytorch(total):
    found = SCHEDULES["one-cycle"].factor(np.arange(total), total)
    np.testing.assert_allclose(found, SHORT_CYCLES[total], rtol=1e-12)


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("total", [1, 2, 3, 10, 1000])
def test_a_schedule_is_finite_and_between_0_and_1_even_past_its_end(name, total):
    factors = SCHEDULES[name].factor(np.arange(2 * total + 5), total)
    assert np.isfinite(factors).all()
    assert ((factors >= 0) & (factors <= 1)).all()
    drawn = ahead(name, total, 40)
    assert len(drawn) == 40
    assert ((drawn >= 0) & (drawn <= 1)).all()


def test_a_plateau_cuts_the_rate_once_eleven_epochs_have_brought_nothing():
    plateau = Plateau(Plateau.new_memory())
    factors = []
    for loss in [3.0, 2.0, *[2.0] * 24]:
        plateau.observe(loss, epoch_is_over=True, base_rate=0.1)
        factors.append(plateau.factor)
    assert factors == pytest.approx([1.0] * 12 + [0.1] * 11 + [0.01] * 3)


def test_a_plateau_leaves_out_a_cut_too_small_to_matter():
    """PyTorch's ReduceLROnPlateau, from 1e−6: cut after 11 and 22 epochs, and never again."""
    plateau, rates = Plateau(Plateau.new_memory()), []
    for _ in range(60):
        plateau.observe(1.0, epoch_is_over=True, base_rate=1e-6)
        rates.append(1e-6 * plateau.factor)
    assert rates == pytest.approx([1e-6] * 11 + [1e-7] * 11 + [1e-8] * 38, rel=1e-12)


def test_a_plateau_looks_at_the_mean_loss_of_an_epoch():
    by_mean, by_step = (Plateau(Plateau.new_memory()) for _ in range(2))
    for _ in range(12):
        by_mean.observe(1.0, epoch_is_over=False, base_rate=0.1)
        by_mean.observe(3.0, epoch_is_over=True, base_rate=0.1)
        by_step.observe(2.0, epoch_is_over=True, base_rate=0.1)
    np.testing.assert_array_equal(by_mean.memory, by_step.memory)


def test_at_rate_1_a_constant_rate_bounces_and_a_cosine_settles():
    """The lesson's quadratic: constant 1.00 to 1.72, cosine over 300 steps ends at 0.98596."""
    data = datasets.noisy_quadratic()
    constant = Trainer(Quadratic(), data, learning_rate=1.0).run(300).losses[1:]
    assert 1.00 <= constant.min() < constant.max() <= 1.72
    cosine = Trainer(Quadratic(), data, learning_rate=1.0, schedule="cosine", epochs=300)
    cosine.run(300)
    assert cosine.loss() == pytest.approx(0.98596, abs=5e-6)


@pytest.mark.parametrize("batch_size", [0, 8])
@pytest.mark.parametrize("name", SCHEDULES)
def test_whole_steps_and_phases_use_the_same_rates(name, batch_size):
    settings = {"learning_rate": 0.5, "schedule": name, "epochs": 20, "batch_size": batch_size}
    whole, phases = (
        Timeline(Trainer(Quadratic(), datasets.noisy_quadratic(), **settings)) for _ in range(2)
    )
    whole.advance(40)
    for _ in range(5 * 40):
        phases.phase()
    np.testing.assert_array_equal(whole.state.parameters, phases.state.parameters)
    np.testing.assert_array_equal(
        whole.history.learning_rates.values, phases.history.learning_rates.values
    )


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_base_rate_turned_on_the_way_is_replayed_under_the_schedule(name):
    timeline = Timeline(Trainer(Quadratic(), datasets.noisy_quadratic(), epochs=50))
    timeline.advance(5)
    timeline.do("set", name="epochs", value=80)  # no event yet: nothing looks at it
    timeline.do("set", name="schedule", value=name)
    timeline.advance(20)
    timeline.do("set", name="learning_rate", value=0.3)
    timeline.advance(40)
    there, rates = timeline.state.copy(), timeline.history.learning_rates.values.copy()
    timeline.seek(2)
    timeline.do("set", name="epochs", value=3)  # here it's still looked at by nothing
    timeline.seek(65)
    np.testing.assert_array_equal(timeline.state.parameters, there.parameters)
    for slot, values in there.slots.items():
        np.testing.assert_array_equal(timeline.state.slots[slot], values)
    np.testing.assert_array_equal(timeline.history.learning_rates.values, rates)
    factors = SCHEDULES[name].factor(np.arange(5, 65), 80)
    if name != "plateau":
        np.testing.assert_allclose(rates[5:25], 0.01 * factors[:20], rtol=1e-12)
        np.testing.assert_allclose(rates[25:], 0.3 * factors[20:], rtol=1e-12)
