"""The activations: their slopes, and the error function that GELU needs."""

import math

import numpy as np
import pytest

from nn_core.models.activations import ACTIVATIONS, activate
from nn_core.models.activations.erf import erf


def test_the_error_function_is_that_of_the_standard_library():
    x = np.concatenate([np.linspace(-7, 7, 20_001), [0.46875, -0.46875, 1e300, -np.inf, np.inf]])
    wanted = np.array([math.erf(each) for each in x])
    np.testing.assert_allclose(erf(x), wanted, rtol=1e-15, atol=3e-16)
    assert math.isnan(erf(np.array([np.nan]))[0])


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("size", [5, 2000])
def test_the_chain_multiplies_by_the_slope_of_the_sum(name, size):
    """Of small arrays and of large ones, which take another way through the code."""
    sums = np.random.default_rng(1).normal(scale=2, size=(1, size))
    output, slope = sums.copy(), np.full_like(sums, 3.0)
    compiled = ACTIVATIONS[name].compile(output, slope)
    compiled.apply()
    compiled.chain()
    numeric = (activate(name, sums + 1e-6) - activate(name, sums - 1e-6)) / 2e-6
    away = np.abs(sums) > 1e-5
    np.testing.assert_allclose(slope[away], 3 * numeric[away], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", ["silu", "gelu"])
def test_far_from_0_the_gates_are_shut_or_open(name):
    far = np.array([-700.0, 700.0])
    np.testing.assert_allclose(activate(name, far), [0.0, 700.0], atol=1e-12)
