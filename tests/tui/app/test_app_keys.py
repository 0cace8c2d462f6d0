"""Every key does what it says; where it doesn't apply, it is dimmed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from textual._compositor import LayoutUpdate

from nn_core.explain.snapshot import Snapshot
from nn_core.live.requests import Complain
from nn_tui.app.actions import ACTIONS
from nn_tui.dialogs.arithmetic_sheet import ArithmeticSheet
from nn_tui.dialogs.check_sheet import CheckSheet
from nn_tui.dialogs.drawing_sheet import DrawingSheet
from nn_tui.dialogs.help_sheet import Help
from nn_tui.dialogs.measures_sheet import MeasuresSheet
from nn_tui.dialogs.options_sheet import Options
from nn_tui.dialogs.prompt import Prompt
from nn_tui.dialogs.runs.kept_sheet import KeptSheet
from nn_tui.dialogs.runs.steps_sheet import StepsSheet
from nn_tui.keys import KEYS, Key
from nn_tui.text.roles import style
from nn_tui.views import VIEWS

Seen = Callable[[Any], bool]


@dataclass(frozen=True)
class Case:
    """What is to be seen after a key is pressed and wasn't before, and what leads up to it."""

    seen: Seen
    arguments: tuple[str, ...] = ()
    before: tuple[tuple[str, Callable[[Snapshot], bool]], ...] = field(default=())


def status(text: str) -> Seen:
    return lambda person: f" {text} " in person.reads("status") + " "


def shows(view: str) -> Seen:
    return lambda person: person.shown.request.view == view


ONE_STEP = ("s", lambda shown: shown.step == 1)
TWO_STEPS = (ONE_STEP, ("s", lambda shown: shown.step == 2))
INSIDE = ("i", lambda shown: shown.phase == 1)
DOWN = ("down", lambda shown: shown.request.chosen == 1)
MATRIX = ("relu-net", "--hidden", "4,8")
OPENED = tuple(
    (key, lambda shown, name=name: shown.chosen.name.startswith(name))
    for key, name in (
        ("down", "0.bias"), ("down", "2.weight"), ("enter", "2.weight[0, 0]"),
        ("down", "2.weight[0, 1]"), ("down", "2.weight[0, 2]"),
    )
)  # fmt: skip
BATCHES = ("relu-net", "--batch-size", "5")

