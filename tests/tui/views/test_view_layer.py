"""The layer view as text: its numbers work out as written, it fits, and keys move in it."""

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, Timeline, Trainer
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_tui.text.roles import width_of
from nn_tui.text.spelling import to_ascii
from nn_tui.views import Frame, view
from nn_tui.views.layer_matrix import CUT_OFF

N = r"\(?([+−]?\d+(?:\.\d+)?(?:e−?\d+)?)\)?"
FRAMES = [(40, 6), (40, 12), (59, 12), (80, 18), (80, 34), (100, 20), (120, 54), (200, 6)]
RUNS: list[dict[str, Any]] = [
    {},
    {"model": "relu"},
    {"data": "stopping-distance", "scale": True},
    {"model": "mlp", "hidden": (16,)},
    {"model": "mlp", "hidden": (16, 16), "batch_size": 5},
    {"model": "mlp", "hidden": (64, 3, 2, 64), "activation": ("tanh",), "dtype": "float32"},
    {"model": "mlp", "hidden": (1,), "activation": ("sigmoid",), "rows": 1},
    {"model": "mlp", "hidden": (300, 4), "activation": ("leaky-relu",), "freeze": ("0.weight",)},
]


@cache
def timeline(which: int, steps: int = 0, large: bool = False) -> Timeline:
    made = Timeline(Trainer.from_config(Config(**RUNS[which])))
    made.advance(steps)
    if large:
        most = 3e38 if made.config.dtype == "float32" else 1e300
        for number in range(0, made.state.parameters.size, 3)[:60]:
            value = (-most, most, 12345.678)[number // 3 % 3]
            made.do("assign", index=number, value=value)
    return made


def snapshot(made: Timeline, where: float = 0.0, which: float = 0.0, point: int = 0) -> Snapshot:
    places = made.state.layout.places
    if made.trainer.model.kind != "mlp":
        request = ViewRequest(view="layer", chosen=int(where * len(places)), point=point)
    else:
        place = places[int(which * len(places))]
        chosen = int(where * place.size)
        request = ViewRequest(view="layer", opened=place.name, chosen=chosen, point=point)
    return capture_snapshot(made, make_scene(made), request)


def rows(shown: Snapshot, width: int = 80, height: int = 18, markers: str = "braille") -> list[str]:
    lines = view("layer").draw(shown, Frame(width, height, markers))
    assert len(lines) <= height
    assert all(width_of(line) <= width for line in lines)
    return ["".join(text for text, _ in line) for line in lines]


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("(", "").replace(")", ""))


parts = st.floats(0, 0.999)


@given(
    st.integers(0, len(RUNS) - 1), st.sampled_from([0, 3]), parts, parts, st.integers(0, 19),
    st.sampled_from(FRAMES), st.sampled_from(["braille", "blocks", "ascii"]), st.booleans(),
)  # fmt: skip
def test_whatever_is_chosen_it_fits_its_frame(
    run: int, steps: int, where: float, which: float, point: int, frame: tuple[int, int],
    markers: str, large: bool,
) -> None:  # fmt: skip
    shown = snapshot(timeline(run, steps, large), where, which, point)
    drawn = rows(shown, *frame, markers=markers)
    assert any(row.startswith(f" {shown.insight.unit_name}: ") for row in drawn)
    assert any(row.startswith(" ▸ ") for row in drawn)
    if markers == "ascii":
        assert "?" not in to_ascii("\n".join(drawn))


