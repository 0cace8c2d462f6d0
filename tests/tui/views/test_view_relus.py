"""The view of the ReLUs: what stands on the screen is true, fits, and can be steered."""

import re
from typing import Any

import numpy as np
import pytest
from claims import number

from nn_core import MLP, Config, Dataset, Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.live.edit_requests import Assign
from nn_tui.dialogs.prompt import Prompt
from nn_tui.text.roles import Line, width_of
from nn_tui.views import VIEWS, Frame
from nn_tui.views.relus import draw

KEY = str([each.name for each in VIEWS].index("ReLUs") + 1)
SIZES = [(40, 6), (59, 12), (80, 18), (80, 34), (120, 54), (110, 6), (40, 54), (1, 1), (24, 3)]
N = r"([+−]?\d+\.\d+)"
RELU_NET = EXPERIMENTS["relu-net"].config
RUNS = {
    "quadratic": Config(),
    "relu": Config(experiment="relu", model="relu"),
    "1-16-1": RELU_NET,
    "64-64": RELU_NET.replace(hidden=(64, 64)),
    "256-256": RELU_NET.replace(hidden=(256, 256)),
    "tanh": RELU_NET.replace(activation=("tanh",)),
    "scaled": EXPERIMENTS["stopping-distance"].config.replace(model="mlp", hidden=(8,)),
}


def shown(timeline: Timeline, **request: Any) -> Snapshot:
    asked = ViewRequest(view="ReLUs", by_unit=True, **{"count": 16, **request})
    return capture_snapshot(timeline, make_scene(timeline), asked)


def text(lines: list[Line]) -> list[str]:
    return ["".join(part for part, _ in line) for line in lines]


@pytest.fixture(scope="module", params=RUNS)
def timeline(request: pytest.FixtureRequest) -> Timeline:
    made = Timeline(Trainer.from_config(RUNS[request.param]))
    made.advance(20)
    return made


@pytest.mark.parametrize("opened", [None, "a unit"])
@pytest.mark.parametrize(("first", "chosen"), [(0, 0), (0, 3), (20, 30)])
def test_it_never_leaves_its_frame(
    timeline: Timeline, opened: str | None, first: int, chosen: int
) -> None:
    snapshot = shown(timeline, opened=opened, first=first, chosen=chosen, opened_at=chosen)
    frames = [Frame(*size, "braille") for size in SIZES]
    frames += [Frame(80, 18, "ascii"), Frame(120, 54, "blocks")]
    for frame in frames:
        lines = draw(snapshot, frame)
        assert 0 < len(lines) <= frame.height
        assert max(map(width_of, lines)) <= frame.width


@pytest.mark.parametrize("value", [1e300, -1e300])
@pytest.mark.parametrize("name", ["relu", "1-16-1", "64-64"])
def test_it_is_drawn_whatever_stands_in_a_parameter(name: str, value: float) -> None:
    timeline = Timeline(Trainer.from_config(RUNS[name]))
    for index in (0, 1, timeline.state.parameters.size - 2):
        timeline.do("assign", index=index, value=value)
        for size in ((80, 18), (120, 54)):
            for opened in (None, "a unit"):
                lines = draw(shown(timeline, opened=opened), Frame(*size, "braille"))
                assert max(map(width_of, lines)) <= size[0]


