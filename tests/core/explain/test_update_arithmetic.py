"""An update's arithmetic: what its text comes to is the result shown, and that the trainer's."""

import math
import re

import numpy as np
import pytest
from claims import number
from hypothesis import given
from hypothesis import strategies as st

from nn_core import MLP, Dataset, Quadratic, RectifiedLines, Trainer
from nn_core.data.datasets import noisy_quadratic
from nn_core.explain.arithmetic.update_arithmetic import arithmetic
from nn_core.expressions import Worked
from nn_core.optim.optimizers import OPTIMIZERS


def value_of(text):
    """What a line's work comes to, as one would type it into a calculator."""
    python = text.replace("−", "-").replace("·", "*").replace("÷", "/").replace("^", "**")
    python = re.sub(r"√([\d.e-]+)", r"sqrt(\1)", python.replace("²", "**2"))
    return eval(python, {"sqrt": math.sqrt, "sign": np.sign})


def decimals(text):
    """The unit of a number's last digit."""
    mantissa, _, exponent = text.replace("−", "-").partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def random_trainer(random, kind, **settings):
    data = Dataset(random.uniform(-2, 2, (9, 1)), random.normal(0, 3, (9, 1)))
    model = {
        "quadratic": lambda: Quadratic(*random.normal(0, 2, 3)),
        "relu": lambda: RectifiedLines(random.normal(0, 2, 2), random.normal(0, 2, 2)),
        "mlp": lambda: MLP((1, 4, 3, 1), "tanh", seed=int(random.integers(100))),
    }[kind]()
    return Trainer(model, data, **settings)


runs = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["quadratic", "relu", "mlp"]),
        "optimizer": st.sampled_from(sorted(OPTIMIZERS)),
        "momentum": st.sampled_from([None, 0.0, 0.123456789, 1.0]),
        "beta1": st.sampled_from([None, 0.0, 0.7654321]),
        "beta2": st.sampled_from([None, 0.5, 0.99912345]),
        "alpha": st.sampled_from([None, 0.12345678]),
        "epsilon": st.sampled_from([None, 1e-3, 0.123456]),
        "weight_decay": st.sampled_from([None, 0.0, 0.0123456]),
        "loss": st.sampled_from(["mae", "mse", "huber"]),
        "learning_rate": st.sampled_from([1e-4, 0.01, 0.037]),
        "schedule": st.sampled_from(["constant", "cosine"]),
        "zero_gradients": st.booleans(),
        "batch_size": st.sampled_from([0, 4]),
        "clip": st.sampled_from([0.0, 0.5, 100.0]),
        "l1": st.sampled_from([0.0, 0.03]),
        "l2": st.sampled_from([0.0, 0.2]),
        "freezes": st.booleans(),
    }
)


