"""Named sets of classes: as FACTS "Classes" has them, seeded, and the tables that are shipped."""

import numpy as np
import pytest

from nn_core import Config, datasets
from nn_core.data.datasets import load, plane, suited
from nn_core.data.planes import PLANES
from nn_core.errors import RequestError


@pytest.mark.parametrize("name", PLANES)
def test_a_set_has_both_classes_is_seeded_and_as_large_as_asked_for(name):
    data = plane(name, 101, seed=3)
    assert (data.x.shape, data.classes, data.x_names) == ((101, 2), ("no", "yes"), ("x1", "x2"))
    assert set(data.labels.tolist()) == {0, 1}
    np.testing.assert_array_equal(plane(name, 101, seed=3).x, data.x)
    if name != "spiral":  # without noise it is the same for every seed
        assert not np.array_equal(plane(name, 101, seed=4).x, data.x)
    config = Config(data=name, **suited(name))
    np.testing.assert_array_equal(load(config).x, plane(name).x)


def test_circle_xor_and_spiral_are_the_playgrounds():
    """FACTS "Classes": radius 5, pushed 0.3 off the axes, r = 5·i/n and t = 1.75·2π·i/n."""
    circle = plane("circle", 2000)
    radius = np.hypot(*circle.x.T)
    yes = circle.labels == 1
    assert yes.sum() == 1000
    assert radius[yes].max() < 2.5
    assert 3.5 < radius[~yes].min() < radius[~yes].max() < 5
    xor = plane("xor", 2000)
    np.testing.assert_array_equal(xor.labels == 1, xor.x[:, 0] * xor.x[:, 1] >= 0)
    assert 0.3 <= np.abs(xor.x).min() <= np.abs(xor.x).max() <= 5.3
    spiral = plane("spiral", 200)
    angle = 1.75 * 2 * np.pi * 37 / 100
    np.testing.assert_allclose(spiral.x[37], [5 * 0.37 * np.sin(angle), 5 * 0.37 * np.cos(angle)])
    np.testing.assert_allclose(spiral.x[137], -spiral.x[37], atol=1e-12)


def test_noise_is_the_playgrounds():
    """FACTS "Classes": variance from 0.5 to 4; a class told with noise of ±5 · noise added."""
    for noise, variance in ((0.0, 0.5), (0.5, 4.0)):
        gauss = plane("gauss", 20_000, noise=noise)
        yes = gauss.x[gauss.labels == 1]
        np.testing.assert_allclose(yes.mean(axis=0), 2, atol=0.1)
        np.testing.assert_allclose(yes.var(axis=0), variance, rtol=0.05)
    noisy = plane("circle", 2000, noise=0.5)
    wrong = (np.hypot(*noisy.x.T) < 2.5) != (noisy.labels == 1)
    assert 0.1 < wrong.mean() < 0.5


def test_features_are_those_of_the_points():
    data = load(Config(data="xor", rows=50, features=("x1*x2", "sin(x1)"), scale=True))
    assert data.x_names == ("x1*x2", "sin(x1)")
    points = plane("xor", 50).x
    np.testing.assert_allclose(data.raw_x[:, 0], points[:, 0] * points[:, 1])
    np.testing.assert_array_equal(data.raw_columns, points)
    np.testing.assert_allclose(data.schema.encoded(points), data.x)


def test_too_few_points_of_both_classes_are_refused():
    with pytest.raises(RequestError, match="1 points with this seed are all of one class"):
        load(Config(data="xor", rows=1))


def test_the_penguins():
    """FACTS "Classes": 342 with all four measures, 151 Adelie, 68 Chinstrap, 123 Gentoo."""
    data = datasets.penguins()
    assert data.x_names == ("bill_length_mm", "bill_depth_mm")
    assert dict(zip(data.classes, data.y.sum(axis=0).tolist(), strict=True)) == {
        "Adelie": 151, "Chinstrap": 68, "Gentoo": 123,
    }  # fmt: skip
    every = load(Config(data="penguins", x=("all",), y=("sex",)))
    assert every.rows == 333
    assert "island=Biscoe" in every.x_names


def test_the_digits():
    """FACTS "Classes": 1797 of 8×8 pixels of 0…16, divided by 16; the last column is the digit."""
    data = datasets.digits()
    assert data.x.shape == (1797, 64)
    assert data.classes == tuple("0123456789")
    assert (data.x.min(), data.x.max(), data.raw_x.max()) == (0, 1, 16)
    assert data.labels[:5].tolist() == [0, 1, 2, 3, 4]
    held = load(Config(data="digits", validation=0.2, loss="mse"))
    assert (held.rows, held.validation.rows) == (1438, 359)


@pytest.mark.parametrize("name", ["lesson", "moons", "above"])
def test_noise_of_minus_0_is_none(name):
    none, minus = (Config(data=name, noise=(each, each)) for each in (0.0, -0.0))
    np.testing.assert_array_equal(load(minus).y, load(none).y)
    np.testing.assert_array_equal(load(minus).x, load(none).x)
