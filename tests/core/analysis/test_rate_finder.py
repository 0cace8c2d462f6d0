"""The learning-rate finder: its rate is good, its parts are fastai's, the run is left alone."""

import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import MLP, Dataset, Quadratic, Timeline, Trainer, datasets
from nn_core.analysis import rate_finder as finder
from nn_core.config.experiments import EXPERIMENTS
from nn_core.live.requests import Advance, Seek
from nn_core.live.search_requests import FindRate, LeaveSearch, TakeRate
from nn_core.models.losses.fits import least_squares

NETWORKS = ("relu-net", "mlp")
CASES = [
    *((name, {}) for name in EXPERIMENTS),
    *((name, {"optimizer": "adam", "batch_size": 4}) for name in EXPERIMENTS),
    *((name, {"seed": seed}) for name in NETWORKS for seed in (1, 2)),
    *((name, {"seed": 3, "optimizer": "momentum"}) for name in NETWORKS),
    ("quadratic", {"zero_gradients": False}),
    ("relu", {"batch_size": 1}),
    ("relu-net", {"loss": "huber", "clip": 1.0, "l2": 0.01, "optimizer": "rmsprop"}),
    ("stopping-distance", {"scale": False}),
]


def end_of(trainer, rate, steps=100):
    """The loss after some steps at a rate, from where a trainer is; infinite where it diverges."""
    alone = Trainer.resume(
        trainer.model.astype(trainer.config.dtype), trainer.data,
        trainer.config.replace(learning_rate=rate), trainer.state,
    )  # fmt: skip
    alone.run(steps)
    loss = alone.loss()
    return loss if np.isfinite(loss) else np.inf


def losses_of(trainer, rate, steps=100):
    """The loss over all rows at the start and after each of some steps at a rate."""
    alone = Trainer.resume(
        trainer.model.astype(trainer.config.dtype), trainer.data,
        trainer.config.replace(learning_rate=rate), trainer.state,
    )  # fmt: skip
    losses = [alone.loss()]
    for _ in range(steps):
        alone.run(1)
        losses.append(alone.loss())
    return np.array(losses)


@cache
def searched(case):
    """A trainer of a case, and what is found for it."""
    name, settings = CASES[case]
    trainer = Trainer.from_config(EXPERIMENTS[name].config.replace(**settings))
    return trainer, finder.find(trainer)


@pytest.mark.parametrize("case", range(len(CASES)))
def test_a_step_below_the_best_the_suggested_rate_brings_more_than_half_of_what_any_does(case):
    trainer, found = searched(case)
    now = trainer.loss()
    best = min(end_of(trainer, rate) for rate in finder.RATES.tolist())
    assert now - end_of(trainer, found.suggestion) >= 0.6 * (now - best)


@pytest.mark.parametrize("case", range(len(CASES)))
def test_the_suggested_rate_neither_blows_up_at_first_nor_is_the_edge_of_the_cliff(case):
    trainer, found = searched(case)
    suggestion = found.suggestion
    way = losses_of(trainer, suggestion)
    assert way.max() <= 1.25 * way[0]
    assert end_of(trainer, 2 * suggestion) < way[0]


@pytest.mark.parametrize("case", range(len(CASES)))
def test_the_suggested_rate_is_below_the_one_that_ends_lowest(case):
    """Digits got 0.05 and the sentence that 0.0313 ends lower: it contradicted itself."""
    _, found = searched(case)
    lowest = float(re.search(r"Rate (\S+) ends lowest", found.reason)[1].replace("−", "-"))
    assert found.suggestion < lowest <= found.tried[found.ends.argmin()]
    assert found.ends[found.tried == lowest] <= 1.001 * found.ends.min()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_trained_to_its_end_a_run_is_hardly_worse_for_the_suggested_rate(name):
    """Spiral ended at 0.118 with 0.1, which was suggested, and at 0.0089 with its own 0.01."""
    config = EXPERIMENTS[name].config
    trainer = Trainer.from_config(config)
    assert_no_worse(trainer, min(config.epochs * trainer.steps_per_epoch, 2000))


@pytest.mark.parametrize("batch_size", [0, 8])
def test_so_it_is_of_own_data(batch_size):
    random = np.random.default_rng(7)
    x = random.normal(0, 1, (60, 3))
    data = Dataset(x, np.sin(x[:, :1]) * x[:, 1:2] + random.normal(0, 0.1, (60, 1)))
    model = MLP((3, 12, 1), "tanh", "xavier", 5)
    assert_no_worse(
        Trainer(model, data, loss="mse", learning_rate=0.01, batch_size=batch_size), 2000
    )


def assert_no_worse(trainer, steps):
    suggestion = finder.find(trainer).suggestion
    suggested, own = (
        end_of(trainer, rate, steps) for rate in (suggestion, trainer.config.learning_rate)
    )
    assert suggested <= 1.1 * own


def test_a_rate_at_which_the_loss_climbs_first_is_passed_over():
    """0.5, next below the best, takes the loss of xor above its start before it brings it down."""
    trainer = Trainer.from_config(EXPERIMENTS["xor"].config.replace(seed=1))
    found = finder.find(trainer)
    assert found.suggestion == 0.2
    assert "0.2 is the next smaller whose loss doesn’t climb first." in found.reason
    climbs, calm = (losses_of(trainer, rate) for rate in (0.5, 0.2))
    assert climbs.max() > 1.1 * climbs[0]
    assert calm.max() <= 1.1 * calm[0]


@pytest.mark.parametrize("name", NETWORKS)
def test_it_starts_from_where_the_run_is(name):
    trainer = Trainer.from_config(EXPERIMENTS[name].config.replace(optimizer="momentum"))
    trainer.run(50)
    found = finder.find(trainer)
    assert end_of(trainer, found.suggestion) < trainer.loss()