CASES = {
    "step": Case(status("step 1")),
    "into": Case(status("step 0 ▸ ZERO")),
    "lessons": Case(lambda person: "A curve and its loss" in person.screen()),
    "predict": Case(lambda person: "Guess before each step" in person.screen()),
    "step_back": Case(status("step 1"), before=TWO_STEPS),
    "step_ten": Case(status("step 10")),
    "back_ten": Case(
        lambda person: person.shown.step == 1,
        before=(("S", lambda shown: shown.step == 10), ("s", lambda shown: shown.step == 11)),
    ),
    "jump": Case(
        lambda person: (
            person.reads("asked").startswith(" go to step, 0 to 0")
            if isinstance(person.app.screen, Prompt)
            else False
        )
    ),
    "steps": Case(lambda person: isinstance(person.app.screen, StepsSheet)),
    "run_or_pause": Case(lambda person: person.reads("status").startswith(" running")),
    "next_epoch": Case(
        lambda person: person.shown.epoch == 1 and person.shown.step == 4, BATCHES, (ONE_STEP,)
    ),
    "slower": Case(status("5/s")),
    "faster": Case(status("20/s")),
    "restart": Case(lambda person: person.shown.step == 0 and person.shown.kept, before=TWO_STEPS),
    # What it does where a run is offered is tested in test_resume.
    "resume": Case(lambda person: "there is no run to go on with" in person.reads("words")),
    "up": Case(lambda person: "▸step 0" in person.reads("status")),
    "down": Case(lambda person: person.row("b").startswith(" ▸")),
    "row_up": Case(lambda person: person.shown.chosen.name == "2.weight[7, 2]", MATRIX, OPENED),
    "row_down": Case(lambda person: person.shown.chosen.name == "2.weight[1, 2]", MATRIX, OPENED),
    "first": Case(lambda person: person.row("a").startswith(" ▸"), before=(DOWN,)),
    "last": Case(lambda person: person.row("c").startswith(" ▸")),
    "lower": Case(lambda person: " 1.0000 " in person.row("a")),
    "raise": Case(lambda person: " 1.2000 " in person.row("a")),
    "enter": Case(lambda person: isinstance(person.app.screen, Prompt) and person.typed() == "1.1"),
    "previous_point": Case(lambda person: "20 of 20" in person.reads("point")),
    "next_point": Case(lambda person: " 2 of 20" in person.reads("point")),
    "next_mistake": Case(lambda person: "error 1 of 20 by size" in person.reads("words")),
    "rate_up": Case(status("lr 0.02")),
    "rate_down": Case(status("lr 0.005")),
    "epochs": Case(
        lambda person: isinstance(person.app.screen, Prompt) and person.typed() == "100"
    ),
    "more_epochs": Case(status("epoch 0/200")),
    "fewer_epochs": Case(status("epoch 0/50")),
    "zeroing": Case(lambda person: "NOT ZEROED" in person.reads("header")),
    "contest": Case(lambda person: "Beat gradient descent" in person.reads("words")),
    "hint": Case(
        lambda person: " ? " not in person.reads("table"),
        before=(("g", lambda shown: shown.contest),),
    ),
    "arithmetic": Case(
        lambda person: isinstance(person.app.screen, ArithmeticSheet),
        before=(
            ("i", lambda shown: shown.phase == 1),
            ("i", lambda shown: shown.phase == 2),
            ("i", lambda shown: shown.phase == 3),
            ("i", lambda shown: shown.phase == 4),
        ),
    ),
    "add_unit": Case(lambda person: "1 → 17 ReLU → 1" in person.reads("header"), ("relu-net",)),
    "remove_unit": Case(lambda person: "1 → 15 ReLU → 1" in person.reads("header"), ("relu-net",)),
    "place_unit": Case(
        lambda person: person.reads("words").startswith(" A ReLU more at x = "), ("relu-net",)
    ),
    "add_layer": Case(lambda person: person.shown.config.hidden == (16, 16), ("relu-net",)),
    "remove_layer": Case(
        lambda person: person.shown.config.hidden == (8,), ("relu-net", "--hidden", "8,4")
    ),
    "switch_unit": Case(
        lambda person: "Without unit 1.1: off by" in person.reads("words"),
        ("relu-net",),
        (("5", lambda shown: shown.request.view == "ReLUs"),),
    ),
    "draw": Case(lambda person: isinstance(person.app.screen, DrawingSheet), ("digits",)),
    "add_point": Case(
        lambda person: isinstance(person.app.screen, Prompt) and person.typed() == "-2, 3.3"
    ),
    "remove_point": Case(lambda person: "1 of 19" in person.reads("point")),
    "next_view": Case(shows("step")),
    "previous_view": Case(shows(VIEWS[-1].name)),
    "view_fit": Case(shows("fit"), before=(("tab", lambda shown: True),)),
    **{f"view_{found.name}": Case(shows(found.name)) for found in VIEWS[1:]},
    "partner": Case(
        lambda person: person.shown.insight.partner.label == "c",
        before=(("4", lambda shown: shown.request.view == "slope"),),
    ),
    "scale": Case(
        lambda person: "scaled" in person.reads("header"), ("stopping-distance", "--scale", "off")
    ),
    "next_target": Case(
        lambda person: person.reads("fit").startswith("── predicted over body_mass… (2/2)"),
        ("mlp", "--data", "penguins", "--y", "flipper_length_mm,body_mass_g"),
    ),
    "keep": Case(lambda person: len(person.shown.kept) == 1, before=TWO_STEPS),
    "kept_runs": Case(lambda person: isinstance(person.app.screen, KeptSheet)),
    "save": Case(
        lambda person: isinstance(person.app.screen, Prompt) and person.typed() == "quadratic.json"
    ),
    "check_gradient": Case(lambda person: isinstance(person.app.screen, CheckSheet)),
    "measure": Case(lambda person: isinstance(person.app.screen, MeasuresSheet)),
    "options": Case(lambda person: isinstance(person.app.screen, Options)),
    "palette": Case(lambda person: "Search" in person.screen()),
    "help": Case(lambda person: isinstance(person.app.screen, Help)),
    "out": Case(lambda person: person.shown.phase == 0, before=(ONE_STEP, INSIDE)),
    "redraw": Case(lambda person: any(isinstance(each, LayoutUpdate) for each in person.painted)),
    "quit": Case(lambda person: person.app.return_code == 0),
    "leave": Case(lambda person: person.app.return_code == 0),
}


@pytest.mark.parametrize(
    ("name", "pressed"), [(each.name, name) for each in KEYS for name in each.keys.split(",")]
)
async def test_a_key_does_what_it_says(name: str, pressed: str, opened: Any) -> None:
    case = CASES[name]
    async with opened(*case.arguments) as person:
        for first, reached in case.before:
            await person.press(first, until=reached)
        person.painted = await person.count_paints()
        assert not case.seen(person)
        await person.press(pressed)
        await person.until(lambda: case.seen(person))


def test_every_key_has_its_case_and_every_case_its_key() -> None:
    assert sorted(CASES) == sorted(found.name for found in KEYS)


