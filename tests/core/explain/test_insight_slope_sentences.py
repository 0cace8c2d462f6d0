"""The slope view's sentences: each is true of its run."""

import re
from itertools import pairwise

import numpy as np
import pytest
from claims import N, number, says
from hypothesis import given, settings
from hypothesis import strategies as st
from slopes import look, run

from nn_core.formatting import LINE_WIDTH


def roughly(text, value):
    return number(text) == pytest.approx(value, rel=0.051)


NAME = r"(?:[abc]|[mb]\d|this weight|this bias|This weight|This bias|it)"


def _pace(found, update, gap, steps):
    assert says(update, found.chosen.update)
    assert roughly(gap, abs(found.slice.bottom - found.chosen.value))
    exact = (found.slice.bottom - found.chosen.value) / found.chosen.update
    assert roughly(steps, exact) or abs(number(steps) - exact) <= 0.5
    divided = number(gap) / abs(number(update))  # as a reader checks it
    assert number(f"{round(divided):.2g}") == number(steps)


def _next(found, update, gap):
    assert says(update, found.chosen.update)
    assert roughly(gap, abs(found.slice.bottom - found.chosen.value))
    assert 1 <= (found.slice.bottom - found.chosen.value) / found.chosen.update < 1.5


def _over(found, update, gap, ends):
    away = found.slice.bottom - found.chosen.value
    assert says(update, found.chosen.update)
    assert says(gap, abs(away))
    assert abs(found.chosen.update) > abs(away)
    assert found.chosen.update * away >= 0
    assert bool(ends) == (found.landing > found.loss + 0.5e-4)


def _bounces(found, turns, moves):
    path = [*found.past_steps.values[:, 0], found.chosen.value][-int(moves) - 1 :]
    ways = [np.sign(b - a) for a, b in pairwise(path)]
    assert len(ways) == int(moves)
    assert sum(a * b < 0 for a, b in pairwise(ways)) == int(turns)


def _slope(found, slope, amount, change, way):
    assert says(slope, found.slope)
    assert says(change, abs(found.slope) * number(amount))
    assert (found.slope > 0) == (way == "higher")


def _gentle(found, slope):
    assert says(slope, found.slope)


def _alone(found, rows, landing, after):
    assert (int(rows or found.rows), bool(rows)) == (
        found.slice.rows,
        found.slice.rows < found.rows,
    )
    assert says(landing, found.landing)
    assert says(after, found.next_loss)
    assert found.landing < found.loss < found.next_loss


def _bottom(found):
    assert found.loss - np.nanmin([found.slice.least, *found.slice.losses]) < 0.5e-4
    away, width = abs(found.slice.bottom - found.chosen.value), found.chosen.high - found.chosen.low
    assert away <= 0.05 * width or found.slice.least >= found.loss


def _flat(found, fall):
    least = np.nanmin([found.slice.least, *found.slice.losses])
    assert roughly(fall, found.loss - least)
    assert found.loss - least < 0.5e-4


def _edge(found, value):
    assert roughly(value, found.slice.bottom) or says(value, found.slice.bottom)
    ends = np.array([found.chosen.low, found.chosen.high])
    assert np.abs(ends - found.slice.bottom).min() <= 0.0101 * (ends[1] - ends[0])


def _downhill(found):
    away = found.slice.bottom - found.chosen.value
    assert found.slope * found.chosen.update < 0
    between = found.slice.losses[
        (found.slice.values - found.chosen.value) * np.sign(away) > 0
    ]  # fmt: skip
    assert found.slope * away > 0
    assert len(between)


def _batch(found, used, slope):
    assert says(used, found.used)
    assert says(slope, found.slope)
    assert found.used * found.slope <= 0


def _sum(found, used):
    assert says(used, found.used)
    assert found.used * found.slope <= 0


def _overflows(found):
    assert not np.isfinite([found.chosen.next, found.landing, found.next_loss]).all()


def _still(found):
    assert found.chosen.update == 0


def _true(found):
    pass