def test_the_run_is_left_alone_even_inside_a_step():
    looked, blind = (Timeline(Trainer.from_config(EXPERIMENTS["mlp"].config)) for _ in range(2))
    for timeline in (looked, blind):
        timeline.advance(10)
        timeline.phase()
    finder.find(looked.trainer)
    for timeline in (looked, blind):
        timeline.advance(10)
    assert looked.events == []
    np.testing.assert_array_equal(looked.state.parameters, blind.state.parameters)
    np.testing.assert_array_equal(looked.history.losses.values, blind.history.losses.values)


def test_the_range_test_grows_the_rate_from_1e_7_to_10_and_stops_where_it_runs_away():
    assert finder.RATES[[0, -1]].tolist() == [1e-7, 10]
    ratios = finder.RATES[1:] / finder.RATES[:-1]
    np.testing.assert_allclose(ratios, 1e8 ** (1 / 99), rtol=0.01)
    found = finder.find(Trainer.from_config(EXPERIMENTS["relu-net"].config))
    smoothed = found.smoothed
    assert len(found.rates) == len(found.losses) == len(smoothed) < 100
    assert smoothed[-1] > 4 * smoothed[10:].min()
    assert (smoothed[10:-1] <= 4 * np.minimum.accumulate(smoothed[10:-1])).all()


def test_batches_of_one_row_do_not_stop_it_at_once():
    """Their losses differ more than fourfold from the first on."""
    config = EXPERIMENTS["quadratic"].config.replace(batch_size=1)
    assert len(finder.find(Trainer.from_config(config)).rates) > 50


def test_where_no_rate_helps_none_is_suggested():
    data = datasets.noisy_quadratic()
    design = np.column_stack([data.x[:, 0] ** 2, data.x[:, 0], np.ones(data.rows)])
    best = least_squares(design, data.y[:, 0])
    found = finder.find(Trainer(Quadratic(*best), data, loss="mse"))
    assert found.suggestion is None
    assert found.reason.startswith("No rate lowers it in 100 steps: the loss stands at 1.6924")


def test_a_loss_that_overflows_is_no_trouble():
    found = finder.find(Trainer(Quadratic(1e200, 0, 0), datasets.noisy_quadratic(), loss="mse"))
    assert found.suggestion is None


def test_the_reason_has_the_numbers():
    trainer = Trainer.from_config(EXPERIMENTS["quadratic"].config)
    found = finder.find(trainer)
    assert found.suggestion is not None
    ends = [losses_of(trainer, rate)[-20:].mean() for rate in (0.1, 0.05)]
    assert found.reason == (
        f"Suggested: 0.05. Rate 0.1 ends lowest, at a mean of {ends[0]:.4f}, and 0.05 is the next "
        f"smaller, away from the edge. It leads from 2.4219 to a mean of {ends[1]:.4f}."
    )


# --- its parts --------------------------------------------------------------------------------


def valley_as_fastai_writes_it(losses):
    n = len(losses)
    max_start, max_end = 0, 0
    lds = [1] * n
    for i in range(1, n):
        for j in range(i):
            if losses[i] < losses[j] and lds[i] < lds[j] + 1:
                lds[i] = lds[j] + 1
            if lds[max_end] < lds[i]:
                max_end = i
                max_start = max_end - lds[max_end]
    sections = (max_end - max_start) / 3
    return max(0, max_start + int(sections) + int(sections / 2))


@given(st.lists(st.integers(0, 20).map(float), min_size=1, max_size=60))
def test_the_longest_valley_is_that_of_fastai(losses):
    losses = np.array(losses)
    if len(losses) > 15:
        wanted = 10 + valley_as_fastai_writes_it(losses[10:-5])
    else:
        wanted = valley_as_fastai_writes_it(losses)
    assert finder.longest_valley(losses) == wanted


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=100))
def test_the_smoothed_loss_is_that_of_fastai(losses):
    """AvgSmoothLoss: s ← 0.98·s + 0.02·loss, and s ÷ (1 − 0.98ᵗ) is shown."""
    wanted, running = [], 0.0
    for count, loss in enumerate(losses, 1):
        running = 0.98 * running + 0.02 * loss
        wanted.append(running / (1 - 0.98**count))
    np.testing.assert_allclose(finder.smooth(np.array(losses)), wanted, rtol=1e-9, atol=1e-9)


# --- in the runner ----------------------------------------------------------------------------


def found_by(lab):
    """The finder's result, whatever it says of its progress before."""
    lab.ask(FindRate())
    while not isinstance(lab.snapshot.search, finder.Finding):
        lab.next()
    return lab.snapshot.search


def test_taking_the_rate_is_an_ordinary_event(laboratory):
    with laboratory(EXPERIMENTS["mlp"].config) as lab:
        lab.ask(Advance(5))
        suggestion = found_by(lab).suggestion
        assert lab.snapshot.config.learning_rate == 0.01
        assert lab.snapshot.step == 5
        shown = lab.ask(TakeRate())
        assert shown.config.learning_rate == suggestion
        assert shown.search is None
        assert shown.outcome.name == "learning_rate"
        lab.ask(Seek(4))
        assert lab.snapshot.config.learning_rate == 0.01


def test_leaving_the_finder_stops_the_search_and_changes_nothing(laboratory):
    with laboratory(EXPERIMENTS["mlp"].config, hidden=(800, 800)) as lab:
        lab.ask(FindRate())
        assert isinstance(lab.snapshot.search, float)
        lab.runner.ask(LeaveSearch())
        while lab.snapshot.search is not None:
            lab.next()
        assert lab.ask(TakeRate()).config.learning_rate == 0.01
        assert lab.ask(Advance(1)).step == 1
