"""The step view's sentences, held against the votes of the points anew."""

import re

import numpy as np
import pytest
from claims import N, says
from hypothesis import given, settings
from hypothesis import strategies as st
from inside_a_step import MODELS, RUNS, Step

from nn_core.config import Config
from nn_core.formatting import number, short
from nn_core.training.state import PHASES


def check_most(found, point, share):
    """That a point has the largest part of the loss, which is so many percent."""
    values = found.bars.values
    assert values[list(found.bars.numbers).index(int(point) - 1)] == values.max()
    assert says(share, 100 * values.max() / values.sum())


def check_sentence(found, sentence):
    """Hold a sentence's numbers against the votes, anew."""
    values = None if found.bars is None else found.bars.values
    symbol = re.escape(found.symbol)
    if match := re.fullmatch(
        rf"Loss: {N} on average(?:; point (\d+) brings the most, (\d+)% of the sum)?\.", sentence
    ):
        assert match[1] == number(found.loss)
        if match[2]:
            assert found.bars.chosen is None or values[found.bars.chosen] == values.max()
            check_most(found, match[2], match[3])
    elif match := re.fullmatch(
        rf"Loss: (?:{N} on average; )?point (\d+) brings (under 1|\d+)% of the sum, "
        r"point (\d+) the most, (\d+)%\.",
        sentence,
    ):
        assert match[1] in (None, number(found.loss))
        assert int(match[2]) == found.bars.numbers[found.bars.chosen] + 1
        share = 100 * values[found.bars.chosen] / values.sum()
        assert 0 < share < 1 if match[3] == "under 1" else says(match[3], share)
        check_most(found, match[4], match[5])
    elif match := re.fullmatch(
        rf"Backward: if {symbol} rises by 0.01, the loss (rises|falls) by about {N}\.", sentence
    ):
        assert (match[1] == "rises") == (values.mean() > 0)
        assert match[2] == number(abs(found.slope) * 0.01)
        assert values.mean() == pytest.approx(found.slope, rel=1e-5, abs=1e-7)
    elif match := re.fullmatch(
        rf"For {symbol} every point has one equal vote: \((\d+) − (\d+)\) ÷ (\d+) = {N}\.", sentence
    ):
        ups, downs, count = (int(match[at]) for at in (1, 2, 3))
        assert (ups, downs, count) == ((values > 0).sum(), (values < 0).sum(), len(values))
        assert set(np.abs(values)) == {1.0}
        assert match[4] == number((ups - downs) / count)
    elif match := re.fullmatch(
        rf"The outer points decide a, for x² is {N} there and {N} in the middle\.", sentence
    ):
        x = found.bars.x
        outer = np.abs(x) > np.median(np.abs(x))
        assert match[1] == short(round(float((x**2).max()), 2))
        assert match[2] == short(round(float((x**2).min()), 2))
        assert np.abs(values[outer]).sum() >= 3 * np.abs(values[~outer]).sum()
    elif match := re.fullmatch(
        rf"For {symbol}, the points left and right of x = 0 nearly cancel: {N} remains\.", sentence
    ):
        left, right = values[found.bars.x < 0].sum(), values[found.bars.x > 0].sum()
        assert match[1] == number(left + right)
        assert abs(left + right) <= 0.25 * max(abs(left), abs(right))
    elif sentence == f"For {found.symbol}, the points left and right of x = 0 cancel each other.":
        left, right = values[found.bars.x < 0].sum(), values[found.bars.x > 0].sum()
        assert abs(left + right) <= 1e-12 * max(abs(left), abs(right))
    elif match := re.fullmatch(
        rf"(\d+) of (\d+) points say: (raise|lower) {symbol}; none says the contrary\.", sentence
    ):
        sided = values > 0 if match[3] == "lower" else values < 0
        assert (int(match[1]), int(match[2])) == (sided.sum(), len(values))
        assert not (values[~sided] != 0).any()
    elif match := re.fullmatch(
        rf"(\d+) of (\d+) points say: raise {symbol}, {N} in all; (\d+) says?: lower it, {N}\.",
        sentence,
    ):
        assert int(match[1]) == (values < 0).sum()
        assert int(match[4]) == (values > 0).sum()
        assert match[3] == number(-values[values < 0].sum())
        assert match[5] == number(values[values > 0].sum())
    elif match := re.fullmatch(
        rf"(\d+) of (\d+) points have no vote on {symbol}: a factor on their way is 0\.", sentence
    ):
        assert (int(match[1]), int(match[2])) == ((values == 0).sum(), len(values))
    elif sentence == (
        f"Backward: the gradient is 0: a small move of {found.symbol} changes nothing."
    ):
        assert abs(found.slope) <= 1e-12 * (0 if values is None else np.abs(values).mean())
    else:
        assert sentence == "Next, backward: how the loss changes with each parameter."


@settings(max_examples=80)
@given(model=MODELS, run=RUNS, chosen=st.integers(0, 40), steps=st.sampled_from([0, 3, 40]))
def test_every_sentence_is_true_and_fits_its_line(model, run, chosen, steps):
    step = Step(Config(experiment="quadratic"), steps, **model, **{**run, "dtype": "float64"})
    for _ in PHASES:
        found = step.next_phase().look(chosen=chosen)
        for sentence in found.sentences:
            assert len(sentence) <= 78
            check_sentence(found, sentence)


def test_of_the_loss_the_chosen_points_part_is_said_beside_the_largest():
    """It showed point 4, and spoke of point 1 alone."""
    step = Step(steps=0).at("loss")
    assert step.look(point=3).sentences[0] == (
        "Loss: 2.4219 on average; point 4 brings 2% of the sum, point 1 the most, 18%."
    )
    assert step.look(point=0).sentences[0] == (
        "Loss: 2.4219 on average; point 1 brings the most, 18% of the sum."
    )


def test_the_three_sentences_of_the_lesson():
    step = Step(steps=10).at("backward")
    assert step.look().sentences[:2] == (
        "Backward: if a rises by 0.01, the loss falls by about 0.01353.",
        "The outer points decide a, for x² is 4 there and 0.01 in the middle.",
    )
    assert step.look(chosen=1).sentences[1].startswith("For b, the points left and right")
    assert step.look(chosen=2).sentences[1] == (
        "For c every point has one equal vote: (5 − 15) ÷ 20 = −0.5."
    )


def test_of_a_sum_that_cancels_the_rounding_is_no_gradient():
    """“0 ÷ 20 ≈ 4.163e−17” stood there, and “nearly cancel: 0 remains”."""
    step = Step(steps=10, learning_rate=2.0).at("backward")
    found = step.look(chosen=1)
    mean, rounding = found.lines[-2:]
    assert (mean.text, mean.sign, mean.result) == ("0 ÷ 20", "=", 0)
    assert rounding.text == "the computer’s sum is off by rounding: 4.2e−17, not 0"
    assert (found.slope, found.gradient) == (0, 0)
    assert [check.cancels for check in found.checks] == [False, True, False]
    assert found.sentences == (
        "Backward: the gradient is 0: a small move of b changes nothing.",
        "For b, the points left and right of x = 0 cancel each other.",
    )