@given(st.integers(0, len(RUNS) - 1), parts, parts, st.integers(0, 19), st.sampled_from([80, 120]))
def test_the_neurons_arithmetic_works_out_as_it_is_written(
    works_out: Any, run: int, where: float, which: float, point: int, width: int
) -> None:
    shown = snapshot(timeline(run, 3), where, which, point)
    insight = shown.insight
    drawn = rows(shown, width)
    line = next(row for row in drawn if row.startswith(f" {insight.unit_name}: "))
    found = re.match(rf"(.+?) ([=≈]) {N}", line.removeprefix(f" {insight.unit_name}: "))
    assert found
    arithmetic, sign = found[1], found[2]
    total, rest = re.match(N, found[3]), line.partition(found[2])[2]
    assert total
    terms = arithmetic.count("·")
    counted = [int(count) for count in re.findall(r"\[(\d+) others?", arithmetic)]
    assert terms + sum(counted) == insight.shape[1]
    assert works_out(re.sub(r"\[\d+ others? (.+?)\]", r"(\1)", arithmetic), number(total[1]), sign)
    if insight.activation == "relu" and "max(" in rest:
        cut = re.search(rf"max\({N}, 0\) = {N}", rest)
        assert cut
        assert number(cut[1]) == number(total[1])
        assert number(cut[2]) == max(number(cut[1]), 0.0)


@pytest.mark.parametrize(("width", "height"), [(80, 18), (80, 34), (120, 54)])
@pytest.mark.parametrize("run", [3, 4])
def test_the_matrix_reads_as_one_multiplies_by_hand(run: int, width: int, height: int) -> None:
    """Product, bias, sum and output of each unit shown; ✗ wherever ReLU made a sum 0."""
    shown = snapshot(timeline(run), where=0.5, point=2)
    insight, part = shown.insight, shown.insight.matrix
    drawn = rows(shown, width, height)
    found = 0
    for row in drawn:
        if not (match := re.match(r"[ ↑↓][ ▸] unit \d\.(\d+) +(.*)$", row)):
            continue
        at = int(match[1]) - 1 - int(part.units[0])
        cells = re.findall(rf"[▸]?{N}|{CUT_OFF} 0", match[2])
        own, rule, _ = match[2].partition(" │ ")
        assert bool(rule) == (len(part.points) > 1)
        assert number(own.replace(f"{CUT_OFF} 0", "0").split()[-1]) == pytest.approx(
            part.outputs[at, 0], abs=0.0051
        )  # what stands before the rule is all of the chosen point
        outputs = match[2].replace(f"{CUT_OFF} 0", CUT_OFF).replace("│", "").split()[-len(cells) :]
        columns = len(cells) - 4
        acts = next(
            n for n in range(1, columns + 1)
            if outputs[n : n + 3] == [
                text for text in (
                    f"{part.products[at, 0]:.2f}", f"{part.bias[at]:+.2f}",
                    f"{part.sums[at, 0]:.2f}",
                ) for text in [text.replace("-", "−")]
            ]
        )  # fmt: skip
        results = outputs[acts + 3 :]
        for point, told in enumerate(results):
            if part.sums[at, point] <= 0:
                assert told == CUT_OFF
            else:
                assert number(told) == pytest.approx(part.outputs[at, point], abs=0.0051)
        found += 1
    assert found >= 3
    assert (
        f"({insight.shape[0]}×{insight.shape[1]})·({insight.shape[1]}×20)" in drawn[0] or run == 4
    )


@pytest.mark.parametrize(("width", "height"), [(80, 18), (120, 54)])
@pytest.mark.parametrize("which", [0.0, 0.9])
def test_what_comes_out_at_other_points_stands_apart(width: int, height: int, which: float) -> None:
    """Without an activation “1.95  2.02”, sum and the next point's out, read as an error."""
    shown = snapshot(timeline(3), which=which, point=3)
    drawn = rows(shown, width, height)
    first = next(at for at, row in enumerate(drawn) if "▾ point 4" in row)
    last = next(at for at, row in enumerate(drawn) if row.startswith(" ▸ unit ") or " ▸ ŷ" in row)
    rule = drawn[first].index("│")
    assert all(row[rule - 1 : rule + 2] == " │ " for row in drawn[first : last + 1])
    own, others = (drawn[first][:rule], drawn[first][rule + 1 :])
    assert own.split()[-2:] == ["point", "4"]
    assert others.split()[0] == str(shown.insight.matrix.points[1] + 1)


