"""Pictures of the health view and of the gradient check, compared with those found to be right."""

from typing import Any

import pytest

from nn_core.analysis.gradient_check import Checked
from nn_tui.dialogs.check_sheet import CheckSheet
from nn_tui.views import VIEWS

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
every_size = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
HEALTH = str([each.name for each in VIEWS].index("health") + 1)


def at(step: int) -> Any:
    return lambda shown: shown.step == step and shown.request.view == "health"


@every_size
def test_the_quadratic_by_adam(size: tuple[int, int], pictured: Any) -> None:
    keys = f"{HEALTH} s s s s s s"
    assert pictured("--optimizer", "adam", size=size, keys=keys, reached=at(6))


@every_size
def test_a_network_after_three_hundred_steps(size: tuple[int, int], pictured: Any) -> None:
    arguments = ("relu-net", "--pace", "max", "--epochs", "300")
    assert pictured(*arguments, size=size, keys=f"{HEALTH} space", reached=at(300))


def test_a_weight_of_an_opened_layer_all_arithmetic_on(pictured: Any) -> None:
    arguments = ("relu-net", "--optimizer", "adamw", "--clip", "5", "--l2", "0.01")
    keys = f"{HEALTH} s s s down enter down"
    assert pictured(*arguments, size=(80, 24), keys=keys, reached=at(3))


def test_a_screen_without_colours(pictured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert pictured("relu-net", size=(80, 24), keys=f"{HEALTH} s s s", reached=at(3))


def test_a_screen_with_plain_characters_only(pictured: Any) -> None:
    arguments = ("relu-net", "--markers", "ascii", "--optimizer", "rmsprop", "--freeze", "0")
    assert pictured(*arguments, size=(80, 24), keys=f"{HEALTH} s s s", reached=at(3))


@every_size
def test_the_gradient_check(size: tuple[int, int], pictured: Any) -> None:
    assert pictured(
        "relu-net", size=size, keys=f"{HEALTH} s s s c", over=CheckSheet,
        reached=lambda shown: isinstance(shown.search, Checked),
    )  # fmt: skip
