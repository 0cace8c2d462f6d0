"""Losses to compare with, beside the curves: what they are called, and where that has room."""

import numpy as np
import pytest

from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.dataset import Dataset
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer
from nn_tui.panels import plots
from nn_tui.plot.render import render

HALF = 40  # columns of the loss plot, on a screen of 80


def test_where_the_loss_bounces_all_over_its_plot_the_references_are_named_below() -> None:
    """At a rate of 1 the label “best quadratic” had no room, and was gone."""
    config = EXPERIMENTS["quadratic"].config.replace(learning_rate=1.0, epochs=200)
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(200)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    rows = ["".join(text for text, _ in row) for row in
            render(plots.loss(shown, "braille"), HALF, 12)]  # fmt: skip
    assert rows[-1].strip() == "⠂⠐ truth 1.4767  best quadratic 0.9859"
    assert not any("best quadratic" in row for row in rows[:-1])


@pytest.mark.parametrize(("validation", "whose"), [(0.0, ""), (0.3, ", training rows")])
def test_beside_a_validation_loss_the_references_say_that_they_are_of_training_rows(
    validation: float, whose: str
) -> None:
    """A validation loss below “truth 1.7696” looked as if it were better than the truth."""
    config = EXPERIMENTS["relu-net"].config.replace(validation=validation)
    timeline = Timeline(Trainer.from_config(config))
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    truth, best = (f"{found.loss:.4f}" for found in shown.scene.references)
    for width in (HALF, 59):
        rows = render(plots.loss(shown, "braille"), width, 16)
        said = "\n".join("".join(text for text, _ in row) for row in rows)
        assert f"truth{whose} {truth}" in said
        assert f"best quadratic{whose if width > HALF else whose[:7]} {best}" in said


def test_on_the_smallest_screen_a_reference_under_the_curves_is_named_apart_in_brief() -> None:
    """With whose rows it is of its name had no room, and the line had none."""
    config = EXPERIMENTS["mlp"].config.replace(
        validation=0.3, hidden=(32, 32), optimizer="adam", epochs=100
    )
    timeline = Timeline(Trainer.from_config(config))
    for _ in range(100):
        timeline.advance(1)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=118))
    rows = ["".join(text for text, _ in row) for row in
            render(plots.loss(shown, "braille"), HALF, 10)]  # fmt: skip
    best = shown.scene.references[-1].loss
    assert sum(f"quadratic, train {best:.4f}]" in row for row in rows) == 1


@pytest.mark.parametrize(("width", "height"), [(HALF, 10), (HALF, 12), (59, 16)])
@pytest.mark.parametrize("epochs", [0, 30, 100, 200, 300])
def test_wherever_a_validation_loss_is_the_best_fit_says_that_it_is_of_training_rows(
    width: int, height: int, epochs: int
) -> None:
    """On 80 columns a validation loss stood beside “best linear fit 0.0971”, of other rows."""
    chance = np.random.default_rng(3)
    x = chance.uniform(-1, 1, (28, 2))
    y = x @ [2.0, 1.0] + chance.normal(0, 0.5, 28)
    data = Dataset.from_columns({"u": x[:, 0], "v": x[:, 1], "y": y}, y="y")
    trainer = Trainer.from_config("mlp", data, hidden=(4,), scale=True, validation=0.3)
    timeline = Timeline(trainer)
    for _ in range(epochs):
        timeline.advance(1)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=118))
    [best] = shown.scene.references
    rows = ["".join(text for text, _ in row) for row in
            render(plots.loss(shown, "braille"), width, height)]  # fmt: skip
    [named] = [row for row in rows if f"{best.loss:.4f}" in row]
    assert f"linear fit, train {best.loss:.4f}" in named or "linear fit, training rows" in named


def test_named_below_the_references_say_so_too() -> None:
    config = EXPERIMENTS["quadratic"].config.replace(learning_rate=1.0, validation=0.3, epochs=200)
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(200)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    names = "  ".join(f"{found.label} {found.loss:.4f}" for found in shown.scene.references)
    in_brief = names.replace("best ", "")
    for width, said in ((HALF, f"train: {in_brief}"), (59, f"training rows: {names}")):
        rows = render(plots.loss(shown, "braille"), width, 16)
        assert "".join(text for text, _ in rows[-1]).strip() == f"⠂⠐ {said}"
