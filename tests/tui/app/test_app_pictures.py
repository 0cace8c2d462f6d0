"""Pictures of the screen, compared with those that were found to be right.

`pytest --snapshot-update tests/tui/app/test_app_pictures.py` takes new ones.  The README shows one.
"""

from collections.abc import Callable
from typing import Any

import pytest

from nn_core.explain.rows import LayerRow
from nn_tui.dialogs.help_sheet import Help
from nn_tui.dialogs.options_sheet import Options
from nn_tui.text import roles

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}
every_size = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
larger_sizes = pytest.mark.parametrize("size", [*SIZES.values()][1:], ids=[*SIZES][1:])


def at(step: int, phase: int = 0) -> Callable[[Any], bool]:
    return lambda shown: (shown.step, shown.phase) == (step, phase)


TEN_STEPS = "s s s s s s s s s s"


def test_the_quadratic_after_ten_steps(pictured: Any) -> None:
    """The README's picture."""
    assert pictured(size=(80, 24), keys=TEN_STEPS, reached=at(10))


@larger_sizes
def test_the_quadratic_on_larger_screens(size: tuple[int, int], pictured: Any) -> None:
    assert pictured(size=size, keys=TEN_STEPS, reached=at(10))


@every_size
def test_a_network_after_three_hundred_steps(size: tuple[int, int], pictured: Any) -> None:
    assert pictured(
        "relu-net", "--pace", "max", "--epochs", "300", size=size, keys="space",
        reached=lambda shown: shown.epoch == 300 and isinstance(shown.rows[0], LayerRow),
    )  # fmt: skip


@every_size
def test_the_stopping_distances_when_they_are_fitted(size: tuple[int, int], pictured: Any) -> None:
    arguments = ("stopping-distance", "--pace", "max")
    assert pictured(*arguments, size=size, keys="space", reached=lambda shown: shown.epoch == 100)


def test_the_two_rectified_lines_at_their_start(pictured: Any) -> None:
    assert pictured("relu", size=(80, 24))


def test_inside_a_step_after_its_backward_phase(pictured: Any) -> None:
    assert pictured(size=(80, 24), keys=f"{TEN_STEPS} i i i i", reached=at(10, 4))


def test_the_options(pictured: Any) -> None:
    assert pictured(size=(80, 24), keys=f"{TEN_STEPS} o down", reached=at(10), over=Options)


def test_the_help(pictured: Any) -> None:
    asked = {"then": "question_mark", "over": Help}
    assert pictured(size=(80, 24), keys=TEN_STEPS, reached=at(10), **asked)


def test_a_restarted_run_beside_its_pale_old_curve(pictured: Any) -> None:
    keys = f"{TEN_STEPS} plus r s s s"
    assert pictured(size=(80, 24), keys=keys, reached=lambda s: s.step == 3 and len(s.kept) == 1)


def test_a_light_screen(pictured: Any) -> None:
    assert pictured("--theme", "light", size=(80, 24), keys=TEN_STEPS, reached=at(10))


@pytest.mark.parametrize(
    ("theme", "told", "background"),
    [("auto", "0;15", "light"), ("auto", "15;0", "dark"), ("auto", "", "dark"),
     ("dark", "0;15", "dark"), ("light", "15;0", "light"), ("auto", "0;default;15", "light")],
)  # fmt: skip
def test_a_light_screen_is_known_by_what_the_terminal_tells(
    theme: str, told: str, background: str
) -> None:
    assert roles.background(theme, {"COLORFGBG": told}) == background


def test_a_screen_without_colours(pictured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert pictured(size=(80, 24), keys=TEN_STEPS, reached=at(10))


def test_a_screen_with_plain_characters_only(pictured: Any) -> None:
    assert pictured("--markers", "ascii", size=(80, 24), keys=TEN_STEPS, reached=at(10))