CLAIMS = {
    rf"A step moves {NAME} by {N}: the bottom, {N} away, is {N} such steps off\.": _pace,
    rf"A step moves {NAME} by {N}: the bottom, {N} away, is the next step\.": _next,
    rf"A step of {N} jumps over the bottom, {N} away(, and ends higher)?\.": _over,
    rf"{NAME} bounces: back and forth (\d+) times in (\d+) moves\. A smaller .+": _bounces,
    rf"Slope {N}: {N} more of {NAME} makes the loss about {N} (higher|lower)\.": _slope,
    rf"Slope {N}: a small change of {NAME} hardly changes the loss\.": _gentle,
    rf"(?:Alone|On these (\d+) rows alone) it would lower the loss to {N}; all moving at once make "
    rf"it {N}\.": _alone,
    rf"{NAME} is at the bottom of its slice, as far as four decimals show\.": _bottom,
    rf"Nearly flat here: all along this slice the loss falls by about {N}\.": _flat,
    rf"The loss falls as far as this slice goes, to where {NAME} is {N}\.": _edge,
    r"Downhill, but away from the lowest point: a rise lies between\.": _downhill,
    rf"Away from the bottom: the batch’s slope is {N}, that of all rows {N}\.": _batch,
    rf"Away from the bottom: it uses the sum of gradients so far, {N}\.": _sum,
    r"Away from the bottom: the optimizer remembers older gradients\.": _true,
    rf"The next step leaves {NAME} where it is\.": _still,
    rf"{NAME} is frozen: no step moves it; this is what moving it would do\.": _true,
    r"Inside the step its gradient isn’t known yet: the arrow comes with backward\.": _true,
    rf"At {N} the loss overflows: there is no slope to go by\. b goes back\.": lambda found, at: (
        roughly(at, found.chosen.value)
    ),
    r"The next step overflows: the rate is too large \(− lowers it\)\.": _overflows,
}


def check(found):
    assert 1 <= len(found.sentences) <= 4
    for sentence in found.sentences:
        assert len(sentence) <= 2 * LINE_WIDTH, sentence
        for pattern, holds in CLAIMS.items():
            match = re.fullmatch(pattern, sentence)
            if match:
                holds(found, *match.groups())
                break
        else:
            raise AssertionError(f"nobody vouches for {sentence!r}")


RUNS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["quadratic", "relu", "relu-net", "stopping-distance"]),
        "steps": st.integers(0, 60),
        "learning_rate": st.sampled_from([1e-5, 0.001, 0.01, 0.1, 0.3, 1.0, 5.0]),
    },
    optional={
        "loss": st.sampled_from(["mae", "mse", "huber"]),
        "optimizer": st.sampled_from(["momentum", "adam", "nesterov"]),
        "batch_size": st.sampled_from([1, 3, 7]),
        "zero_gradients": st.just(False),
        "l2": st.just(0.05),
    },
)


@settings(max_examples=120, deadline=None)
@given(RUNS, st.integers(0, 3), st.integers(0, 4), st.sampled_from([None, -1e300, 0.0, 7.5]))
def test_every_sentence_is_true_of_its_run(asked, chosen, phase, value):
    timeline = run(**asked)
    if value is not None:
        timeline.do("assign", index=0, value=value)
    for _ in range(phase):
        timeline.phase()
    check(look(timeline, chosen=chosen).insight)


def test_a_small_rate_a_large_one_and_one_that_bounces_are_told_apart():
    small = look(run(steps=10)).insight
    assert "97 such steps off" in small.sentences[0]
    large = look(run(steps=2, loss="mse", learning_rate=0.3)).insight
    assert "jumps over the bottom" in large.sentences[0]
    bouncing = look(run(steps=20, learning_rate=1.0)).insight
    assert "bounces" in bouncing.sentences[0]


@pytest.mark.parametrize("settings", [{}, {"learning_rate": 0.003}, {"learning_rate": 1e-4}])
@pytest.mark.parametrize("steps", [0, 10, 40])
def test_how_far_divided_by_a_step_is_how_many_steps(settings, steps):
    """“By +0.0122: the bottom, 1 away, is 84 such steps off”: 1 ÷ 0.0122 is 82."""
    for chosen in range(3):
        check(look(run(steps=steps, **settings), chosen=chosen).insight)


def test_a_bias_whose_slice_only_falls_to_its_edge_is_not_at_a_bottom():
    timeline = run("xor", steps=1000)
    found = look(timeline, opened="0.bias", chosen=2).insight
    check(found)
    assert found.sentences[0].startswith("Nearly flat here: all along this slice the loss falls by")
    other = look(timeline, opened="0.bias", chosen=1).insight
    check(other)
    assert other.sentences[0].startswith("This bias is at the bottom of its slice")
