"""Pictures of the screen where classes are told apart, compared with those found to be right."""

from typing import Any

import pytest


def at(step: int) -> Any:
    return lambda shown: shown.step == step and not shown.running


XOR = ("xor", "--pace", "max", "--epochs", "60")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_the_map_of_two_classes(size: tuple[int, int], pictured: Any) -> None:
    assert pictured(*XOR, size=size, keys="space", reached=at(60))


def test_the_map_on_a_light_background(pictured: Any) -> None:
    arguments = (*XOR, "--theme", "light")
    assert pictured(*arguments, size=(80, 24), keys="space", reached=at(60))


def test_the_map_without_colours(pictured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert pictured(*XOR, size=(80, 24), keys="space", reached=at(60))


def test_three_classes_have_room_for_their_names(pictured: Any) -> None:
    arguments = ("penguins", "--pace", "max", "--epochs", "60")
    assert pictured(*arguments, size=(80, 24), keys="space", reached=at(60))


def test_a_digit_beside_what_it_is_taken_for(pictured: Any) -> None:
    assert pictured("digits", size=(80, 24), keys="s s s", reached=at(3))