@pytest.mark.parametrize("found", KEYS, ids=lambda found: found.name)
def test_every_key_is_described_and_can_be_told_apart(found: Key) -> None:
    assert found.binding.id == found.name
    assert found.binding.tooltip == found.about
    assert found.about[0].isupper()
    assert not found.about.endswith(".")
    assert sum(other.name == found.name for other in KEYS) == 1
    others = [name for other in KEYS if other != found for name in other.keys.split(",")]
    assert not set(found.keys.split(",")) & set(others)


@pytest.mark.parametrize("found", KEYS, ids=lambda found: found.name)
def test_a_key_is_a_request_a_view_or_an_action(found: Key) -> None:
    assert [found.request is not None, bool(found.view), found.name in ACTIONS].count(True) == 1


def test_every_action_has_its_key() -> None:
    assert ACTIONS.keys() <= {found.name for found in KEYS}


def press(name: str) -> tuple[str, tuple[object, ...]]:
    return "press", (name,)


@pytest.mark.parametrize(
    ("name", "dimmed", "after", "arguments"),
    [
        ("step_back", " b back ", "s", ()),
        ("keep", " k keep curve ", "s", ()),
        ("back_ten", "", "s", ()),
        ("remove_layer", "", "l", ("relu-net",)),
        ("lower", "", "enter", ("relu-net",)),
        ("raise", "", "enter", ("relu-net",)),
        ("row_up", "", "enter", ("relu-net",)),
        ("row_down", "", "enter", ("relu-net",)),
        ("out", "", "i", ()),
        ("out", "", "enter", ("relu-net",)),
    ],
)
async def test_a_key_that_does_not_apply_is_dimmed_until_it_does(
    name: str, dimmed: str, after: str, arguments: tuple[str, ...], opened: Any
) -> None:
    off = style("off", "dark", True).color
    assert off is not None
    async with opened(*arguments, size=(200, 40)) as person:
        assert person.app.check_action(*press(name)) is None
        if dimmed:
            assert person.role_of("keys", dimmed) == off.name
        await person.press(after)
        await person.until(lambda: person.app.check_action(*press(name)) is True)
        if dimmed:
            word = dimmed.split()[-1]
            await person.until(lambda: person.role_of("keys", f" {word} ") != off.name)


async def test_the_epoch_key_is_dimmed_where_an_epoch_is_one_step(opened: Any) -> None:
    async with opened("relu-net", size=(100, 24)) as person:
        assert person.app.check_action(*press("next_epoch")) is None
        assert person.role_of("keys", " n epoch ") == "color(240)"
    async with opened(*BATCHES) as person:
        assert person.app.check_action(*press("next_epoch")) is True
        assert person.role_of("keys", " epoch ") is None


async def test_a_dimmed_key_does_nothing_but_have_it_said_why(opened: Any) -> None:
    async with opened() as person:
        await person.press("escape")
        for pressed, why in (("b", "start of the run"), ("k", "no curve"), ("n", "which s takes")):
            await person.press(pressed)
            await person.sees("Not done: ", why, part="words")
        await person.press("s", until=lambda shown: shown.step == 1)
        assert not person.shown.kept
        assert person.shown.phase == 0


async def test_what_was_refused_is_said_until_a_key_does_something(opened: Any) -> None:
    async with opened() as person:
        for key, done in (
            ("down", lambda: person.row("b").startswith(" ▸")),
            ("full_stop", lambda: " 2 of 20" in person.reads("point")),
            ("tab", lambda: person.shown.request.view == "step"),
        ):
            await person.press("b")
            await person.sees("Not done: this is the start", part="words")
            await person.press(key)
            await person.until(lambda done=done: done() and not person.shown.complaint)
        await person.press("b", "b")
        await person.sees("Not done: this is the start", part="words")


async def test_a_complaint_that_nobody_has_seen_yet_is_not_put_aside(opened: Any) -> None:
    async with opened() as person:
        await person.press("b")
        await person.sees("Not done: this is the start", part="words")
        person.app.link.ask(Complain("the disk is full"))
        person.app.put_complaint_aside()  # what it knows of is the one before
        await person.sees("Not done: the disk is full", part="words")
        await person.press("down")
        await person.until(lambda: not person.shown.complaint)


async def test_the_steps_number_is_chosen_and_typed(opened: Any) -> None:
    async with opened() as person:
        await person.press("S", until=lambda shown: shown.step == 10)
        await person.press("up")
        await person.sees("▸step 10", part="status")
        assert not person.row("a").startswith(" ▸")
        await person.press("left", until=lambda shown: shown.step == 9)
        await person.press("right", until=lambda shown: shown.step == 10)
        await person.press("enter", "3", "enter", until=lambda shown: shown.step == 3)
        await person.press("down")
        await person.until(lambda: person.row("a").startswith(" ▸"))


async def test_before_the_first_snapshot_only_leaving_and_help_apply(opened: Any) -> None:
    async with opened() as person:
        person.app.snapshot = None
        applying = {found.name for found in KEYS if person.app.check_action(*press(found.name))}
        assert applying == {"quit", "leave", "help"}
