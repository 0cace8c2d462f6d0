"""Pictures of the step view in its phases, compared with those that were found to be right."""

from collections.abc import Callable
from typing import Any

import pytest

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
every_size = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)


def at(step: int, phase: int) -> Callable[[Any], bool]:
    return lambda shown: (shown.step, shown.phase) == (step, phase)


TEN_STEPS = "s s s s s s s s s s"


@every_size
@pytest.mark.parametrize("phase", [1, 2, 3, 4])
def test_the_quadratic_inside_a_step(phase: int, size: tuple[int, int], pictured: Any) -> None:
    assert pictured(size=size, keys=TEN_STEPS + " i" * phase, reached=at(10, phase))


@every_size
def test_the_quadratic_between_two_steps(size: tuple[int, int], pictured: Any) -> None:
    assert pictured(size=size, keys=f"{TEN_STEPS} 2", reached=at(10, 0))


@every_size
def test_the_update_of_adam(size: tuple[int, int], pictured: Any) -> None:
    arguments = ("--optimizer", "adam")
    assert pictured(*arguments, size=size, keys=TEN_STEPS + " i" * 5, reached=at(11, 0))


@every_size
@pytest.mark.parametrize("phase", [2, 4])
def test_a_network_inside_a_step(phase: int, size: tuple[int, int], pictured: Any) -> None:
    arguments = ("relu-net", "--hidden", "8,8")
    keys = f"{TEN_STEPS} full_stop{' i' * phase}"
    assert pictured(*arguments, size=size, keys=keys, reached=at(10, phase))


def test_the_votes_on_a_light_screen(pictured: Any) -> None:
    keys = f"{TEN_STEPS} i i i i down"
    assert pictured("--theme", "light", size=(80, 24), keys=keys, reached=at(10, 4))


def test_the_votes_without_colour(pictured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    keys = f"{TEN_STEPS} i i i i down down"
    assert pictured(size=(80, 24), keys=keys, reached=at(10, 4))
