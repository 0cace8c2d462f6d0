"""Whether what is written can be read: the contrast of every role, in both themes."""

from itertools import product

import pytest
from rich.color import Color
from rich.style import Style

from nn_tui.panels.over_steps import ROLES
from nn_tui.text.roles import _COLOURS, _GROUNDS, INKS, Background, ground_name, style

PAPER = {"dark": (0, 0, 0), "light": (255, 255, 255)}
INK = {"dark": (229, 229, 229), "light": (0, 0, 0)}  # of a terminal
SIXTEEN = (  # as xterm has them
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
    (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255),
    (255, 0, 255), (0, 255, 255), (255, 255, 255),
)  # fmt: skip
QUIET = {"rule": 2.9, "off": 2.9}  # what frames, and what is out of force, is to stand back
TEXT, MARK = 4.5, 2.9  # a glyph that fills its cell is larger than a letter
CLASSES = [kind for kind in _GROUNDS if kind != "ink"]
BACKGROUNDS: tuple[Background, ...] = ("dark", "light")
Rgb = tuple[int, int, int]


def rgb(colour: Color | None, default: Rgb) -> Rgb:
    if colour is None or colour.is_default:
        return default
    if colour.number is not None and colour.number < 16:
        return SIXTEEN[colour.number]
    found = colour.get_truecolor()
    return (found.red, found.green, found.blue)


def luminance(colour: Rgb) -> float:
    parts = (part / 255 for part in colour)
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(look: Style, background: Background) -> float:
    """As WCAG 2 works it out."""
    one = luminance(rgb(look.color, INK[background]))
    other = luminance(rgb(look.bgcolor, PAPER[background]))
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


@pytest.mark.parametrize("few", [False, True], ids=["256 colours", "16 colours"])
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_every_role_can_be_read(background: Background, few: bool) -> None:
    for role in _COLOURS:
        if role.startswith("depth"):
            continue  # shades of a map, whose last is to be hardly seen
        least = MARK if few else QUIET.get(role, TEXT)
        assert contrast(style(role, background, True, few), background) >= least, role


@pytest.mark.parametrize("few", [False, True], ids=["256 colours", "16 colours"])
@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("role", ["strong", "alarm"])
def test_points_are_seen_on_every_ground(role: str, background: Background, few: bool) -> None:
    for kind, depth in product(CLASSES, range(4)):
        look = style(f"{role}@{ground_name(kind, depth)}", background, True, few)
        assert contrast(look, background) >= MARK, (kind, depth)


@pytest.mark.parametrize("few", [False, True], ids=["256 colours", "16 colours"])
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_curves_of_one_plot_have_colours_of_their_own(background: Background, few: bool) -> None:
    roles = (*ROLES, "twin", "model", "validation", "truth", "data")
    looks = {role: style(role, background, True, few) for role in roles}
    alike = {"truth", "kept"} if few and background == "light" else set()  # one is dotted
    assert len({look.color for look in looks.values()}) == len(roles) - bool(alike)
    grounds = [style(ground_name(kind, depth), background, True).color
               for kind in CLASSES for depth in range(4)]  # fmt: skip
    kept, own = ({colour.number % 8 for role in of if (colour := looks[role].color) is not None
                  and colour.number is not None} for of in (ROLES, ["model"]))  # fmt: skip
    assert not few or not kept & own  # 6 and 14 are one cyan in some palettes
    assert few or not {looks[role].color for role in (*ROLES, "twin")} & {*grounds}


@pytest.mark.parametrize("few", [False, True], ids=["256 colours", "16 colours"])
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_the_pen_is_seen_on_every_grey_of_a_picture(background: Background, few: bool) -> None:
    """It was as bright as ink where one drew: on the very pixel that it had filled."""
    for depth in range(INKS):
        look = style(f"alarm@{ground_name('ink', depth)}", background, True, few)
        assert contrast(look, background) >= MARK, depth


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("role", ["strong", "alarm"])
def test_black_is_not_bold_in_sixteen_colours(role: str, background: Background) -> None:
    """The Linux console, xterm and others show bold black as grey: no point was to be seen."""
    for kind, depth in product(CLASSES, range(4)):
        look = style(f"{role}@{ground_name(kind, depth)}", background, True, True)
        assert not (look.bold and look.color is not None and look.color.number == 0), (kind, depth)


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_in_sixteen_colours_no_class_looks_like_another(background: Background) -> None:
    looks = [style(f"text@{ground_name(kind, 3)}", background, True, True) for kind in CLASSES]
    assert len({look.bgcolor for look in looks}) == len(CLASSES)


@pytest.mark.parametrize("kind", ["0", "1", "2"])
def test_where_the_model_is_least_sure_the_ground_is_no_hole_in_the_map(kind: str) -> None:
    """The second class's was nearly black, in a row of cells along the border."""
    look = style(f"text@{ground_name(kind, 0)}", "dark", True)
    ground = luminance(rgb(look.bgcolor, PAPER["dark"]))
    assert (ground + 0.05) / (luminance(PAPER["dark"]) + 0.05) >= 2.5
