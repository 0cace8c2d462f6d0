"""The plots of a snapshot: what their titles say, and how long they are."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.comparison import ChangeWithin, KeptLosses
from nn_core.explain.observations import Validation
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer
from nn_tui.panels import plots
from nn_tui.panels.over_steps import ROLES as KEPT
from nn_tui.plot.plot import Curve, Envelope, Points, Shares
from nn_tui.plot.render import render

HALF = 40  # columns of the loss plot, on a screen of 80
ROLES = (*KEPT, "twin")  # of the curves held against the run's own


def with_right(wrong: int, wrong_of_held_back: int) -> Snapshot:
    """A run in which so many of 2000 rows, and of 1000 held back, are taken for another class."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["xor"].config))
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    assert shown.classes is not None
    trained, held_back = (
        replace(shown.classes.measures, confusion=np.array([[rows - missed, missed], [0, 0]]))
        for rows, missed in ((2000, wrong), (1000, wrong_of_held_back))
    )
    return replace(shown, classes=replace(shown.classes, measures=trained, validation=held_back))


@pytest.mark.parametrize(
    ("wrong", "of_held_back", "right", "held_back"),
    [(30, 28, "98.5 %", "97.2 %"), (0, 28, "100 %", "97.2 %"), (0, 0, "100 %", "100 %"),
     (1, 0, "99.9 %", "100 %"), (2000, 1000, "0.0 %", "0.0 %")],
)  # fmt: skip
def test_both_accuracies_have_room_on_the_smallest_screen(
    wrong: int, of_held_back: int, right: str, held_back: str
) -> None:
    """And 100 % is said of all alone, not of all but one in 2000."""
    plot = plots.loss(with_right(wrong, of_held_back), "braille")
    foot = "".join(text for text, _ in render(plot, HALF, 10)[-1])
    assert foot.strip() == f"⠐ right, 0 to 100 %: {right}, val {held_back}"
    foot = "".join(text for text, _ in render(plot, 30, 10)[-1])
    assert foot.strip() == f"⠐ right, 0 to 100 %: {right}"


@pytest.mark.parametrize("batch_size", [0, 20])
def test_the_marks_of_the_validation_loss_are_not_called_an_accuracy(batch_size: int) -> None:
    """“○ val 95.8 %” stood over marks that fell, on a logarithmic axis that nobody named."""
    config = EXPERIMENTS["xor"].config.replace(validation=0.2, batch_size=batch_size)
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(1000)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=118))
    plot = plots.loss(shown, "braille")
    title = "".join(text for text, _ in render(plot, HALF, 12)[0])
    assert plot.log_y
    assert ", log" in title
    assert "○ val loss" in title
    assert "%" not in title


def test_the_training_curve_lies_over_the_validation_loss() -> None:
    """Where they meet the training loss is to be seen, and marks tell of the other."""
    config = EXPERIMENTS["relu-net"].config.replace(validation=0.2)
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(300)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=118))
    alike = replace(shown, validation=replace(shown.validation, steps=shown.losses.step,
                                              losses=shown.losses.high))  # fmt: skip
    rows = render(plots.loss(alike, "braille"), 59, 18)[1:-2]
    roles = [(role, part.strip()) for row in rows for part, role in row if part.strip()]
    assert sum(len(part) for role, part in roles if role == "model") > 30
    marks = "".join(part for role, part in roles if role == "validation")
    assert 5 <= marks.count("○") <= plots.MARKS


def test_the_smoothed_curve_begins_and_ends_at_the_losses_themselves() -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["digits"].config))
    timeline.advance(60)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=118))
    [smoothed] = [
        mark for mark in plots.loss(shown, "braille").marks
        if isinstance(mark, Curve) and mark.role == "model"
    ]  # fmt: skip
    assert smoothed.y[[0, -1]].tolist() == shown.losses.low[[0, -1]].tolist()


def digits_after(steps: int, *, restarted: bool = False) -> Snapshot:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["digits"].config))
    timeline.advance(steps)
    if restarted:
        timeline.restart()
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=118))