def test_what_the_chosen_number_is_for() -> None:
    shown = snapshot(timeline(3), where=3 / 16)
    line = next(row for row in rows(shown) if row.startswith(" ▸ W1["))
    told = re.fullmatch(
        rf" ▸ W1\[4,1\] = {N}  from x \({N}\) to unit 1.4: adds {N} to its sum", line
    )
    assert told
    weight, x, adds = map(number, told.groups())
    assert weight == pytest.approx(shown.chosen.value if shown.chosen else None, abs=5e-5)
    assert x == pytest.approx(-2.0)
    assert adds == pytest.approx(weight * x, abs=2e-4)


def test_a_bias_is_said_to_be_added_whatever_comes_in() -> None:
    shown = snapshot(timeline(3), where=3 / 16, which=0.3)
    assert any("▸ b1[4] = " in row and "whatever comes in" in row for row in rows(shown))


def test_a_frozen_number_has_no_update() -> None:
    assert "frozen" in rows(snapshot(timeline(7)))[1]


async def test_a_contest_is_not_given_away(opened: Any) -> None:
    async with opened() as person:
        await person.press("3", until=lambda shown: shown.insight is not None)
        await person.sees("update +0.0135", part="view")
        await person.press("g")
        await person.sees("update       ?  next       ?", part="view")
        await person.press("h")
        await person.sees("update +0.0135", part="view")


def test_a_point_that_is_not_in_the_batch_is_said_to_be_so() -> None:
    made = timeline(4)
    batch = made.trainer.batch_rows().tolist()
    outside = next(row for row in range(20) if row not in batch)
    assert "not in this batch" in "".join(rows(snapshot(made, point=outside), 120))
    assert "not in this batch" not in "".join(rows(snapshot(made, point=batch[0]), 120))
    drawn = rows(snapshot(made, which=0.99, point=outside), 120)  # no activation: less room
    [said] = [row for row in drawn if "(not in this batch)" in row]
    assert said.index("│") == drawn[drawn.index(said) + 1].index("│")


def test_scaled_numbers_are_said_to_be_scaled() -> None:
    assert "scaled" in rows(snapshot(timeline(2)))[0]
    assert "scaled" not in rows(snapshot(timeline(0)))[0]