def test_the_formula_and_the_list_are_the_parameters_that_are_trained() -> None:
    timeline = Timeline(Trainer.from_config(RELU_NET))
    timeline.advance(100)
    weight, bias, out = (
        timeline.trainer.model.parameters[name] for name in ("0.weight", "0.bias", "2.weight")
    )
    put_out = timeline.trainer.model.outputs(timeline.trainer.data.x)[0]
    for chosen in range(16):
        rows = text(draw(shown(timeline, chosen=chosen), Frame(120, 18, "braille")))
        found = re.match(rf" unit 1\.{chosen + 1} +{N} · max\({N}·x ([+−]) {N}, 0\)", rows[0])
        assert found is not None
        assert number(found[1]) == pytest.approx(out[0, chosen], abs=5e-5)
        assert number(found[2]) == pytest.approx(weight[chosen, 0], abs=5e-5)
        assert number(found[4]) * (-1 if found[3] == "−" else 1) == pytest.approx(
            bias[chosen], abs=5e-5
        )
        [row] = [line for line in rows if re.search(rf"▸ +1\.{chosen + 1} ", line)]
        kink, w, b, v, slope, on, share = re.split(" +", re.split("[▲▼△] +", row)[-1])
        assert number(kink) == pytest.approx(-bias[chosen] / weight[chosen, 0], rel=1e-3, abs=1e-4)
        assert (number(w), number(b), number(v)) == pytest.approx(
            (weight[chosen, 0], bias[chosen], out[0, chosen]), abs=5e-5
        )
        assert number(slope) == pytest.approx(out[0, chosen] * weight[chosen, 0], abs=5e-5)
        assert int(on) == (put_out[chosen] > 0).sum()
        sizes = np.abs(out[0]) * np.abs(put_out).mean(axis=1)
        assert int(share[:-1]) == pytest.approx(100 * sizes[chosen] / sizes.sum(), abs=0.51)


@pytest.mark.parametrize(
    ("activation", "turn", "on"),
    [("relu", "kink", "on/20"), ("gelu", "bend", "on/20"), ("sigmoid", "middle", "up/20"),
     ("tanh", "middle", "up/20")],
)  # fmt: skip
def test_the_columns_are_called_what_a_unit_of_this_activation_has(
    activation: str, turn: str, on: str
) -> None:
    """A sigmoid was listed with a kink, and as on at some points."""
    config = RELU_NET.replace(activation=(activation,))
    lines = text(draw(shown(Timeline(Trainer.from_config(config))), Frame(80, 18, "braille")))
    [title] = [line for line in lines if " ─ unit " in line]
    assert re.findall(r"kink|bend|middle", title) == [turn]
    assert f" {on} " in title


def test_it_does_not_jump_while_it_is_trained() -> None:
    """Columns and limits stay from step to step, as far as the numbers let them."""
    timeline = Timeline(Trainer.from_config(RELU_NET))
    timeline.advance(300)
    seen = []
    for _ in range(10):
        timeline.advance(1)
        rows = text(draw(shown(timeline), Frame(80, 18, "braille")))
        assert {len(row) for row in rows[2:17]} == {80}
        ticks = [row[:5] for row in rows[1:]]
        seen.append((rows[1], ticks, [row.rstrip()[-1] for row in rows[2:17]]))
    assert all(each == seen[0] for each in seen)


def test_the_layer_and_what_can_not_be_drawn_are_said() -> None:
    deep = Timeline(Trainer.from_config(RUNS["64-64"]))
    first = text(draw(shown(deep), Frame(80, 18, "braille")))
    assert "layer 1 of 3 puts out" in first[1]
    last = text(draw(shown(deep, chosen=70, first=60), Frame(120, 18, "braille")))
    assert last[0].rstrip().endswith("layer 2 of 3")
    assert "20 largest of 64" in last[1]
    random = np.random.default_rng(0)
    data = Dataset(random.normal(size=(30, 2)), random.normal(size=(30, 1)))
    several = Timeline(Trainer(MLP((2, 4, 1), over=data.x), data, loss="mse"))
    rows = text(draw(shown(several), Frame(80, 18, "braille")))
    for at, weight in enumerate(several.trainer.model.layers()[0].weight[0].tolist()):
        [bar] = [row for row in rows[1:] if row.lstrip().startswith(f"x{at + 1} ")]
        assert f" {weight:+.2f}".replace("-", "−") in bar
        assert ("━┊" in bar) == (weight < -0.1)
    assert any(re.search(r"▸ 1\.1 · +\d+ +\d+%", row) for row in rows)
    scaled = Timeline(Trainer.from_config(RUNS["scaled"]))
    assert "scaled" in text(draw(shown(scaled), Frame(120, 18, "braille")))[1]


async def test_the_quadratic_is_told_what_to_open_and_can_still_be_nudged(opened: Any) -> None:
    async with opened() as person:
        await person.press(KEY)
        await person.sees("No ReLUs here", "Open relu-net", part="view")
        await person.press("down", "right", until=lambda shown: shown.outcome is not None)
        assert person.shown.outcome.label == "b"
        await person.sees("▸ b", "1.2000", part="view")