def test_the_losses_of_batches_lie_under_all_other_curves_and_are_no_louder_than_an_axis() -> None:
    """Many of them are a solid block, in which the validation loss was not to be seen."""
    marks = plots.loss(digits_after(90), "braille").marks
    curves = [mark.role for mark in marks if isinstance(mark, Curve | Envelope)]
    assert curves == ["rule", "validation", "model"]


def test_a_kept_run_of_batches_is_drawn_smoothed() -> None:
    """It lay as a block under the run on show."""
    shown = digits_after(90, restarted=True)
    [kept] = drawn_with(shown, "kept")
    assert kept.low.tolist() == kept.high.tolist()
    losses = shown.drawn[0].envelope.low
    assert np.abs(np.diff(kept.low)).mean() < np.abs(np.diff(losses)).mean() / 3


def drawn_with(shown: Snapshot, role: str) -> list[Envelope]:
    marks = plots.loss(shown, "braille").marks
    of_role = ROLES if role == "kept" else [role]
    return [mark for mark in marks if isinstance(mark, Envelope) and mark.role in of_role]


def test_without_colour_no_curve_is_drawn_like_another() -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    timeline.advance(20)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    kept = [kept_like(shown, number, shown.loss + number) for number in (1, 2, 3, 4, 0)]
    many = replace(shown, kept=tuple(kept))
    curves = [*drawn_with(many, "kept"), *drawn_with(many, "model")]
    assert len({curve.dash for curve in curves}) == 5
    assert [curve.label for curve in curves[:4]] == ["2", "3", "4", "0"]  # 0 is the zeroed twin's


def test_each_kept_run_has_a_colour_of_its_own_as_others_come_and_go() -> None:
    """In one colour SGD and Adam were not to be told apart but at their ends."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    timeline.advance(20)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    before: dict[str, str] = {}
    for numbers in ((1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 0), (1, 2, 7), (2, 5, 11)):
        kept = [kept_like(shown, number, shown.loss + 1 + number) for number in numbers]
        drawn = drawn_with(replace(shown, kept=tuple(kept)), "kept")
        colours = {curve.label: curve.role for curve in drawn}
        assert len(set(colours.values())) == len(drawn) == min(len(numbers), 3 + (0 in numbers))
        assert all(before.get(name, role) == role for name, role in colours.items())
        before |= colours


def kept_like(shown: Snapshot, number: int, last: float, steps: int = 20) -> KeptLosses:
    """A run of losses as those on show, but for the last."""
    losses = np.append(shown.losses.low[: steps - 1], last)
    envelope = replace(shown.losses, step=np.arange(steps), low=losses, high=losses)
    return KeptLosses(str(number), envelope, 0, number=number)


def test_of_two_curves_that_are_one_and_the_same_the_longer_is_drawn() -> None:
    """The zeroed twin and "zeroed, before" lay on each other, dashes in one another's gaps."""
    shown = at_step(20, 20)
    for numbers, steps in (((1, 2, 0), (20, 20, 20)), ((1, 2, 0), (10, 20, 20))):
        last = [float(shown.losses.low[count - 1]) for count in steps]
        last[1] = 1.0  # the second is another run
        kept = [kept_like(shown, *each) for each in zip(numbers, last, steps, strict=True)]
        labels = [each.label for each in drawn_with(replace(shown, kept=tuple(kept)), "kept")]
        assert labels == (["1", "2"] if steps[0] == 20 else ["2", "0"])


def test_a_kept_run_that_diverged_does_not_flatten_the_one_on_show() -> None:
    """The axis went up to 1e300, and the run after it was a line at the bottom."""
    shown = at_step(20, 20)
    kept = kept_like(shown, 1, 1.0, 20)
    losses = np.geomspace(2.0, 1e300, len(kept.envelope.low))
    envelope = replace(kept.envelope, low=losses, high=losses)
    shown = replace(shown, kept=(replace(kept, envelope=envelope),))
    assert not plots.loss(shown, "braille").log_y
    (curve,) = drawn_with(shown, "kept")
    assert np.isfinite(curve.high[0])
    assert curve.high[np.isfinite(curve.high)].max() < 1e5


def at_step(tip: int, step: int, bins: int = 118) -> Snapshot:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    timeline.advance(tip)
    timeline.seek(step)
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=bins))


