"""What is asked of data on the command line and by keys, and how a split is stated and drawn."""

import io
import json

import pytest
from textual.geometry import Size

from nn_core import Runner, Timeline, Trainer
from nn_core.config.limits import NO_LIMITS
from nn_core.errors import RequestError
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.live.edit_requests import Set, Turn
from nn_core.live.live_run import LiveRun
from nn_tui.cli import plain
from nn_tui.cli.command_line import parse
from nn_tui.panels import lines, plots
from nn_tui.plot.plot import Curve, Points
from nn_tui.text.roles import width_of


@pytest.fixture
def own_data(tmp_path):
    path = tmp_path / "mine.csv"
    rows = [f"{i},{i * i}" for i in range(8)]
    path.write_text("\n".join(["speed,distance", *rows, "8,", "NA,81", ""]))
    return str(path)


def snapshot(*arguments, steps=5):
    timeline = Timeline(Trainer.from_config(parse(arguments).config))
    timeline.advance(steps)
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest())


def output(kind, *arguments):
    out, errors = io.StringIO(), io.StringIO()
    trainer = Trainer.from_config(parse(arguments).config)
    assert plain.run(Timeline(trainer), kind, 1, out, errors) == 0
    return out.getvalue().splitlines()


def test_a_function_comes_with_noise_of_its_size_unless_another_is_asked_for():
    assert parse(["--data", "sine"]).config.noise == (0.0, 0.2)
    assert parse(["--data", "lesson"]).config.noise == (0.15, 1.5)
    assert parse(["--data", "sine", "--noise", "0,1"]).config.noise == (0.0, 1.0)
    config = parse(["--data", "sine", "--rows", "50"]).config
    assert (config.model, config.data, config.rows) == ("mlp", "sine", 50)


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["--rows", "0"], "rows must be a whole number from 1 to 1000000"),
        (["--rows", "many"], "rows must be a whole number"),
        (["--validation", "1"], "validation must be from 0 to below 1"),
        (["--validation", "-0.1"], "validation must be from 0"),
        (["--missing", "guess"], "missing is one of drop, mean, refuse"),
        (["--missing", "drop"], "--missing is about cells of your own data"),
        (["--data", "sine", "--x", "a"], "--x names columns of your own data"),
        (["--data", "mine.csv", "--rows", "5"], "--rows is for data made of a function"),
        (["--data", "mine.csv", "--noise", "0,1"], "--noise is for data made of a function"),
        (["--data", "mine.csv", "--data-seed", "5"], "--validation is missing"),
    ],
)
def test_what_cannot_be_or_would_be_ignored_is_refused(arguments, refusal):
    with pytest.raises(RequestError, match=refusal):
        parse(arguments)


def test_the_data_seed_of_a_file_draws_its_split():
    config = parse(["--data", "mine.csv", "--data-seed", "5", "--validation", "0.2"]).config
    assert config.data_seed == 5


def test_plain_and_json_end_with_both_losses_and_the_rows_dropped(own_data):
    arguments = ["--data", own_data, "--missing", "drop", "--scale", "on", "--epochs", "3"]
    closing = output("plain", *arguments, "--validation", "0.25")[-1]
    said = dict(part.split("=") for part in closing.split("; "))
    assert said["dropped_rows"] == "2"
    summary = json.loads(output("json", *arguments, "--validation", "0.25")[-1])
    assert summary["dropped_rows"] == 2
    assert float(said["loss"]) == pytest.approx(summary["loss"], rel=1e-3)
    assert float(said["validation_loss"]) == pytest.approx(summary["validation_loss"], rel=1e-3)
    assert summary["validation_loss"] != summary["loss"]
    without = json.loads(output("json", *arguments)[-1])
    assert "validation_loss" not in without


def test_nothing_is_said_of_what_there_is_not():
    assert output("plain", "--epochs", "1")[-1].startswith("steps=1; epochs=1; loss=2.4010; a=")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    "arguments", [[], ["--batch-size", "7"], ["--rows", "100000", "--batch-size", "999"]]
)
def test_the_status_has_both_losses_and_fits(arguments, width):
    shown = snapshot("--validation", "0.2", *arguments)
    line = lines.status(shown, width)
    text = "".join(part for part, _ in line)
    assert f"loss {shown.loss:.4f}" in text
    assert f"val {shown.validation.loss:.4f}" in text
    assert "lr 0.01" in text
    assert width_of(line) <= width
    header = "".join(part for part, _ in lines.header(shown, Size(width, 24)))
    assert f"{shown.scene.rows} + {shown.scene.validation_rows} rows" in header