async def test_a_unit_is_chosen_opened_nudged_typed_and_left(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("down", until=lambda shown: shown.request.chosen == 1)
        await person.press(KEY)
        await person.sees(" unit 1.1 ", part="view")
        await person.sees("A add a unit", part="keys")
        await person.pilot.resize_terminal(120, 24)
        await person.sees("↑↓ unit", "enter open it", "A add a unit", part="keys")
        assert "nudge" not in person.reads("keys")
        await person.press("down", "down", "down", until=lambda shown: shown.request.chosen == 3)
        await person.sees(" unit 1.4 ", "▸  1.4 ", part="view")
        await person.press("right")
        await person.sees("a unit as a whole can’t be nudged; enter opens it", part="words")
        await person.press("enter")
        await person.sees("w  W1[4,1]", "b  b1[4]", "v  W2[1,4]", part="view")
        await person.sees("esc out", "←→ nudge", "↑↓ parameter", part="keys")
        kink = person.shown.insight.unit.kink
        await person.press("down", "right", until=lambda shown: shown.outcome is not None)
        assert person.shown.outcome.label == "b1[4]"
        unit = person.shown.insight.unit
        assert unit.kink == pytest.approx(kink - 0.1 / unit.weight)
        await person.press("down", until=lambda shown: shown.request.chosen == 2)
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, Prompt))
        for _ in person.typed():
            await person.press("backspace")
        await person.press("minus", "2", "enter")
        await person.until(lambda: person.shown.insight.unit.outgoing == -2.0)
        await person.sees("−2.0000 · max(", part="view")
        await person.press("escape", until=lambda shown: shown.request.opened is None)
        await person.sees("▸  1.4 ▼", part="view")
        # What was chosen among the layers is chosen there still.
        await person.press("1", until=lambda shown: shown.request.view == "fit")
        await person.until(lambda: person.row("b1").startswith(" ▸"))


async def test_the_list_scrolls_and_goes_on_with_the_next_layer(opened: Any) -> None:
    async with opened("relu-net", "--hidden", "20,3") as person:
        await person.press(KEY)
        await person.sees("▸  1.1", part="view")
        assert "A add" not in person.reads("keys")
        for at in range(1, 21):
            await person.press("down", until=lambda shown, at=at: shown.request.chosen == at)
        await person.sees("▸  2.1", "layer 2 of 3", part="view")
        assert person.shown.insight.layer.number == 1
        await person.press("U", until=lambda shown: shown.config.hidden == (20, 2))
        # Between the last unit and the first one lies the step's number.
        await person.press("down", "down", "down", until=lambda shown: shown.request.chosen == 0)