def test_steps_that_were_undone_are_drawn_unlike_those_that_were_done() -> None:
    plot = plots.loss(at_step(40, 15), "braille")
    ahead, done = (mark for mark in plot.marks if isinstance(mark, Envelope))
    assert (done.role, done.dash, done.x.max()) == ("model", (1, 0), 15)
    assert (ahead.role, ahead.x.min(), ahead.x.max()) == ("kept", 15, 39)
    assert ahead.dash[1] > 0
    [only] = [mark for mark in plots.loss(at_step(40, 40), "braille").marks
              if isinstance(mark, Envelope)]  # fmt: skip
    assert only.role == "model"


def test_of_batches_too_what_was_undone_is_drawn_unlike_what_was_done() -> None:
    """Curve, smoothed curve, accuracy and validation went on as if nothing had been undone."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["digits"].config))
    for _ in range(4):
        timeline.advance(45)
        shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=118))
        timeline.history.accuracy = shown.accuracy
    timeline.seek(100)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=118))
    for mark in plots.loss(shown, "braille").marks:
        if isinstance(mark, Curve | Envelope | Shares | Points) and len(np.ravel(mark.x)):
            last = np.max(mark.x)
            assert (last > 100) == (mark.role == "kept"), mark
    for plot in (plots.loss, plots.gradient):
        kept = [m for m in plot(shown, "braille").marks if getattr(m, "role", "") == "kept"]
        assert kept
        assert all(np.min(mark.x) >= 100 for mark in kept)


def test_the_curve_of_gradients_reaches_the_mark_of_the_step_to_come() -> None:
    shown = at_step(5, 5)
    [curve] = plots.gradient(shown, "braille").marks
    assert (curve.x[-1], curve.high[-1]) == (5, shown.gradient_norm)


def test_a_title_names_all_that_was_changed_where_there_is_room() -> None:
    shown = at_step(5, 5)
    few = ChangeWithin(1, 2.0, "lr 0.05"), ChangeWithin(3, 2.0, "Adam")
    many = *few, ChangeWithin(4, 2.0, "momentum 0.95")
    for changes, said in ((few, "┼ lr 0.05, Adam"), (many, "last ┼ momentum 0.95")):
        title = "".join(
            text for text, _ in plots.loss(replace(shown, changes=changes), "ascii").title
        )
        assert said in title


@pytest.mark.parametrize(
    ("risen", "gap", "said"),
    [(1.5, 1, "✦ least at epoch 40"), (1.5, 20, "✦ least measured at epoch 40"), (1.01, 1, "")],
)
def test_a_risen_validation_loss_is_marked_where_it_was_least(
    risen: float, gap: int, said: str
) -> None:
    """On a logarithmic axis after a long fall the rise itself is hardly to be seen."""
    config = EXPERIMENTS["relu-net"].config.replace(validation=0.2)
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(100)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    assert shown.validation is not None
    steps = np.array([0, 20, 40, 60, 80])
    found = Validation(2.0 * risen, steps, np.array([50, 9, 2, 2.005, 2.01]), None, None, gap)
    plot = plots.loss(replace(shown, validation=found), "braille")
    [curve] = [mark for mark in plot.marks
               if isinstance(mark, Curve) and mark.role == "validation"]  # fmt: skip
    assert curve.label == said
    text = "\n".join("".join(part for part, _ in row) for row in render(plot, HALF, 12))
    assert (said in text, text.count("✦")) == (True, 2 if said else 0)


def test_where_the_run_stands_at_its_least_the_mark_is_the_one_that_is_named() -> None:
    """Where both lie in one cell, ◉ once took the place of the ✦ that the name speaks of."""
    config = EXPERIMENTS["relu-net"].config.replace(validation=0.2)
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(80)
    timeline.seek(40)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    losses = np.array([50, 9, shown.loss, 20, 30])
    found = Validation(shown.loss, np.array([0, 20, 40, 60, 80]), losses, None, None)
    plot = plots.loss(replace(shown, validation=found), "braille")
    text = "\n".join("".join(part for part, _ in row) for row in render(plot, HALF, 12))
    assert text.count("✦") == 1 + ("✦ least" in text)
    assert "◉" not in text


def test_which_columns_a_table_has_stands_over_the_fit(tmp_path: Path) -> None:
    """It once stood nowhere but in a line of words at step 0."""

    def title(text: str, **settings: Any) -> str:
        (tmp_path / "mine.csv").write_text(text)
        config = EXPERIMENTS["mlp"].config.replace(data=str(tmp_path / "mine.csv"), **settings)
        timeline = Timeline(Trainer.from_config(config))
        shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
        rows = render(plots.fit(shown, "braille", False), 39, 10)
        return "".join(text for text, _ in rows[0])

    assert "predicted over price (area, rooms)" in title(
        "area,rooms,price\n1,2,3\n2,5,4\n3,1,9\n4,4,1\n"
    )
    assert "● price over area  ⣀⣀ model" in title("area,price\n1,3\n2,4\n3,9\n4,1\n")
    many = ",".join(f"column{at}" for at in range(9)) + "\n"
    cells = [[str(at * row % 11) for at in range(1, 10)] for row in range(1, 9)]
    rows = "".join(",".join(row) + "\n" for row in cells)
    assert "predicted over column8 (8 inputs)" in title(many + rows)


@pytest.mark.parametrize(
    ("settings", "steps", "said"),
    [
        ({}, 0, "── fit ─ ● data  ⣀⣀ model  ⠂⠐ truth"),
        ({"learning_rate": 5.0}, 1, "── ● data  ⣀⣀ model up to 40.9 "),
        ({"learning_rate": 50.0}, 1, "── ● data  ⣀⣀ model at 26.1 to 335 "),
        ({"learning_rate": 50.0}, 2, "── ● data  ⣀⣀ model at −51.3 to −23.5 "),
        ({"learning_rate": 1e9}, 1, "── ● data  ⣀⣀ model at 5e8 to 6.53e9 "),
        ({"learning_rate": 1e9}, 2, "── ● data  ⣀⣀ model far below "),
    ],
)
def test_where_the_model_leaves_the_frame_of_the_fit_its_title_says_how_far(
    settings: dict[str, Any], steps: int, said: str
) -> None:
    """At a rate of 5 it was gone, and nothing said where to."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config.replace(**settings)))
    timeline.advance(steps)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    row = "".join(text for text, _ in render(plots.fit(shown, "braille", False), 39, 12)[0])
    assert row.startswith(said)
    assert shown.curve is not None
    numbers = [float(part.replace("−", "-")) for part in said.split() if part[-1].isdigit()]
    ends = (shown.curve[1].min(), shown.curve[1].max())
    assert numbers == pytest.approx(ends[2 - len(numbers) :], rel=0.01) or not numbers


