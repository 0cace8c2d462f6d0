"""The gradient check on the screen: by key, what it says, and out again."""

import re
from typing import Any

import numpy as np
import pytest
from claims import number

from nn_core import Timeline, Trainer
from nn_core.analysis import gradient_check, sweep
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_tui.dialogs.check_sheet import CheckSheet, report


def report_of(name: str, width: int = 80, steps: int = 3, **settings: Any) -> list[str]:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[name].config.replace(**settings)))
    timeline.advance(steps)
    return report_on(timeline, width)


def report_on(timeline: Timeline, width: int = 80) -> list[str]:
    found = sweep.result(gradient_check.search(timeline.trainer, 0))
    lines = report(found, capture_snapshot(timeline, make_scene(timeline), ViewRequest()), width)
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_nudge_recomputes_from_the_text(name: str) -> None:
    text = "\n".join(report_of(name))
    found = re.search(r"\((\S+) − (\S+)\) ÷ 2e−6 = (\S+)\n The gradient says (\S+)\.", text)
    assert found is not None
    above, below, numeric, analytic = (number(part) for part in found.groups())
    assert (above - below) / 2e-6 == pytest.approx(numeric, abs=0.51e-4)
    assert numeric == pytest.approx(analytic, abs=1.01e-4)


def test_all_parameters_of_a_small_model_are_listed_the_chosen_one_first() -> None:
    rows = report_of("quadratic")
    listed = [row for row in rows if "✓" in row]
    assert [row[1:4] for row in listed] == ["▸ a", "  b", "  c"]
    assert rows[-1] == " All 3 agree to a millionth: the gradient is the loss’s own slope."


def test_of_a_network_each_layers_worst_is_listed() -> None:
    text = "\n".join(report_of("relu-net"))
    for name in ("W1, worst of 16", "b1, worst of 16", "W2, worst of 16"):
        assert name in text


def test_what_is_on_is_said() -> None:
    text = " ".join(
        report_of("quadratic", l1=0.1, batch_size=5, zero_gradients=False, clip=1.0, freeze=("b",))
    )
    for said in ("includes the penalty", "current batch, 5 rows", "not checked.",
                 "before clipping", "no update: b."):  # fmt: skip
        assert said in " ".join(text.split())


def test_a_kink_is_said_in_words() -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    x, y = timeline.trainer.data.x[4, 0], timeline.trainer.data.y[4, 0]
    timeline.do("assign", index=2, value=float(y - 1.1 * x * x - 1.1 * x + 3e-7))
    text = "\n".join(report_on(timeline))
    assert "~ beside a kink" in text
    assert "c: the residual of point 5 changes sides between the two" in " ".join(text.split())
    assert "of 3 agree to a millionth" in text


def test_numbers_beyond_all_bounds_are_said_to_be() -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config.replace(loss="mse")))
    timeline.do("assign", index=0, value=1e300)
    assert "✗ overflows" in "\n".join(report_on(timeline))


@pytest.mark.parametrize("width", [40, 47, 60, 80, 120])
@pytest.mark.parametrize("name", ["quadratic", "relu-net"])
def test_it_fits_any_width(name: str, width: int) -> None:
    assert max(len(row) for row in report_of(name, width)) <= width


async def test_the_key_opens_it_and_esc_leaves_all_as_it_was(opened: Any) -> None:
    async with opened() as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("down", until=lambda shown: shown.request.chosen == 1)
        await person.press("c")
        await person.sees("gradient check, step 1", "if b is nudged", "All 3 agree", part="sheet")
        await person.press("escape", until=lambda shown: shown.search is None)
        assert not isinstance(person.app.screen, CheckSheet)
        assert person.shown.step == 1


async def test_a_long_check_says_how_far_it_is_and_is_cancelled(opened: Any) -> None:
    async with opened("mlp", "--hidden", "300,300", "--rows", "10000") as person:
        await person.press("c")
        await person.sees("on a copy:", "%", "esc cancel", part="sheet")
        await person.press("escape", until=lambda shown: shown.search is None)
        await person.press("s", until=lambda shown: shown.step == 1)


async def test_on_a_small_screen_it_scrolls(opened: Any) -> None:
    async with opened(size=(40, 12)) as person:
        await person.press("c")
        await person.sees("↓ more", part="sheet")
        await person.press("pagedown")
        await person.sees("All 3 agree", part="sheet")


async def test_it_is_found_by_name_too(opened: Any) -> None:
    async with opened() as person:
        await person.press("colon", *"check the gradient")
        await person.sees("▸ c ")
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, CheckSheet))


def test_the_analytic_side_is_what_the_step_uses() -> None:
    trainer = Trainer.from_config(EXPERIMENTS["relu-net"].config.replace(batch_size=5, l2=0.1))
    trainer.run(3)
    found = sweep.result(gradient_check.search(trainer, 7))
    assert np.isclose(found.chosen.analytic, trainer.preview().gradient[7], rtol=1e-12)