async def test_a_relu_is_added_where_the_fit_is_worst_and_taken_back(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.press("s", until=lambda shown: shown.step == 2)
        await person.press(KEY)
        await person.sees(" unit 1.1 ", part="view")
        before = person.shown.loss
        await person.press("A", until=lambda shown: shown.config.hidden == (17,))
        await person.sees(" A ReLU more at x = ", "Its push is ", part="words")
        await person.sees(" unit 1.17 ", "▸ 1.17 ", part="view")
        assert person.shown.loss < before
        await person.press("s", until=lambda shown: shown.step == 3)
        assert person.shown.config.hidden == (17,)
        await person.press("b", "b", until=lambda shown: shown.step == 1)
        assert person.shown.config.hidden == (16,)
        await person.sees("▸ 1.16 ", part="view")


async def test_lines_that_count_once_are_opened_but_get_no_other(opened: Any) -> None:
    async with opened("relu") as person:
        await person.press(KEY)
        await person.sees(" line 1   max(−1.5000·x − 1.5000, 0)", part="view")
        await person.press("A")
        await person.sees("Not done: these lines all count +1", "Open relu-net", part="words")
        await person.press("down", "enter", until=lambda shown: shown.request.opened)
        await person.until(lambda: [row.label for row in person.shown.rows] == ["m2", "b2"])
        await person.press("left", until=lambda shown: shown.outcome is not None)
        assert person.shown.outcome.label == "m2"


async def test_an_opened_unit_that_goes_leaves_the_last_one(opened: Any) -> None:
    async with opened("relu-net", "--hidden", "3") as person:
        await person.press(KEY)
        await person.press("end", until=lambda shown: shown.request.chosen == 2)
        await person.press("enter", until=lambda shown: shown.request.opened == "unit 2")
        await person.press("U", until=lambda shown: shown.config.hidden == (2,))
        await person.sees("w  W1[2,1]", part="view")
        await person.press("escape", until=lambda shown: shown.request.opened is None)
        await person.sees("▸ 1.2 ", part="view")


async def test_dead_units_are_named_without_colour_too(opened: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened("relu-net", "--markers", "ascii") as person:
        await person.press(KEY, "enter", until=lambda shown: shown.request.opened)
        await person.press("down", until=lambda shown: shown.request.chosen == 1)
        index = person.shown.chosen.index
        person.app.link.ask(Assign(index, -100.0))
        await person.sees("_ dead: 0 at all 20 points", part="view")
        await person.press("s", until=lambda shown: shown.step == 1)
        await person.sees("Unit 1.1 is dead (_)", "it can't come back", part="words")


async def test_each_view_keeps_running_at_full_pace(opened: Any) -> None:
    async with opened("relu-net", "--pace", "max", "--epochs", "3000", size=(120, 40)) as person:
        await person.press(KEY, "space", until=lambda shown: shown.epoch == 3000)
        await person.sees("each by itself, on one scale", part="view")


# --- without a single x --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["xor", "spiral", "penguins", "digits"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("chosen", "opened"), [(0, None), (7, None), (7, "a unit")])
def test_units_of_several_inputs_never_leave_the_frame(
    name: str, size: tuple[int, int], chosen: int, opened: str | None
) -> None:
    made = Timeline(Trainer.from_config(EXPERIMENTS[name].config))
    seen = shown(made, chosen=chosen, opened=opened, opened_at=chosen)
    for colour in (True, False):
        lines = draw(seen, Frame(*size, "braille", colour=colour))
        assert len(lines) <= size[1]
        assert all(width_of(line) <= size[0] for line in lines)


def test_over_a_plane_what_the_units_add_is_with_the_bias_the_logit() -> None:
    made = Timeline(Trainer.from_config(EXPERIMENTS["xor"].config))
    made.advance(200)
    maps = shown(made, chosen=3).insight.maps
    assert maps.adds
    model, data = made.trainer.model, made.trainer.data
    places = np.stack(np.meshgrid(maps.x1, maps.x2), axis=-1).reshape(-1, 2)
    logits = model.predict(data.schema.encoded(places))[:, 0]
    bias = model.layers()[-1].bias[0]
    assert np.allclose(maps.values.sum(axis=0).ravel() + bias, logits)


def test_a_map_has_its_units_line_where_its_sum_is_0() -> None:
    made = Timeline(Trainer.from_config(EXPERIMENTS["xor"].config))
    seen = shown(made, chosen=2)
    maps, (one, other) = seen.insight.maps, seen.insight.outside.weights
    layer = made.trainer.model.layers()[0]
    assert [one, other] == layer.weight[2].tolist()
    sums = one * maps.x1[None] + other * maps.x2[:, None] + layer.bias[2]
    outgoing = made.trainer.model.layers()[1].weight[0, 2]
    assert (np.sign(maps.values[2]) == np.sign(outgoing) * np.sign(sums)).all()
    rows = text(draw(seen, Frame(80, 18, "braille")))
    assert rows[0].startswith(" unit 1.3 ")
    assert "·x1" in rows[0]
    assert any("▸1.3 · " in row for row in rows)
    assert "Σ + bias" in "\n".join(rows)


def test_the_side_of_a_rectified_unit_ends_at_its_line_whichever_way_it_counts() -> None:
    config = EXPERIMENTS["xor"].config.replace(activation=("relu",), init="he")
    made = Timeline(Trainer.from_config(config))
    outgoing = made.trainer.model.layers()[1].weight[0]
    for unit in (int(outgoing.argmin()), int(outgoing.argmax())):
        seen = shown(made, chosen=unit, opened="a unit", opened_at=unit)
        rows = draw(seen, Frame(80, 30, "braille"))
        grounds = {role.partition("@")[2][:7] for row in rows for _, role in row if "@" in role}
        assert grounds == {"class 0", "class 1"}


def test_of_digits_a_unit_of_the_first_layer_is_a_picture_of_its_weights() -> None:
    made = Timeline(Trainer.from_config(EXPERIMENTS["digits"].config))
    seen = shown(made, chosen=5)
    weights = made.trainer.model.layers()[0].weight[5]
    assert np.array_equal(seen.insight.outside.picture, weights.reshape(8, 8))
    rows = text(draw(seen, Frame(80, 18, "braille", colour=False)))
    assert rows[1].startswith("── weights  > 0 ▓  < 0 X")
    drawn = "".join(row[:30] for row in rows[2:])
    assert "X" in drawn
    assert "▓" in drawn


def test_of_digits_a_unit_of_the_last_layer_says_what_it_counts_for() -> None:
    config = EXPERIMENTS["digits"].config.replace(hidden=(64, 32))
    made = Timeline(Trainer.from_config(config))
    seen = shown(made, first=60, chosen=70)
    reaches = made.trainer.model.layers()[-1].weight[:, 6]
    rows = text(draw(seen, Frame(80, 18, "braille")))[2:12]
    for name, row, weight in zip("0123456789", rows, reaches, strict=True):
        found = re.match(rf" {name} .*? {N} ", row)
        assert found is not None
        assert number(found[1]) == pytest.approx(weight, abs=0.0051)
        left, _, right = row.partition("┊")
        assert ("━" in left, "━" in right).count(True) <= 1


@pytest.mark.parametrize("name", ["xor", "penguins"])
def test_without_hidden_units_the_border_is_said_to_be_straight(name: str) -> None:
    config = EXPERIMENTS[name].config.replace(hidden=(), activation=("relu",))
    seen = shown(Timeline(Trainer.from_config(config)))
    said = "\n".join(text(draw(seen, Frame(80, 18, "braille")))) + " ".join(seen.insight.sentences)
    assert "No hidden units here." in said
    assert "straight" in said
    assert "Open xor" in said
    assert "curve" not in said


def test_the_chosen_units_line_is_told_from_the_sum_by_more_than_its_colour() -> None:
    """As text both were ⣀⣀, and the lines of the other units were called the "rest" of the sum."""
    snapshot = shown(Timeline(Trainer.from_config(RUNS["1-16-1"])))
    for colour in (True, False):
        drawn = text(draw(snapshot, Frame(80, 18, "braille", colour=colour)))
        assert "⣀⣀ sum  ⡀⡀ 1.1  ⠂⠐ others " in drawn[1]
        flat = [row[:40] for row in drawn[2:] if "0 ┤" in row]
        assert any(re.search("[⠁⠂⠄⡀]{3}", row) for row in flat)


def test_the_maps_say_over_which_inputs_they_lie() -> None:
    made = Timeline(Trainer.from_config(EXPERIMENTS["xor"].config))
    assert "x1→ x2↑" in "\n".join(text(draw(shown(made), Frame(80, 18, "braille"))))


async def test_without_colour_what_is_left_blank_is_said_to_be(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sign of what is above 0 stood just behind "below 0"."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened("spiral") as person:
        await person.press(KEY)
        await person.sees("what each puts out  blank below 0  ░ above 0", part="view")


@pytest.mark.parametrize(("first", "chosen", "arrows"), [(0, 0, "↓"), (4, 8, "↑↓"), (16, 31, "↑")])
def test_arrows_say_where_the_list_has_more_units(first: int, chosen: int, arrows: str) -> None:
    """Of 32 units it looked as if there were 16."""
    made = Timeline(Trainer.from_config(EXPERIMENTS["digits"].config))
    rows = text(draw(shown(made, first=first, chosen=chosen), Frame(80, 18, "braille")))
    listed = [row[54:] for row in rows if re.search(r"\d\.\d+ .* \d+%$", row)]
    assert len(listed) == 16
    assert ("↑" in listed[0], "↓" in listed[-1]) == ("↑" in arrows, "↓" in arrows)
