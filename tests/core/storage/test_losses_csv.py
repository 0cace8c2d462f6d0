"""The losses as CSV."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import of_config

from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
from nn_core.storage.export import losses_csv


def test_the_losses_as_csv_are_those_recorded_in_full():
    timeline = of_config(batch_size=8, schedule="cosine")
    timeline.advance(7)
    timeline.do("set", name="batch_size", value=10)  # in the third epoch, which begins again
    timeline.advance(5)
    rows = list(csv.DictReader(io.StringIO(losses_csv(timeline))))
    assert list(rows[0]) == ["step", "epoch", "loss", "gradient_norm", "learning_rate"]
    assert [int(row["step"]) for row in rows] == list(range(13))
    assert [int(row["epoch"]) for row in rows] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4]
    history = timeline.history
    for name, series in (
        ("loss", history.losses), ("gradient_norm", history.gradient_norms),
        ("learning_rate", history.learning_rates),
    ):  # fmt: skip
        assert [float(row[name]) for row in rows[:-1]] == series.values.tolist()


def test_the_last_row_has_the_loss_that_is_on_the_screen_wherever_the_run_stands():
    """It ended with the loss before the last update; one beside a validation loss was empty."""
    timeline = of_config(validation=0.2)
    timeline.advance(6)
    written, loss = losses_csv(timeline), timeline.trainer.loss()
    [*_, last] = csv.DictReader(io.StringIO(written))
    assert (last["step"], last["epoch"]) == ("6", "6")
    assert float(last["loss"]) == pytest.approx(loss, rel=1e-12)
    timeline.seek(2)
    assert losses_csv(timeline) == written
    assert (timeline.state.step, len(timeline.history)) == (2, 6)
    timeline.advance(4)
    timeline.phase()
    assert losses_csv(timeline) == written
    timeline.advance(1)
    [*_, coming, _] = csv.DictReader(io.StringIO(losses_csv(timeline)))
    assert coming == last


def test_in_batches_no_loss_stands_there_of_a_step_that_was_not_taken():
    """Ten losses of eleven were of steps that were taken; the last looked no different."""
    timeline = of_config(batch_size=8)
    timeline.advance(10)
    [*taken, coming] = csv.DictReader(io.StringIO(losses_csv(timeline)))
    assert len(taken) == 10
    assert all(row["loss"] and row["gradient_norm"] for row in taken)
    assert (coming["step"], coming["loss"], coming["gradient_norm"]) == ("10", "", "")
    timeline.do("set", name="batch_size", value=0)
    [*_, coming] = csv.DictReader(io.StringIO(losses_csv(timeline)))
    assert float(coming["loss"]) == pytest.approx(timeline.trainer.loss(), rel=1e-12)


def test_the_validation_curve_and_the_file_s_units_are_in_the_csv():
    """Each is that of the parameters before the step."""
    timeline = of_config(EXPERIMENTS["stopping-distance"].config, validation=0.2, batch_size=16)
    timeline.advance(9)
    rows = list(csv.DictReader(io.StringIO(losses_csv(timeline))))
    assert [row["step"] for row in rows] == [str(step) for step in range(10)]
    measured = {int(row["step"]): float(row["validation_loss"]) for row in rows
                if row["validation_loss"]}  # fmt: skip
    steps, losses = timeline.history.validation.points()
    assert measured == dict(zip(steps.tolist(), losses.tolist(), strict=True))
    assert [*measured] == [0, 3, 6, 9]
    assert rows[9]["epoch"] == "3"
    data = timeline.trainer.data
    off = data.validation.raw_y - data.y_scaling.undo(
        timeline.trainer.model.predict(data.validation.x)
    )
    squared = float(rows[9]["validation_loss_in_file_units"])
    assert squared == pytest.approx(float((off**2).mean()), rel=1e-12)
    assert float(rows[0]["loss_in_file_units"]) == pytest.approx(
        float(rows[0]["loss"]) * float(data.y_scaling.deviation[0]) ** 2, rel=1e-12
    )


@pytest.mark.parametrize("loss", ["huber", "log-cosh"])
def test_a_loss_without_a_unit_is_said_as_it_is_trained(loss):
    timeline = of_config(EXPERIMENTS["stopping-distance"].config, loss=loss)
    timeline.advance(1)
    assert "in_file_units" not in losses_csv(timeline)


def test_before_the_first_step_there_are_no_losses():
    with pytest.raises(RequestError, match="no step has been taken yet"):
        losses_csv(of_config())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from([0, 1, 3, 7, 20, "more", "less"])), max_size=7
    )
)
def test_the_epochs_told_afterwards_are_those_counted_on_the_way(stretches):
    timeline = of_config(batch_size=3)
    counted = []
    for steps, done in [*stretches, (5, 3)]:
        for _ in range(steps):
            counted.append(timeline.state.epoch)
            timeline.advance(1)
        if done == "more":
            timeline.do("add_point", x=0.5, y=1.0)
        elif done == "less":
            timeline.do("remove_point", row=0)
        else:
            timeline.do("set", name="batch_size", value=done)
    assert timeline.epochs(np.arange(len(counted))).tolist() == counted
