"""The map of two settings: each cell is where a run with its values would be; the run is left."""

import numpy as np
import pytest

from nn_core import Timeline, Trainer
from nn_core.analysis import setting_map, sweep
from nn_core.analysis.setting_ranges import changes, offered, side
from nn_core.config import CONSTANTS, Config
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.limits import KIOSK
from nn_core.errors import RequestError
from nn_core.optim.optimizers import OPTIMIZERS, has_setting

QUADRATIC = EXPERIMENTS["quadratic"].config
NETWORK = EXPERIMENTS["relu-net"].config.replace(hidden=(4,))


def of_config(config: Config, steps: int = 0) -> Timeline:
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(steps)
    return timeline


def mapped(timeline, across, up, steps=20, columns=5, rows=4):
    return sweep.result(setting_map.search(timeline, across, up, steps, columns, rows))


# --- the cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "across", "up"),
    [
        (QUADRATIC, "learning_rate", "momentum"),
        (QUADRATIC.replace(optimizer="nesterov"), "momentum", "learning_rate"),
        (QUADRATIC.replace(optimizer="adam", loss="mse"), "beta1", "beta2"),
        (QUADRATIC.replace(optimizer="rmsprop"), "alpha", "batch_size"),
        (NETWORK, "learning_rate", "hidden"),
        (NETWORK, "seed", "hidden"),
        (NETWORK.replace(batch_size=7), "batch_size", "seed"),
        (QUADRATIC, "noise", "learning_rate"),
        (QUADRATIC, "data_seed", "noise"),
        (QUADRATIC.replace(optimizer="lion"), "weight_decay", "l2"),
    ],
)
def test_a_cell_is_where_the_run_leads_once_its_values_are_taken(config, across, up):
    """From the run's start, or, where a setting is mapped that restarts, from that start anew."""
    found = mapped(of_config(config, 7), across, up)
    assert found.start == (7 if {across, up}.isdisjoint({"hidden", "seed", "noise", "data_seed"})
                           else None)  # fmt: skip
    for at in range(len(found.across.values)):
        for row in range(len(found.up.values)):
            timeline = of_config(config, 7)
            taken = changes(across, found.across.values[at], config)
            taken |= changes(up, found.up.values[row], config.replace(**taken))
            if found.start is None:
                timeline.restart(config.replace(**taken))
            for name, value in taken.items() if found.start is not None else ():
                timeline.do("set", name=name, value=value)
            before = timeline.trainer.loss()
            timeline.trainer.run(20)
            end = timeline.trainer.loss()
            diverged = not end <= 100 * before
            assert found.loss((at, row)) == pytest.approx(np.inf if diverged else end, rel=1e-9)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_run_is_left_as_it_was_in_the_middle_of_a_step(name):
    timeline = of_config(EXPERIMENTS[name].config, 3)
    timeline.phase()
    before, config, trainer = timeline.state.copy(), timeline.config, timeline.trainer
    for pair in (("learning_rate", "l2"), ("learning_rate", "noise")):
        if pair[1] in offered(config, trainer.data.rows):
            mapped(timeline, *pair, steps=5)
    assert (timeline.trainer, timeline.config) == (trainer, config)
    assert (timeline.state.step, timeline.state.phase) == (3, 1)
    np.testing.assert_array_equal(timeline.state.parameters, before.parameters)
    np.testing.assert_array_equal(timeline.state.gradient, before.gradient)


def test_the_best_the_run_s_own_and_those_that_diverged_are_told_apart():
    found = mapped(of_config(QUADRATIC.replace(loss="mse")), "learning_rate", "momentum", 100, 9, 5)
    least = np.unravel_index(found.losses.argmin(), found.losses.shape)
    assert found.best == (least[1], least[0])
    across, up = found.own
    assert (found.across.values[across], found.up.values[up]) == (0.01, 0.0)
    assert np.isinf(found.loss((8, 0)))  # MSE diverges above a rate of 0.2215
    assert np.isfinite(found.loss(found.own))
    assert found.loss(found.own) < found.before == pytest.approx(10.137, abs=1e-3)


