"""Beginning again: the same start, under the settings now in force or another run's."""

import numpy as np
import pytest
from timelines import place_and_record, quadratic

from nn_core import MLP, Config, Dataset, Timeline, Trainer
from nn_core.errors import RequestError


def test_restart_is_the_same_start_under_the_settings_now_in_force():
    timeline = quadratic()
    timeline.do("nudge", index=0, amount=0.3)
    timeline.advance(10)
    timeline.do("set", name="learning_rate", value=0.1)
    timeline.restart()
    fresh = quadratic(learning_rate=0.1)
    assert place_and_record(timeline) == place_and_record(fresh)
    timeline.advance(5)
    fresh.advance(5)
    assert place_and_record(timeline) == place_and_record(fresh)
    assert [len(kept.losses) for kept in timeline.kept] == [10]


def test_a_schedule_that_came_later_remembers_after_a_restart_what_it_does_at_first():
    whole = quadratic(schedule="plateau")
    restarted = quadratic()
    restarted.do("set", name="schedule", value="plateau")
    restarted.advance(30)
    restarted.restart()
    whole.advance(400)
    restarted.advance(400)
    assert place_and_record(restarted) == place_and_record(whole)


def test_restart_under_another_config_makes_another_run():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    timeline.restart(Config(model="relu"))
    assert timeline.trainer.model.kind == "relu"
    assert timeline.state.step == 0
    assert [kept.trained[0].model for kept in timeline.kept] == ["quadratic"]


def test_another_run_is_on_the_same_data_where_no_setting_of_the_data_changes():
    """Data given from Python isn't in the Config, and must not be lost."""
    mine = Dataset(np.array([[0.0], [1.0], [2.0]]), np.array([[1.0], [3.0], [5.0]]))
    timeline = Timeline(Trainer(MLP((1, 4, 1)), mine, loss="mse"))
    timeline.do("add_point", x=3.0, y=7.0)
    timeline.restart(timeline.config.replace(seed=1))
    assert timeline.trainer.data is mine
    timeline.restart(timeline.config.replace(data="sine"))
    assert timeline.trainer.data.rows == 20


@pytest.mark.parametrize("change", [{"loss": "mse"}, {"noise": (0.0, 0.0)}, {"data_seed": 1}])
def test_no_curve_is_kept_beside_one_that_measures_something_else(change):
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    timeline.restart(Config(**change))
    assert not timeline.kept


def test_a_restart_that_cannot_be_made_changes_nothing():
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.advance(10)
    before = place_and_record(timeline)
    with pytest.raises(RequestError, match="no such file"):
        timeline.restart(Config(data="missing.csv"))
    assert place_and_record(timeline) == before
    assert not timeline.kept


LOADED = (("a", 2.0), ("b", -1.0), ("c", 0.5))


def test_parameters_loaded_before_the_first_step_are_part_of_the_start():
    """They were gone after a restart, and nothing said so."""
    timeline = quadratic()
    timeline.do("load", values=LOADED)
    timeline.do("set", name="freeze", value=("a",))
    timeline.do("nudge", index=1, amount=0.3)
    timeline.advance(10)
    timeline.restart()
    assert timeline.state.parameters.tolist() == [2.0, -1.0, 0.5]
    fresh = quadratic(freeze=("a",))
    fresh.do("load", values=LOADED)
    for each in (timeline, fresh):
        each.advance(5)
    assert place_and_record(timeline) == place_and_record(fresh)
    again = timeline.beginning(timeline.config.replace(learning_rate=0.5))
    assert again.state.parameters.tolist() == [2.0, -1.0, 0.5]


@pytest.mark.parametrize(
    ("before", "arguments"), [("set", {"name": "epochs", "value": 9}), ("advance", {})]
)
def test_a_run_loaded_into_restarts_to_the_bit_as_it_began(before, arguments):
    timeline = quadratic()
    if before == "advance":
        timeline.advance(3)  # then what was loaded belongs to no start
    else:
        timeline.do(before, **arguments)
    timeline.do("load", values=LOADED)
    timeline.advance(4)
    timeline.restart()
    expected = [1.1, 1.1, 1.1] if before == "advance" else [2.0, -1.0, 0.5]
    assert timeline.state.parameters.tolist() == expected
    assert timeline.loads == ([] if before == "advance" else [0])


def test_what_was_loaded_into_another_shape_is_no_part_of_the_start():
    model = MLP((1, 2, 1))
    data = Dataset(np.array([[0.0], [1.0]]), np.array([[1.0], [3.0]]))
    timeline = Timeline(Trainer(model, data, loss="mse"))
    start = timeline.state.parameters.tolist()
    timeline.do("add_unit", layer=0)
    timeline.do("load", values=(("0.bias", (1.0, 2.0, 3.0)),))
    timeline.advance(2)
    timeline.restart()
    assert timeline.state.parameters.tolist() == start


def test_a_fresh_start_has_nothing_of_what_was_loaded_before():
    """A lesson that was begun again started from what had been lent to it the time before."""
    run = quadratic()
    start = run.state.parameters.copy()
    run.do("load", values=LOADED)
    run.advance(2)
    run.restart(run.config, fresh=True)
    np.testing.assert_array_equal(run.state.parameters, start)
