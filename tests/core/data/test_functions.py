"""The named functions: what they make, at which sizes, with which noise."""

import numpy as np
import pytest

from nn_core import Config, Trainer
from nn_core import config as config_module
from nn_core.analysis.references import references
from nn_core.config import setting
from nn_core.data.datasets import load, noisy
from nn_core.data.functions import TARGETS
from nn_core.data.planes import PLANES
from nn_core.data.schema import FEATURES
from nn_core.errors import RequestError
from nn_core.models.losses import LOSSES


def test_the_config_offers_the_functions_that_there_are():
    assert tuple(TARGETS) == config_module.TARGETS
    assert tuple(PLANES) == config_module.PLANES
    assert tuple(FEATURES) == config_module.FEATURES
    assert Config().noise == TARGETS["lesson"].noise


def test_the_lesson_is_what_it_was_to_the_bit():
    """The lesson's quadratic: y = f(x) · (1 + N(0, 0.15)) + N(0, 1.5), first five, loss 2.4219."""
    data = load(Config())
    assert data.y[:5, 0].round(3).tolist() == [11.869, 6.543, 5.940, 2.630, 1.795]
    x = np.linspace(-2, 2, 20, dtype=np.float32)[:, None].astype(np.float64)
    random = np.random.RandomState(42)
    y = (3 * x**2 + 2 * x + 1) * (1 + random.normal(0, 0.15, x.shape))
    y = y + random.normal(0, 1.5, x.shape)
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(data.y, y)
    assert Trainer.from_config(Config()).loss() == pytest.approx(2.4219, abs=5e-5)


@pytest.mark.parametrize(
    ("name", "x", "y"),
    [
        ("lesson", -1.0, 2.0),
        ("line", 1.5, 4.0),
        ("abs", -1.25, 1.25),
        ("step", 0.0, 1.0),
        ("step", -1e-9, 0.0),
        ("sine", np.pi / 6, 0.5),
        ("x-sin-x", np.pi / 2, np.pi / 2),
        ("bumps", 1.0, 2.0 + np.exp(-16)),
    ],
)
def test_each_function_is_what_its_formula_says(name, x, y):
    assert TARGETS[name].function(np.array([[x]]))[0, 0] == pytest.approx(y)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("rows", [1, 2, 1000])
def test_a_function_gives_as_many_rows_as_asked_for_and_knows_its_truth(name, rows):
    data = load(Config(data=name, rows=rows, noise=(0.0, 0.0)))
    assert data.x.shape == data.y.shape == (rows, 1)
    assert data.x[0, 0] == pytest.approx(TARGETS[name].low)
    np.testing.assert_array_equal(data.truth(data.x), data.y)
    truth = references(data, LOSSES["mae"])[0]
    assert (truth.kind, truth.loss) == ("truth", 0.0)


def test_noise_scales_the_same_draws_and_the_seed_draws_others():
    quiet, loud = (noisy("sine", 50, noise=(0.0, amount)) for amount in (0.1, 1.0))
    clean = TARGETS["sine"].function(quiet.x)
    np.testing.assert_allclose((quiet.y - clean) * 10, loud.y - clean, atol=1e-12)
    assert not np.allclose(noisy("sine", 50, seed=1).y, noisy("sine", 50, seed=2).y)


def test_many_rows_have_the_deviation_that_was_asked_for():
    data = noisy("line", 100_000, noise=(0.0, 0.5))
    residual = data.y - data.truth(data.x)
    assert residual.std() == pytest.approx(0.5, rel=0.02)
    assert residual.mean() == pytest.approx(0.0, abs=0.01)


def test_a_name_that_is_neither_function_nor_file_is_refused_naming_both():
    with pytest.raises(RequestError, match=r"sinus: there is no such file, nor data of.*sine"):
        load(Config(data="sinus"))


@pytest.mark.parametrize("rows", [0, 1_000_001, 2.5])
def test_rows_are_refused_outside_their_range(rows):
    with pytest.raises(RequestError, match="from 1 to 1000000"):
        Config(rows=rows)


def test_keys_turn_data_rows_noise_and_validation():
    def turned(name, value, *ways):
        for way in ways:
            value = setting(name).turn(value, way)
        return value

    assert turned("data", "lesson", 1, 1) == "abs"
    assert turned("data", "lesson", -1) == "bumps"
    assert turned("data", "mine.csv", 1) == "mine.csv"
    assert turned("noise", (0.15, 1.5), 1, 1) == (0.15, 5.0)
    assert turned("noise", (0.0, 0.1), -1, -1) == (0.0, 0.0)
    assert turned("rows", 20, 1) == 50
    assert turned("rows", 1_000_000, 1) == 1_000_000
    assert turned("rows", 1, -1) == 1
    assert turned("validation", 0.25, 1) == 0.3
    assert turned("validation", 0.0, -1) == 0.0
