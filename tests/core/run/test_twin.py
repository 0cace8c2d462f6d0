"""The clean twin: it is where the run would be had it zeroed its gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.run.twin import Twin

ZEROED = [2.4219, 2.4010, 2.3802, 2.3594, 2.3386, 2.3178, 2.2970, 2.2762, 2.2553, 2.2345]
ALL = 10**9


def unzeroed(name="quadratic", **settings):
    config = EXPERIMENTS[name].config.replace(zero_gradients=False, **settings)
    return Timeline(Trainer.from_config(config))


def curve(twin):
    return [twin.history.losses.at(step) for step in range(len(twin.history.losses))]


def test_beside_the_published_table_it_has_the_zeroed_one():
    """FACTS: the table that the lesson prints, and why."""
    run = unzeroed()
    twin = Twin(run)
    run.advance(10)
    twin.follow(ALL)
    assert [round(loss, 4) for loss in curve(twin)] == ZEROED
    assert all(config.zero_gradients for config in twin.trained)


def test_it_begins_at_the_start_whenever_zeroing_was_turned_off():
    run = Timeline(Trainer.from_config(Config()))
    run.advance(5)
    run.do("set", name="zero_gradients", value=False)
    twin = Twin(run)
    run.advance(5)
    twin.follow(ALL)
    assert [round(loss, 4) for loss in curve(twin)] == ZEROED


def test_it_follows_in_pieces_and_says_when_it_is_behind():
    run = unzeroed()
    twin = Twin(run)
    assert not twin.is_behind
    run.advance(10)
    assert twin.is_behind
    twin.follow(4)
    assert twin.is_behind
    assert len(twin.history.losses) == 4
    twin.follow(ALL)
    assert not twin.is_behind
    assert len(twin.history.losses) == 10


def test_a_twin_that_diverges_is_left_behind_for_good():
    run = unzeroed("relu-net", learning_rate=10.0)
    twin = Twin(run)
    run.advance(1)
    run.do("set", name="learning_rate", value=1e-9)
    run.advance(50)
    twin.follow(ALL)
    assert not twin.is_behind


def test_it_is_taken_back_with_the_run_and_keeps_what_lies_ahead():
    """At step 20 of 30 its loss was still that of step 30: "zeroed it would stand lower"."""
    run = unzeroed()
    twin = Twin(run)
    run.advance(10)
    twin.follow(ALL)
    run.seek(4)
    assert twin.end is None
    assert twin.is_behind
    twin.follow(ALL)
    assert (twin.step, round(twin.end.loss, 4)) == (4, ZEROED[4])
    assert [round(loss, 4) for loss in curve(twin)] == ZEROED


def test_what_is_done_at_the_step_where_both_stand_shows_at_once():
    run = unzeroed()
    twin = Twin(run)
    run.advance(10)
    twin.follow(ALL)
    before = twin.end.loss
    run.do("nudge", index=0, amount=0.5)
    twin.follow(ALL)
    zeroed = Timeline(Trainer.from_config(Config()))
    zeroed.advance(10)
    zeroed.do("nudge", index=0, amount=0.5)
    assert twin.end.loss == zeroed.trainer.loss() != before


outcomes = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(1, 30)),
        st.tuples(st.just("nudge"), st.sampled_from([0.1, -0.4])),
        st.tuples(st.just("learning_rate"), st.sampled_from([0.001, 0.02])),
        st.tuples(st.just("zero_gradients"), st.booleans()),
        st.tuples(st.just("seek"), st.floats(0, 1)),
        st.tuples(st.just("add_unit")),
        st.tuples(st.just("remove_point")),
        st.tuples(st.just("phase")),
        st.tuples(st.just("follow")),
        st.tuples(st.just("restart")),
    ),
    max_size=15,
)


@pytest.mark.parametrize("name", ["quadratic", "relu-net"])
@given(done=outcomes)
def test_whatever_is_done_it_is_the_run_with_zeroing_on(name, done):
    """Held against a run that does all of it from the start, but for zeroing."""
    run = unzeroed(name, learning_rate=0.001)
    twin = Twin(run)
    for kind, *arguments in done:
        match kind:
            case "advance":
                run.advance(*arguments)
            case "nudge":
                run.do("nudge", index=0, amount=arguments[0])
            case "learning_rate" | "zero_gradients":
                run.do("set", name=kind, value=arguments[0])
            case "seek":
                run.seek(int(arguments[0] * run.tip))
            case "add_unit" if name == "relu-net":
                run.do("add_unit", layer=0)
            case "remove_point" if run.trainer.data.rows > 2:
                run.do("remove_point", row=0)
            case "phase":
                run.phase()
            case "follow":
                twin.follow(7)
            case "restart":
                run.restart()
    while True:
        twin.follow(13)
        if not twin.is_behind:
            break
    config = run.first.config.replace(zero_gradients=True)
    oracle = Timeline(Trainer.from_config(config))
    for event in run.events:
        if event.step > run.state.step or event.named.get("name") == "zero_gradients":
            continue
        oracle.advance(event.step - oracle.state.step)
        oracle.do(event.kind, **event.named)
    oracle.advance(run.state.step - oracle.state.step)
    steps = min(len(oracle.history), len(twin.history.losses))
    assert steps == run.state.step
    expected = [oracle.history.losses.at(step) for step in range(steps)]
    assert np.allclose(curve(twin)[:steps], expected, rtol=1e-12, atol=0)
    assert twin.step == run.state.step
    assert np.isclose(twin.end.loss, oracle.trainer.loss(), rtol=1e-12, atol=0)
