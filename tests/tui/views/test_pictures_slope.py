"""Pictures of the slope view in its main states."""

from typing import Any

import pytest

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
every_size = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
TWELVE_STEPS = "s " * 12


def at(step: int) -> Any:
    return lambda shown: shown.step == step and shown.insight is not None


@every_size
def test_a_rate_that_is_too_small(size: tuple[int, int], pictured: Any) -> None:
    assert pictured(size=size, keys=f"4 {TWELVE_STEPS}", reached=at(12))


@every_size
def test_a_rate_that_bounces(size: tuple[int, int], pictured: Any) -> None:
    assert pictured("--lr", "1", size=size, keys=f"4 {TWELVE_STEPS}", reached=at(12))


@every_size
def test_a_weight_of_a_network(size: tuple[int, int], pictured: Any) -> None:
    assert pictured("relu-net", size=size, keys=f"4 {TWELVE_STEPS}", reached=at(12))


def test_the_two_rectified_lines_in_plain_characters(pictured: Any) -> None:
    arguments = ("relu", "--markers", "ascii")
    assert pictured(*arguments, size=(80, 24), keys=f"4 {TWELVE_STEPS}", reached=at(12))


def test_batches_inside_a_step(pictured: Any) -> None:
    assert pictured(
        "--batch-size", "4", size=(80, 24), keys="4 s s i i 4",
        reached=lambda shown: shown.phase == 2 and shown.request.view == "slope",
    )  # fmt: skip