@given(settings=runs, seed=st.integers(0, 2**32 - 1), steps=st.integers(0, 40))
def test_each_line_gives_its_result_and_the_last_is_where_the_step_leads(settings, seed, steps):
    random = np.random.default_rng(seed)
    freezes, settings = settings["freezes"], {k: v for k, v in settings.items() if k != "freezes"}
    trainer = random_trainer(random, **settings)
    if freezes:
        first = trainer.state.layout.places[0].name
        trainer.configure(trainer.config.replace(freeze=(first,)))
    trainer.run(steps)
    free = np.flatnonzero(~trainer.frozen) if freezes else np.arange(trainer.model.flat.size)
    index = int(random.choice(free))
    lines = arithmetic(trainer, trainer.preview(), index)
    for line in lines:
        shown = line.written()
        work, result = shown.text, shown.result
        assert shown.sign == "=", (work, result)
        assert abs(value_of(work) - number(result)) <= 0.5001 * decimals(result), (work, result)
        assert number(result) == pytest.approx(line.result, rel=1e-4, abs=1e-12)
    trainer.run(1)
    state = trainer.state
    assert lines[-1].result == pytest.approx(state.parameters[index], rel=1e-12, abs=1e-15)
    results = {line.symbol: line.result for line in lines[:-1]}
    for slot, symbol in (("velocity", "v"), ("mean", "m"), ("square", "s")):
        if slot in state.slots:
            assert results[symbol] == pytest.approx(state.slots[slot][index], rel=1e-9, abs=1e-15)
    if settings["clip"] and settings["zero_gradients"]:
        used = state.gradient[index]  # what the update was given
        clipped = [line.result for line in lines if line.symbol == "g"][-1]
        assert clipped == pytest.approx(used, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_frozen_parameter_keeps_its_value(optimizer):
    trainer = random_trainer(
        np.random.default_rng(0), "quadratic", optimizer=optimizer, freeze=("b",)
    )
    trainer.run(3)
    (line,) = arithmetic(trainer, trainer.preview(), 1)
    assert line.result == trainer.state.parameters[1]
    assert "frozen" in line.note


def test_the_lessons_first_step_by_adam():
    """m̂ = g and ŝ = g² in the first step, whatever the gradient: so a moves by the rate."""
    trainer = Trainer(Quadratic(), noisy_quadratic(), loss="mae", optimizer="adam")
    lines = arithmetic(trainer, trainer.preview(), 0)
    assert [(line.symbol, line.written().text, line.written().result) for line in lines] == [
        ("m", "0.9 · 0 + 0.1 · (−1.3529)", "−0.13529"),
        ("s", "0.999 · 0 + 0.001 · (−1.35291)²", "0.0018304"),
        ("m̂", "−0.13529 ÷ (1 − 0.9^1)", "−1.3529"),
        ("ŝ", "0.0018304 ÷ (1 − 0.999^1)", "1.8304"),
        ("a", "1.1 − 0.01 · (−1.3529) ÷ (√1.8304 + 1e−8)", "1.1100"),
    ]


def test_inside_a_step_the_gradient_is_taken_as_it_stands():
    trainer = random_trainer(np.random.default_rng(1), "mlp", zero_gradients=False, l2=0.1)
    trainer.run(2)
    for _ in range(4):
        trainer.phase()
    lines = arithmetic(trainer, trainer.preview(), 3)
    assert (lines[0].symbol, lines[0].note) == ("g", "as it stands")
    assert lines[0].result == trainer.state.gradient[3]
    trainer.phase()
    assert lines[-1].result == pytest.approx(trainer.state.parameters[3], rel=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("value", [1e300, -1e200, np.inf, np.nan])
def test_numbers_beyond_all_bounds_are_written_too(optimizer, value):
    trainer = random_trainer(
        np.random.default_rng(2), "quadratic", optimizer=optimizer, loss="mse", clip=1.0
    )
    trainer.run(2)
    trainer.state.parameters[0] = value
    for line in arithmetic(trainer, trainer.preview(), 0):
        written = line.written()
        assert all((written.text, written.sign, written.result))


def test_float32_numbers_are_those_of_the_trainer():
    for optimizer in OPTIMIZERS:
        trainer = random_trainer(
            np.random.default_rng(3), "mlp", optimizer=optimizer, dtype="float32"
        )
        trainer.run(5)
        lines = arithmetic(trainer, trainer.preview(), 2)
        trainer.run(1)
        assert lines[-1].result == pytest.approx(trainer.state.parameters[2], rel=1e-6)
        for line in lines:
            shown = line.written()
            slack = 0.5001 if shown.sign == "=" else 1.5
            off = abs(value_of(shown.text) - number(shown.result))
            assert off <= slack * decimals(shown.result)


def test_a_gradient_that_overflowed_is_written_as_infinite():
    """The word max belongs to the pace alone."""
    data = Dataset(np.array([[1e150], [2e149]]), np.array([[-1e150], [-1e150]]))
    trainer = Trainer(Quadratic(1.1, 1e9, 1.1), data, loss="mse", learning_rate=0.01)
    with np.errstate(all="ignore"):
        *_, last = arithmetic(trainer, trainer.preview(), 0)
        assert last.written() == Worked("1.1 − 0.01 · inf", "=", "−inf")