def test_the_validation_loss_is_a_second_curve_and_its_rows_are_drawn():
    shown = snapshot("relu-net", "--validation", "0.2", steps=300)
    plot = plots.loss(shown, "braille")
    [curve] = [mark for mark in plot.marks if isinstance(mark, Curve)]
    assert curve.role == "validation"
    assert curve.x[-1] == 300
    assert curve.y[-1] == shown.validation.loss
    assert ("  ○ val loss", "validation") in plot.title
    points = [mark for mark in plot.marks if isinstance(mark, Points)]
    [marked] = [mark for mark in points if mark.glyph == "○"]
    assert marked.y[-1] == shown.validation.loss
    assert set(marked.x) <= set(curve.x)
    drawn = plots.fit(shown, "braille", False).marks
    [held_back] = [mark for mark in drawn if isinstance(mark, Points) and mark.role == "validation"]
    assert len(held_back.x) == 4
    assert held_back.glyph != "●"


def test_in_the_past_the_curve_stays_and_the_loss_is_that_of_the_step():
    timeline = Timeline(Trainer.from_config(parse(["--validation", "0.2"]).config))
    timeline.advance(30)
    timeline.seek(10)
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    assert shown.validation.steps[-1] == 30
    assert shown.validation.loss == shown.validation.losses[10]


def test_without_a_split_there_is_no_trace_of_one():
    shown = snapshot()
    plot = plots.loss(shown, "braille")
    assert not any(isinstance(mark, Curve) for mark in plot.marks)
    assert "val " not in "".join(part for part, _ in lines.status(shown, 80))


def test_several_inputs_can_be_split_too(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text("a,b,c\n" + "\n".join(f"{i},{i % 3},{i * i}" for i in range(12)))
    shown = snapshot("--data", str(path), "--scale", "on", "--validation", "0.25")
    assert shown.scene.held_back is None
    assert shown.scene.validation_rows == 3
    plots.fit(shown, "braille", False)


def test_a_single_point_can_be_drawn():
    shown = snapshot("--data", "step", "--rows", "1")
    assert shown.scene.low < shown.scene.high
    assert "1 row ·" in "".join(part for part, _ in lines.header(shown, Size(80, 24)))


@pytest.fixture
def runner():
    def make(*arguments):
        made = Runner(lambda: Trainer.from_config(parse(arguments).config), list)
        return LiveRun(Timeline(made._build()), NO_LIMITS, made._autosave, lambda: True)

    return make


def test_turning_data_brings_its_noise_and_turning_noise_makes_it_louder(runner):
    made = runner("quadratic")
    Turn("data", 1).apply(made)
    config = made.timeline.config
    assert (config.data, config.noise) == ("line", (0.0, 0.5))
    Turn("noise", 1).apply(made)
    assert made.timeline.config.noise == (0.0, 1.0)
    Turn("validation", 1).apply(made)
    assert made.timeline.trainer.data.validation.rows == 2


def test_rows_and_noise_of_a_file_are_refused_on_screen_and_nothing_changes(runner, own_data):
    made = runner("--data", own_data, "--missing", "drop")
    trainer = made.timeline.trainer
    for name in ("rows", "noise"):
        with pytest.raises(RequestError, match=f"{name} is for data that is made"):
            Turn(name, 1).apply(made)
    with pytest.raises(RequestError, match="at least one is needed"):
        Set("validation", "0.01").apply(made)
    assert made.timeline.trainer is trainer


@pytest.mark.parametrize("name", ["x" * 300, "x" * 300 + ".csv", ".", "/dev/zero"])
async def test_data_of_a_name_that_can_not_be_read_is_one_line(opened, name):
    async with opened() as person:
        person.app.link.ask(Set("data", name))
        await person.until(lambda: person.shown.complaint)
        await person.sees("can’t be read" if name.endswith("csv") else name[-20:], part="words")
        assert person.shown.config.data == "lesson"


async def test_a_prompt_says_what_the_numbers_are_on_a_small_screen_too(opened):
    """Of the noise it showed 0.15,1.5 and not which number is what."""
    async with opened(size=(80, 24)) as person:
        await person.press("colon", *"noise", "enter")
        await person.sees("noise: spread: a share of y, then a fixed part   ↑↓ change   esc out")


async def test_of_noise_it_is_said_which_number_a_single_one_was_taken_for(opened):
    async with opened(size=(80, 24)) as person:
        await person.press("colon", *"noise 0.3", "enter")
        await person.sees("Noise: share of y 0, fixed part 0.3; both: 0.15,0.3.", part="words")