def test_a_large_weight_is_drawn_thicker_than_a_small_one() -> None:
    """The quadratic's two edges: dotted, a line, a double line."""
    dots = []
    for value in (0.01, 0.5, 1.0):
        made = Timeline(Trainer.from_config(Config()))
        made.do("assign", index=1, value=1.0)
        made.do("assign", index=0, value=value)
        drawn = rows(snapshot(made), 80, 34)
        graph = drawn[next(i for i, row in enumerate(drawn) if "the network" in row) + 1 :]
        upper = "".join(row[9:30] for row in graph[: len(graph) // 2])
        dots.append(sum(bin(ord(c) - 0x2800).count("1") for c in upper if 0x2800 < ord(c) < 0x2900))
    assert dots == sorted(dots)
    assert dots[0] < 0.7 * dots[1] < 0.7 * dots[2]


# --- keys -----------------------------------------------------------------------------------------


async def test_a_person_walks_through_a_matrix_and_turns_a_weight(opened: Any) -> None:
    async with opened("relu-net", "--hidden", "4,8") as person:
        await person.press("3", until=lambda shown: shown.insight is not None)
        await person.press("down", "down", until=lambda shown: shown.insight.layer == 1)
        await person.press("enter", "pagedown", "pagedown", "down")
        await person.sees("▸ W2[3,2] = ", part="view")
        await person.until(lambda: person.shown.insight.input == 1)
        before = person.shown.insight.matrix.weight[2, 1]
        await person.press("right")
        await person.until(
            lambda: np.isclose(person.shown.insight.matrix.weight[2, 1], before + 0.1)
        )
        assert np.isclose(person.shown.insight.edges[1].weight[2, 1], before + 0.1)
        await person.press("enter", *"0.75", "enter")
        await person.press("home", until=lambda shown: shown.chosen.name == "2.weight[0, 0]")
        await person.press("pageup", until=lambda shown: shown.chosen.name == "2.weight[7, 0]")
        await person.press("end", until=lambda shown: shown.chosen.name == "2.weight[7, 3]")
        await person.press("full_stop", until=lambda shown: shown.insight.matrix.points[0] == 1)
        await person.sees("▾ point 2", part="view")


async def test_a_typed_weight_is_the_one_in_the_matrix_and_on_its_edge(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("3", until=lambda shown: shown.insight is not None)
        await person.press("enter", until=lambda shown: shown.request.opened == "0.weight")
        await person.press("enter")
        await person.until(lambda: len(person.app.screen_stack) == 2)
        person.app.screen.query_one("Input").value = ""
        await person.press(*"0.25", "enter")
        await person.sees("▸+0.25", "▸ W1[1,1] = 0.2500", part="view")
        assert person.shown.insight.edges[0].weight[0, 0] == 0.25


async def test_keys_that_come_faster_than_pictures_choose_the_right_number(opened: Any) -> None:
    async with opened("relu-net", "--hidden", "16,16") as person:
        person.rush("3", "down", "down", "enter", "pagedown", "pagedown", "down")
        await person.until(lambda: getattr(person.shown.chosen, "name", "") == "2.weight[2, 1]")


async def test_a_parameter_chosen_elsewhere_can_be_nudged_here(opened: Any) -> None:
    """The view lists fewer rows than the table: the chosen one is among them."""
    async with opened("relu-net", "--hidden", "8,8,8,8", size=(80, 60)) as person:
        await person.press("end", until=lambda shown: shown.chosen.name.startswith("8.bias"))
        await person.pilot.resize_terminal(80, 24)
        await person.press("3", until=lambda shown: shown.insight is not None)
        await person.press("enter", until=lambda shown: shown.request.opened == "8.bias")
        before = person.shown.chosen.value
        await person.press("left")
        await person.until(lambda: np.isclose(person.shown.chosen.value, before - 0.1))


def test_each_column_of_another_point_is_headed_as_what_comes_out() -> None:
    """The heading of one stood over the next point's column."""
    for run in (0, 3):
        drawn = rows(snapshot(timeline(run)), 120)
        points = next(row for row in drawn if "X[in,point]" in row)
        heads = next(row for row in drawn if "W[out,in]" in row)
        others = [found.end() for found in re.finditer(r" \d+(?= |$)", points)][1:]
        assert [found.end() for found in re.finditer(r" out\b", heads)] == others


@pytest.mark.parametrize(("run", "name"), [(0, "c"), (1, "b"), (2, "c"), (3, "b")])
def test_what_is_added_to_the_products_has_its_own_name(run: int, name: str) -> None:
    """The quadratic's b is the weight of x, and c what is added."""
    drawn = "\n".join(rows(snapshot(timeline(run))))
    assert f"W·X + {name}: " in drawn
    assert f" + {name} " in next(row for row in drawn.split("\n") if "W[out,in]" in row)


@pytest.mark.parametrize("run", [1, 3, 4, 5])
def test_both_lines_of_a_unit_s_curve_are_told_apart_on_the_smallest_screen(run: int) -> None:
    drawn = "\n".join(rows(snapshot(timeline(run)), 80, 17))
    assert "⣀⣀ out  ⠂⠐ sum ─" in drawn


async def test_a_unit_s_curve_is_named_whatever_its_input_is_called(opened: Any) -> None:
    """Over bill_length_mm it had no name, only what its lines are."""
    async with opened("penguins") as person:
        await person.press("3")
        await person.sees("── 1.1 over bill", "…  ⣀⣀ out  ⠂⠐ sum", part="view")


@pytest.mark.parametrize("width", [40, 50, 59])
def test_what_is_added_is_a_whole_number_or_not_said(width: int) -> None:
    shown = snapshot(timeline(3), where=3 / 16)
    whole, line = (
        next(row for row in rows(shown, room, 12) if row.startswith(" ▸ W1[4,1] = "))
        for room in (200, width)
    )
    told = re.search(rf"adds {N}", whole)
    assert told
    assert f"adds {told[1]}" in line