def test_where_everything_diverges_there_is_no_best():
    timeline = of_config(QUADRATIC.replace(loss="mse", learning_rate=1e4))
    assert mapped(timeline, "learning_rate", "momentum").best is None


def test_what_grows_without_overflowing_has_diverged_too():
    """At a rate of 0.3 the mean squared error grows 1.8-fold a step: 20 steps don't overflow."""
    found = mapped(of_config(QUADRATIC.replace(loss="mse", learning_rate=0.3)), *RATE_MOMENTUM)
    assert np.isinf(found.loss(found.own))


RATE_MOMENTUM = ("learning_rate", "momentum")


# --- the sides ----------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_only_settings_that_do_something_are_offered_and_all_of_them_can_be_mapped(optimizer):
    config = QUADRATIC.replace(optimizer=optimizer)
    names = offered(config, 20)
    assert names[0] == "learning_rate"
    assert {"hidden", "seed"}.isdisjoint(names)  # of a quadratic on all rows
    for name in CONSTANTS:
        assert (name in names) == (has_setting(optimizer, name) or (name, optimizer) == ALSO)
    timeline = of_config(config)
    for name in names[1:]:
        assert mapped(timeline, "learning_rate", name, 3).losses.size
    with pytest.raises(RequestError, match="hidden does nothing in this run"):
        mapped(timeline, "learning_rate", "hidden")


ALSO = ("momentum", "sgd")  # which becomes momentum with it


@pytest.mark.parametrize("name", offered(NETWORK.replace(batch_size=7, optimizer="adamw"), 20))
@pytest.mark.parametrize("count", [5, 12, 32])
def test_a_side_rises_and_has_the_value_in_force(name, count):
    config = NETWORK.replace(batch_size=7, optimizer="adamw")
    found = side(name, config, 20, count)
    assert 1 < len(found.values) <= count
    values = [value or 1000 for value in found.values] if name == "batch_size" else found.values
    assert list(values) == sorted(set(values))
    assert found.own is not None
    own = changes(name, found.values[found.own], config)
    assert config.replace(**own).to_dict() | {name: None} == config.to_dict() | {name: None}
    assert len({found.written(at) for at in range(len(found.values))}) == len(found.values)


def test_the_sides_that_the_lesson_looks_at():
    rates = side("learning_rate", QUADRATIC, 20, 32)
    assert (rates.values[0], rates.values[rates.own], rates.values[-1]) == (1e-4, 0.01, 1.0)
    momenta = side("momentum", QUADRATIC, 20, 32)
    assert (momenta.values[0], momenta.values[-1], momenta.own) == (0.0, 0.99, 0)


def test_a_value_in_force_beyond_the_side_has_no_place_on_it():
    config = QUADRATIC.replace(optimizer="momentum", momentum=1.0)
    assert side("momentum", config, 20, 12).own is None
    assert mapped(of_config(config), *RATE_MOMENTUM).own is None


def test_a_kiosk_s_limits_cut_a_side():
    sizes = side("hidden", NETWORK.replace(rows=10_000), 10_000, 32, KIOSK).values
    assert max(sizes) < 100 <= max(side("hidden", NETWORK.replace(hidden=(60,)), 20, 32).values)


def test_a_large_network_gets_fewer_cells_and_many_chances_to_stop():
    timeline = of_config(NETWORK.replace(hidden=(600, 600), rows=1000))
    pauses = setting_map.search(timeline, "learning_rate", "l2", 100)
    assert next(pauses) < next(pauses) < 0.01
    pauses.close()


@pytest.mark.parametrize("changes", [{}, {"hidden": (100, 100)}])
@pytest.mark.parametrize(("columns", "rows"), [(0, 0), (0, 30), (30, -2), (-2, -2)])
def test_where_there_is_no_room_the_map_has_its_least_cells(changes, columns, rows):
    found = mapped(of_config(NETWORK.replace(**changes)), "l2", "momentum", 1, columns, rows)
    assert min(found.losses.shape) >= setting_map.LEAST