@pytest.mark.parametrize("to", [0, 30])
def test_plots_that_stand_over_one_another_have_each_step_in_one_column(to: int) -> None:
    """The losses reached as far as the kept runs, the gradients as far as the run on show."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    timeline.advance(200)
    timeline.restart()
    timeline.advance(to)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=118))
    assert plots.loss(shown, "braille").x == plots.gradient(shown, "braille").x
    assert plots.gradient(shown, "braille").x.high >= 200


def test_each_of_several_curves_is_named_with_the_loss_at_its_end() -> None:
    """Where two end beside each other it was not to be read which of them was the lower one."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    timeline.advance(30)
    ended = timeline.trainer.loss()
    timeline.restart(timeline.config.replace(optimizer="adam"))
    timeline.advance(30)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=68))
    text = "\n".join(
        "".join(part for part, _ in row) for row in render(plots.loss(shown, "braille"), HALF, 14)
    )
    assert f"SGD: {ended:.4f}" in text
    assert f"Adam: {shown.loss:.4f}" in text


def test_without_zeroing_all_lines_are_named_at_places_that_stay() -> None:
    """Their names went where the curve swung, and came back under the axis when it was long."""
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    timeline.advance(10)
    timeline.restart(timeline.config.replace(zero_gradients=False))
    for _ in range(12):
        timeline.advance(8)
        shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest(bins=68))
        rows = ["".join(part for part, _ in row)
                for row in render(plots.loss(shown, "braille"), HALF, 10)]  # fmt: skip
        assert rows[0].startswith("── loss by step  ⣀⣀ ⣀ zeroed ─")
        assert rows[-1].strip() == "⠂⠐ truth 1.4767  best quadratic 0.9859"
