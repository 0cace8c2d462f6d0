"""Pictures of the layer view in its main states."""

from typing import Any

import pytest

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
every_size = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
THREE_STEPS = "s s s 3"


def looked_at(name: str) -> Any:
    def reached(shown: Any) -> bool:
        return shown.insight is not None and shown.step == 3 and shown.chosen.name == name

    return reached


@every_size
def test_a_unit_that_is_off(size: tuple[int, int], pictured: Any) -> None:
    keys = f"{THREE_STEPS} enter down down full_stop full_stop"
    assert pictured("relu-net", size=size, keys=keys, reached=looked_at("0.weight[2, 0]"))


@every_size
def test_a_weight_in_the_middle_of_a_large_matrix(size: tuple[int, int], pictured: Any) -> None:
    keys = f"{THREE_STEPS} down down enter pagedown pagedown pagedown pagedown " + "down " * 6
    assert pictured(
        "relu-net", "--hidden", "16,16", size=size, keys=keys,
        reached=looked_at("2.weight[4, 6]"),
    )  # fmt: skip


@every_size
def test_the_quadratic_as_one_neuron(size: tuple[int, int], pictured: Any) -> None:
    assert pictured(size=size, keys=f"{THREE_STEPS} down", reached=looked_at("b"))


def test_the_two_rectified_lines_and_their_sum(pictured: Any) -> None:
    assert pictured("relu", size=(80, 24), keys=THREE_STEPS, reached=looked_at("m1"))


def test_with_plain_characters_and_no_colours(
    pictured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    keys = f"{THREE_STEPS} enter down down"
    arguments = ("relu-net", "--markers", "ascii")
    assert pictured(*arguments, size=(80, 24), keys=keys, reached=looked_at("0.weight[2, 0]"))


def test_on_a_light_screen_where_it_is_scaled(pictured: Any) -> None:
    arguments = ("stopping-distance", "--theme", "light")
    assert pictured(*arguments, size=(80, 24), keys=THREE_STEPS, reached=looked_at("a"))
