"""The table of steps: its rows are those of a run trained afresh, and the run stays as it is."""

import math
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timelines import of_config, place_and_record

from nn_core import Config, Trainer
from nn_core.analysis.step_table import at_once, search
from nn_core.run import history
from nn_core.training.state import PHASES

STARTS = (
    Config(),
    Config(validation=0.25, batch_size=4, optimizer="adam"),
    Config(zero_gradients=False, clip=3.0),
    Config(model="mlp", hidden=(3,), validation=0.25, schedule="cosine", epochs=20),
    Config(model="mlp", hidden=(), data="xor", rows=12, batch_size=5),
)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(1, 9)),
        st.tuples(st.just("phases"), st.integers(1, 7)),
        st.tuples(st.just("seek"), st.floats(0, 1)),
        st.tuples(st.just("learning_rate"), st.sampled_from((0.001, 0.02, 0.1))),
        st.tuples(st.just("zero_gradients"), st.booleans()),
        st.tuples(st.just("batch_size"), st.sampled_from((0, 3, 7))),
        st.tuples(st.just("nudge"), st.floats(-1, 1)),
    ),
    max_size=12,
)


class Afresh:
    """What was done to a run, and the run trained afresh with that, phase by phase."""

    def __init__(self, start):
        self.start, self.done = start, []

    def note(self, timeline, kind, value):
        here = (timeline.state.step, timeline.state.phase)
        self.done = [each for each in self.done if each[0] <= here]
        self.done.append((here, kind, value))

    def rows(self, tip):
        trainer = Trainer.from_config(self.start)
        done = iter([*self.done, ((math.inf, 0), "", None)])
        due = next(done)
        for step in range(tip + 1):
            found = ()
            for phase in range(len(PHASES)):
                while due[0] <= (step, phase):
                    self.do(trainer, *due[1:])
                    due = next(done)
                if phase == 0:
                    parameters = tuple(trainer.state.parameters.tolist())
                    found = (trainer.loss(), trainer.validation_loss(), parameters)
                if phase == len(PHASES) - 1:
                    loss = trainer.preview().loss
                    found += (loss, trainer.gradient_norm(), trainer.learning_rate)
                trainer.phase()
            yield step, *found

    def do(self, trainer, kind, value):
        if kind == "nudge":
            trainer.state.parameters[0] += value
        else:
            trainer.configure(trainer.config.replace(**{kind: value}))


def lived(start, done):
    """A run to which this was done, and what it is afresh."""
    timeline, afresh = of_config(start), Afresh(start)
    for kind, value in done:
        if kind == "advance":
            timeline.advance(value)
        elif kind == "phases":
            for _ in range(value):
                timeline.phase()
        elif kind == "seek":
            timeline.seek(int(value * timeline.tip))
        elif kind in ("nudge", "batch_size"):
            timeline.seek(timeline.state.step)
            afresh.note(timeline, kind, value)
            do(timeline, kind, value)
        else:
            afresh.note(timeline, kind, value)
            do(timeline, kind, value)
    return timeline, afresh


def do(timeline, kind, value):
    if kind == "nudge":
        timeline.do("nudge", index=0, amount=value)
    else:
        timeline.do("set", name=kind, value=value)


def worked_out(timeline, table):
    """The table once all of it is known."""
    way = search(timeline, table)
    while True:
        try:
            next(way)
        except StopIteration as end:
            return end.value


def told(row):
    own = (row.all_rows, row.validation, row.parameters)
    return row.step, *own, row.loss, row.gradient_norm, row.learning_rate


@given(st.sampled_from(STARTS), deeds, st.integers(0, 30), st.booleans())
def test_its_rows_are_those_of_a_run_trained_afresh_and_the_run_is_left_alone(
    start, done, first, is_thinned
):
    series = history.Series
    limit = 8 if is_thinned else history.LIMIT
    with mock.patch.object(history, "Series", lambda limit=limit: series(limit)):
        timeline, afresh = lived(start, done)
        before = place_and_record(timeline), [*timeline.events]
        tip = len(timeline.history)
        table = at_once(timeline, min(first, tip), 12)
        found = worked_out(timeline, table)
        again = at_once(timeline, 0, 100, found)
        whole = worked_out(timeline, again)
        assert (place_and_record(timeline), [*timeline.events]) == before
    expected = list(afresh.rows(tip))
    few = timeline.state.parameters.size <= 8
    if not few:
        expected = [(*row[:3], None, *row[4:]) for row in expected]
    assert [told(row) for row in whole.rows] == expected
    assert [told(row) for row in found.rows] == expected[found.rows[0].step :][:12]
    for row in table.rows:  # of what is there at once all is true too
        for known, true in zip(told(row), expected[row.step], strict=True):
            assert known is None or known == true
    assert all(row.is_whole for row in (*found.rows, *whole.rows))
    assert [row for row in again.rows if row.is_whole] == [*found.rows]


def test_what_is_recorded_is_there_at_once():
    timeline = of_config()
    timeline.advance(1000)
    rows = at_once(timeline, 990, 100).rows
    assert [row.step for row in rows] == [*range(990, 1001)]
    for row in rows[:-1]:
        recorded = timeline.history
        assert row.loss == recorded.losses.at(row.step)
        assert row.gradient_norm == recorded.gradient_norms.at(row.step)
        assert row.learning_rate == 0.01
        assert (row.all_rows, row.parameters, row.is_whole) == (None, None, False)
    assert (rows[-1].loss, rows[-1].learning_rate) == (None, None)


def test_the_published_table_is_its_first_ten_rows():
    timeline = of_config(zero_gradients=False)
    timeline.advance(10)
    found = worked_out(timeline, at_once(timeline, 0, 20))
    losses = [round(row.loss, 4) for row in found.rows]
    published = [2.4010, 2.3594, 2.2970, 2.2137, 2.1097, 1.9848, 1.8535, 1.7166, 1.5825, 1.4628]
    assert losses == [2.4219, *published]
    assert found.names == ("a", "b", "c")
    assert found.rows[0].parameters == (1.1, 1.1, 1.1)


@pytest.mark.parametrize("deed", ["nudge", "restart"])
def test_where_the_run_becomes_another_on_the_way_nothing_of_the_one_before_is_left(deed):
    timeline = of_config()
    timeline.advance(20)
    way = search(timeline, at_once(timeline, 0, 21))
    for _ in range(5):
        next(way)
    timeline.seek(3)
    if deed == "nudge":
        timeline.do("nudge", index=0, amount=1.0)
    else:
        timeline.restart()
    length = len(timeline.history)
    with pytest.raises(StopIteration) as end:
        next(way)
    rows = end.value.value.rows
    assert [row.step for row in rows] == [*range(length + 1)]
    assert len(timeline.history) == length
    assert [row.loss for row in rows[:-1]] == timeline.history.losses.values.tolist()


def test_parameters_of_another_shape_are_left_out():
    timeline = of_config(model="mlp", hidden=(1,))
    timeline.advance(2)
    timeline.do("add_unit", layer=0)
    timeline.advance(2)
    found = worked_out(timeline, at_once(timeline, 0, 5))
    assert [row.parameters is None for row in found.rows] == [True, True, False, False, False]
    assert len(found.names) == 7


def test_batches_anywhere_on_its_way_make_two_losses_of_one():
    timeline = of_config()
    timeline.advance(2)
    assert not at_once(timeline, 0, 5).in_batches
    timeline.do("set", name="batch_size", value=5)
    timeline.advance(2)
    timeline.do("set", name="batch_size", value=0)
    assert timeline.trainer.steps_per_epoch == 1
    assert at_once(timeline, 0, 5).in_batches
