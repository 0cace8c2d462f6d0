"""The step view where classes are told apart."""

import re
from typing import Any

import pytest

from nn_core import Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_tui.views import Frame, view


@pytest.mark.parametrize(
    ("name", "target"), [("penguins", r"y (?P<place>[123]): [01]"), ("xor", "y(?P<place>): [01]")]
)
def test_of_a_class_its_name_stands_before_the_step(name: str, target: str) -> None:
    config = EXPERIMENTS[name].config
    timeline = Timeline(Trainer.from_config(config))
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(view="step"))
    line = next(
        text
        for row in view("step").draw(shown, Frame(80, 18, "braille"))
        if (text := "".join(part for part, _ in row)).startswith(" point 1 ")
    )
    is_ = timeline.trainer.data.classes[int(timeline.trainer.data.labels[0])]
    assert re.search(rf"   is {is_}   {target}   logit ?(?P=place) ", line)  # the logit's own


@pytest.mark.parametrize("name", ["xor", "penguins", "digits"])
async def test_no_formula_of_the_loss_is_cut_in_80_columns(name: str, opened: Any) -> None:
    """The rule of the probabilities ended in "the l…", their sum in "[7 othe…="."""
    async with opened(name) as person:
        await person.press("i", "i", "i", until=lambda shown: shown.phase == 3)
        await person.sees("loss = mean of −log p", part="view")
        formulas = person.rows("view")[2:7]
        assert any(row.startswith(" p(") for row in formulas)
        assert not any("…" in row for row in formulas)
