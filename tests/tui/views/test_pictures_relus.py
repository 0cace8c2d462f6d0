"""Pictures of the view of the ReLUs in its main states."""

from typing import Any

import pytest

from nn_tui.views import VIEWS

KEY = str([each.name for each in VIEWS].index("ReLUs") + 1)
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
every_size = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
TRAINED = ("relu-net", "--pace", "max", "--epochs", "300")


def reached(**request: Any) -> Any:
    """Whether the run is where the keys lead, and the view shows what was asked for."""

    def is_there(shown: Any) -> bool:
        asked = {name: getattr(shown.request, name) for name in request}
        return shown.request.view == "ReLUs" and asked == request

    return is_there


def at_the_end(shown: Any) -> bool:
    return shown.epoch == 300 and reached(chosen=2)(shown)


@every_size
def test_the_units_of_a_network_that_was_trained(size: tuple[int, int], pictured: Any) -> None:
    keys = f"space {KEY} down down"
    assert pictured(*TRAINED, size=size, keys=keys, reached=at_the_end)


@every_size
def test_an_opened_unit(size: tuple[int, int], pictured: Any) -> None:
    there = reached(chosen=0, opened_at=0, opened="unit 0")
    assert pictured("relu-net", size=size, keys=f"{KEY} enter", reached=there)


def test_a_unit_added_where_the_fit_is_worst(pictured: Any) -> None:
    there = reached(chosen=16)
    assert pictured("relu-net", size=(80, 24), keys=f"{KEY} A", reached=there)


def test_the_two_lines_of_the_lesson(pictured: Any) -> None:
    assert pictured("relu", size=(80, 24), keys=KEY, reached=reached())


def test_a_layer_before_the_last(pictured: Any) -> None:
    run = ("relu-net", "--hidden", "64,64")
    assert pictured(*run, size=(120, 40), keys=KEY, reached=reached())


def test_the_quadratic_has_none(pictured: Any) -> None:
    assert pictured(size=(80, 24), keys=KEY, reached=reached())


def test_in_plain_characters(pictured: Any) -> None:
    assert pictured("relu-net", "--markers", "ascii", size=(80, 24), keys=KEY, reached=reached())
