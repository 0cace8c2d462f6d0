"""Inputs that are pixels are known by their names, and lead back to a picture."""

import numpy as np
import pytest

from nn_core.data.datasets import digits
from nn_core.data.pictures import pixels_of


def named(form: str, height: int, width: int, first: int = 0) -> list[str]:
    return [
        form.format(row + first, column + first) for row in range(height) for column in range(width)
    ]


@pytest.mark.parametrize(
    ("names", "size"),
    [
        (named("pixel_{}_{}", 8, 8), (8, 8)),
        (named("{}x{}", 28, 28, first=1), (28, 28)),
        (named("p{}-{}", 4, 6), (4, 6)),
        ([f"pixel{at}" for at in range(784)], (28, 28)),
        ([f"Pixel_{at}" for at in range(1, 17)], (4, 4)),
    ],
)
def test_names_of_pixels_tell_the_size(names: list[str], size: tuple[int, int]) -> None:
    found = pixels_of(names)
    assert found is not None
    assert (found.height, found.width) == size
    values = np.arange(len(names)) + 1.0
    assert np.array_equal(found.values(found.picture(values)), values)
    assert np.array_equal(found.picture(values), values.reshape(size))


@pytest.mark.parametrize(
    "names",
    [
        ["x"],
        ["bill_length", "bill_depth", "flipper_length"] * 3,
        [f"x{at}" for at in range(1, 10)],  # nine columns of a table, not a picture
        [f"pixel{at}" for at in range(10)],
        named("pixel_{}_{}", 100, 3),
        [f"from_{at}_to_{9 * at}" for at in range(9)],
    ],
)
def test_other_columns_are_no_picture(names: list[str]) -> None:
    assert pixels_of(names) is None


def test_a_pixel_that_was_left_out_stays_blank() -> None:
    names = named("pixel_{}_{}", 4, 4)
    found = pixels_of(names[:5] + names[6:])
    assert found is not None
    picture = found.picture(np.ones(15))
    assert picture[1, 1] == 0
    assert picture.sum() == 15


def test_the_digits_are_pictures_with_the_ink_where_it_was() -> None:
    data = digits()
    found = pixels_of(data.x_names)
    assert found is not None
    assert np.array_equal(found.picture(data.raw_x[5]), data.raw_x[5].reshape(8, 8))
