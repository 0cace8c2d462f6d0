"""The step view as it is drawn: what stands on its rows, what it leaves out where room is short."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from claims import number

from nn_core import Config, Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.outcomes import Updated
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Activity, Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.training.state import PHASES
from nn_tui.text.roles import HAT, Line, width_of
from nn_tui.text.spelling import to_ascii, to_console
from nn_tui.views import Frame, bars, view

FRAMES = [(40, 6), (60, 12), (80, 18), (80, 34), (120, 54), (200, 12), (40, 40), (23, 3)]
RUNS: dict[str, dict[str, Any]] = {
    "quadratic": {},
    "relu": {"model": "relu", "loss": "huber", "zero_gradients": False, "l2": 0.1},
    "net": {"model": "mlp", "hidden": (5, 4, 3), "optimizer": "adamw", "clip": 1.0, "l1": 0.01},
    "big net": {"model": "mlp", "hidden": (256, 256), "batch_size": 7},
    "one row": {"data": "line", "rows": 1},
    "many rows": {"data": "sine", "rows": 100_000},
    "too much": {"data": "sine", "rows": 5_000, "model": "mlp", "hidden": (64, 64)},
    "scaled": {"data": "stopping-distance", "scale": True, "loss": "mse"},
    "frozen": {"freeze": ("a",), "optimizer": "momentum"},
}
SIGNED = r"[+−]?\d+(?:\.\d+)?"


def step_by_step(steps: int = 10, **changes: Any) -> Iterator[tuple[Any, Snapshot]]:
    """The phases of a step, "" before it, each with what can be asked for its snapshot."""
    timeline = Timeline(Trainer.from_config(Config().replace(**changes)))
    timeline.advance(steps)
    scene = make_scene(timeline)

    def asked(outcome: Updated | None = None) -> Any:
        return lambda **request: capture_snapshot(
            timeline, scene, ViewRequest(**{"view": "step", "grid": 100, "count": 3, **request}),
            Activity(outcome=outcome),
        )  # fmt: skip

    yield "", asked()
    for phase in PHASES:
        before = timeline.state.copy()
        timeline.phase()
        done = phase == "update"
        yield phase, asked(Updated("a", 0.0, 0.0, 0.0, 0.0, before) if done else None)


def after(phase: str, steps: int = 10, **changes: Any) -> Any:
    """What can be asked for a snapshot after this phase."""
    return next(ask for name, ask in step_by_step(steps, **changes) if name == phase)


def draw(snapshot: Snapshot, width: int = 80, height: int = 18) -> list[str]:
    """The rows as text."""
    lines: list[Line] = view("step").draw(snapshot, Frame(width, height, "braille"))
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("run", ["quadratic", "net"])
def test_what_a_narrow_screen_cuts_between_two_steps_ends_in_an_ellipsis(run: str) -> None:
    """At 60 columns "phase by pha", "a step begi" and "sign(pred − y" stood at the edge."""
    shown = after("", **RUNS[run])()
    wide, narrow = draw(shown, 140, 30), draw(shown, 60, 14)
    for row in narrow[1:9]:
        whole = next(each for each in wide if each[:40] == row[:40])
        said = row.rstrip(" ─")
        assert said.endswith("…") or whole.rstrip(" ─").startswith(said), row
        assert said.endswith("…") or whole[len(said) : len(said) + 2] in ("", "  ", " ─"), row


@pytest.mark.parametrize("run", RUNS)
def test_no_row_is_wider_than_the_frame_nor_are_there_more(run: str) -> None:
    for phase, ask in step_by_step(2, **RUNS[run]):
        snapshot = ask()
        for width, height in FRAMES:
            lines = view("step").draw(snapshot, Frame(width, height, "braille"))
            assert len(lines) <= height, (phase, width, height)
            for line in lines:
                assert width_of(line) <= width, (phase, width, height, line)


@pytest.mark.parametrize("phase", ["", "forward", "update"])
def test_the_fit_is_drawn_once_where_it_stands_beside_the_view(phase: str) -> None:
    for beside in (False, True):
        frame = Frame(80, 34, "braille", beside)
        lines = view("step").draw(after(phase)(), frame)
        assert any("── fit" in "".join(text for text, _ in line) for line in lines) != beside


@pytest.mark.parametrize("run", RUNS)
def test_every_glyph_has_its_likeness_where_a_terminal_has_few(run: str) -> None:
    for _, ask in step_by_step(2, **RUNS[run]):
        text = "\n".join(draw(ask()))
        assert not re.search(r"[⠀-⣿]", to_ascii(re.sub(r"[⠀-⣿]", "", text)))
        assert "?" not in to_ascii(re.sub(r"[⠀-⣿]", "", text)).replace("model say?", "").replace(
            "as one number?", "").replace("loss change?", "")  # fmt: skip
        assert len(to_console(text)) == len(text) - text.count(HAT)


@pytest.mark.parametrize("run", ["quadratic", "relu", "net", "scaled", "frozen"])
def test_what_stands_on_the_screen_works_out(run: str, works_out: Any) -> None:
    """Of each row "name  arithmetic  =  result" the arithmetic comes to the result."""
    found = 0
    for phase, ask in step_by_step(5, **RUNS[run]):
        rows = draw(ask(point=3), 110, 30)
        for row in rows[2:] if phase else []:
            match = re.fullmatch(rf" .{{10,12}} (\S.*?) +([=≈]) +({SIGNED}(?:e−?\d+)?) *", row)
            if match and re.search(r"[·÷−+(]", match[1]) and "±" not in match[1].split("  ")[-1]:
                text = match[1].removeprefix("the chosen point: ")
                assert works_out(text, number(match[3]), match[2]), row
                found += 1
    assert found >= 5


def test_the_rail_names_the_phase_and_nothing_in_it_moves() -> None:
    rails = {phase: draw(ask())[0] for phase, ask in step_by_step()}
    for name in PHASES:
        assert len({rail.lower().index(name) for rail in rails.values()}) == 1
    for at, name in enumerate(PHASES):
        rail = rails[name]
        assert name.upper() in rail
        assert rail.count("✓") == at
        assert rail.count("▶") == 1
    codes = [rails[name].rpartition("  ")[2].strip() for name in PHASES]
    assert codes[0] == "optimizer.zero_grad()"
    assert codes[1] == "pred = model(x)"
    assert rails["loss"].endswith("loss = (pred - y).abs().mean()")
    assert codes[3:] == ["loss.backward()", "optimizer.step()"]


def test_before_a_step_the_program_stands_with_a_mark_where_it_is() -> None:
    rows = draw(after("", batch_size=6)())
    for_epoch = next(at for at, row in enumerate(rows) if "for epoch in range(100):" in row)
    assert "epoch 3 of 100" in rows[for_epoch]
    assert rows[for_epoch + 1].startswith(" ▶   for x, y in batches:")
    assert "batch 3 of 4: 6 rows" in rows[for_epoch + 1]
    said = [row[38:].strip() for row in rows[for_epoch + 2 : for_epoch + 7]]
    assert said == [
        "∂loss/∂a ← 0", "a·x² + b·x + c", "mean of |pred − y|",
        "mean of sign(pred − y)·x²", "a ← a − lr·∂loss/∂a",
    ]  # fmt: skip


def test_beyond_the_target_the_epoch_is_none_of_it() -> None:
    """The 31st of 30 once stood there as "epoch 31 of 31"."""
    shown = after("")()
    for target, said in (
        (1, "epoch 11, beyond these"),
        (10, "all done; a step begins epoch 11"),
        (11, "epoch 11 of 11"),
    ):
        rows = draw(replace(shown, config=shown.config.replace(epochs=target)))
        assert said in next(row for row in rows if f"range({target}):" in row)


def test_of_an_update_that_is_done_the_table_says_what_was_before_it() -> None:
    """The values from before stood there as the values, beside a status that was one step on."""
    titles = {
        phase: next(row for row in draw(after(phase)()) if " × −lr = update " in row)
        for phase in ("loss", "update")
    }
    assert all(word in titles["loss"] for word in (" value ", " next "))
    assert all(word in titles["update"] for word in (" before ", " now "))


def test_the_numbers_of_the_step_to_come_are_those_of_the_table() -> None:
    snapshot = after("")(chosen=1)
    [row] = [row for row in draw(snapshot) if row.startswith(" this step")]
    found = re.search(rf"loss +({SIGNED}) +∂loss/∂b +({SIGNED}) +b ({SIGNED}) → ({SIGNED})", row)
    assert found
    b = snapshot.rows[1]
    for text, value in zip(
        found.groups(), (snapshot.loss, b.gradient, b.value, b.next), strict=True
    ):
        assert number(text) == round(value, 4)


def test_on_a_tall_screen_the_program_stands_beside_each_phase() -> None:
    for phase, ask in step_by_step():
        rows = draw(ask(), 80, 40)
        marked = [row for row in rows[1:] if row.startswith(" ▶ ")]
        assert len(marked) == 1
        where = {"zero": "zero_grad", "": "for x, y", "forward": "pred =", "update": "step()"}
        assert where.get(phase, phase) in marked[0]


# --- bars -------------------------------------------------------------------------------------


def chart(rows: list[str]) -> list[str]:
    """The rows of bars, from the top label to the axis' end."""
    return [row for row in rows if row[7:8] in "┤┼" and row[7:8]]


def test_the_votes_stand_down_and_up_as_they_weigh() -> None:
    """After ten steps of the lesson 15 of 20 say: raise a; the look is that of the sketch."""
    rows = draw(after("backward")())
    title = next(row for row in rows if "point by point" in row)
    assert "15 bars down: raise a" in title  # “▼ 15 say: raise a” seemed to contradict itself
    assert "5 bars up: lower a" in title
    levels = [row[:7].strip() for row in chart(rows)]
    assert levels == ["+1", "0", "−1", "−2", "−3", "−4"]
    heights = [0.0] * 20
    worth = {"█": 1.0, "▀": 0.5, "▄": 0.5, "▔": 0.125, "▁": 0.125, " ": 0.0, "─": 0.0}
    for row, level in zip(chart(rows), levels, strict=True):
        for bar in range(20 * (level != "0")):  # there the points are numbered
            way = 1 if level.startswith("+") else -1
            heights[bar] += way * worth[row[8 + 3 * bar]]
    shown = after("backward")().insight.bars.values
    np.testing.assert_allclose(heights, shown, atol=0.27)


def test_one_bar_is_a_bar() -> None:
    """The title said "1 bars up: lower b"."""
    snapshot = after("backward")()
    values = np.where(np.arange(20) == 3, 1.0, -1.0)
    insight = snapshot.insight
    bars = replace(insight.bars, values=values)
    rows = draw(replace(snapshot, insight=replace(insight, bars=bars)))
    assert "19 bars down: raise a ── 1 bar up: lower a" in "".join(rows)


def test_the_sums_at_the_right_add_up_to_the_gradient() -> None:
    for chosen in range(3):
        snapshot = after("backward")(chosen=chosen)
        column = [row[-12:].strip() for row in chart(draw(snapshot, 80, 22))]
        above, below, _, total, divided, mean = column[:6]
        assert number(above) + number(below) == pytest.approx(number(total), abs=1e-4)
        assert divided == "÷ 20"
        assert number(mean.removeprefix("= ")) == pytest.approx(snapshot.insight.slope, rel=5e-5)
        assert number(total) / 20 == pytest.approx(snapshot.insight.slope, abs=1e-4)


def test_the_mark_stands_under_the_chosen_point() -> None:
    for point in (0, 9, 19):
        rows = draw(after("backward")(point=point))
        [mark] = [row for row in rows if "▲▲" in row]
        assert mark.index("▲▲") == 8 + 3 * point
        assert "the chosen point" in mark


def test_beside_the_mark_is_what_the_chosen_point_adds_to_the_mean() -> None:
    for phase, said in (("loss", "0.9758 ÷ 20 = 0.04879"), ("backward", "1.3684 ÷ 20 = 0.06842")):
        [mark] = [row for row in draw(after(phase, 0)(point=3, chosen=1)) if "▲▲" in row]
        assert mark.split("▲▲")[1].strip() == f"the chosen point: {said}"


def test_a_point_outside_the_batch_is_not_marked_and_the_batch_is_named() -> None:
    snapshot = after("backward", batch_size=6)()
    assert not snapshot.insight.in_batch
    rows = draw(snapshot)
    numbers = sorted((snapshot.insight.bars.numbers + 1).tolist())
    listed = ", ".join(map(str, numbers))
    assert any(f"isn’t in this batch: points {listed}" in row for row in rows)


def test_more_rows_than_columns_are_summed_and_that_is_said() -> None:
    snapshot = after("backward", data="sine", rows=1_000, noise=(0.0, 0.0))()
    rows = draw(snapshot, 80, 30)
    assert any("summed in columns" in row for row in rows)
    shown = snapshot.insight.bars
    drawn = bars.Bars(shown.values, shown.x, shown.numbers, shown.chosen, "", "push")
    columns = bars._columns(drawn, bars.room_for_bars(80))
    assert len(columns.heights) == 60
    assert columns.heights.sum() == pytest.approx(shown.values.sum())


# --- the table --------------------------------------------------------------------------------


def test_the_backward_table_says_what_each_gradient_is_and_what_a_nudge_says() -> None:
    rows = draw(after("backward")(chosen=1))
    head, *table = rows[-4:]
    for title in ("gradient", "value", "mean of", "nudge ±0.0001 says", "same"):
        assert title in head
    expected = [("a", "−1.3529", "sign·x²"), ("b", "−0.0316", "sign·x"), ("c", "−0.5000", "sign")]
    for row, (name, gradient, mean) in zip(table, expected, strict=True):
        assert f"∂loss/∂{name} " in row
        assert row.count(gradient) == 2
        assert mean in row
        assert row.rstrip().endswith("✓")
    assert [row[1] for row in table] == [" ", "▸", " "]
    assert "(5 − 15) ÷ 20" in table[2]


def test_of_a_layer_the_weight_in_play_is_nudged_in_a_line_of_its_own() -> None:
    net = EXPERIMENTS["relu-net"].config
    timeline = Timeline(Trainer.from_config(net))
    timeline.advance(10)
    for _ in range(4):
        timeline.phase()
    snapshot = capture_snapshot(timeline, make_scene(timeline), ViewRequest(view="step", count=3))
    rows = draw(snapshot)
    [nudged] = [row for row in rows if row.startswith(" nudge")]
    assert "✓" in nudged
    assert number(nudged.split()[-1]) == pytest.approx(snapshot.insight.slope, abs=1e-4)
    assert "▸ W1" in rows[-3]


def test_a_low_screen_still_shows_the_chosen_parameter() -> None:
    for _, ask in step_by_step():
        rows = draw(ask(chosen=2), 80, 9)
        assert any(re.match(r" ▸ (∂loss/∂)?c ", row) for row in rows)


# --- at the screen ----------------------------------------------------------------------------


def at(step: int, phase: int) -> Any:
    return lambda shown: (shown.step, shown.phase, shown.request.view) == (step, phase, "step")


async def test_a_person_goes_through_a_step_and_back(opened: Any) -> None:
    async with opened() as person:
        await person.press("i", until=at(0, 1))
        await person.sees("▶ZERO", "optimizer.zero_grad()", part="view")
        await person.press("i", until=at(0, 2))
        await person.sees("1.1·4 + 1.1·(−2) + 1.1", "=       3.3", part="view")
        await person.press("i", until=at(0, 3))
        await person.sees("|3.3 − 11.869|", "=     8.569", part="view")
        await person.press("i", until=at(0, 4))
        await person.sees("sign(3.3 − 11.869)·(−2)²", "−1.3529", part="view")
        await person.sees("if a rises by 0.01, the loss falls by about 0.01353", part="words")
        await person.press("b", until=at(0, 3))
        await person.sees("|3.3 − 11.869|", part="view")
        await person.press("i", "i", until=lambda shown: shown.step == 1)
        await person.sees("1.1 − 0.01·(−1.3529)", "=    1.1135", "▶ UPDATE", part="view")


async def test_point_and_parameter_are_chosen_inside_the_step(opened: Any) -> None:
    async with opened() as person:
        await person.press("i", "i", "i", "i", until=at(0, 4))
        await person.press("down", "down")
        await person.sees("∂loss/∂c = mean of sign(pred − y)", part="view")
        await person.sees("every point has one equal vote: (5 − 15) ÷ 20 = −0.5", part="words")
        await person.press("full_stop")
        await person.sees("point 2 ", part="view")
        await person.press("comma", "comma")
        await person.sees("point 20 ", part="view")


async def test_an_opened_layer_is_gone_through_weight_by_weight(opened: Any) -> None:
    async with opened("relu-net") as person:
        await person.press("i", "i", "i", "i", until=at(0, 4))
        await person.press("enter")
        await person.sees("w is W1[1,1]", "∂loss/∂W1[1,1]", part="view")
        await person.press(*["down"] * 5)
        await person.sees("w is W1[6,1]", "▸ ∂loss/∂W1[6,1]", part="view")


async def test_in_a_contest_the_gradient_is_kept_back_until_a_hint(opened: Any) -> None:
    async with opened() as person:
        await person.press("2", "g", until=lambda shown: shown.contest is not None)
        await person.sees("∂loss/∂a        ?", part="view")
        assert "−1.3529" not in person.reads("view")
        await person.press("h", until=lambda shown: shown.contest.hint)
        await person.sees("−1.3529", part="view")


async def test_a_narrow_screen_in_plain_characters_still_reads(opened: Any) -> None:
    async with opened("--markers", "ascii", size=(60, 24)) as person:
        await person.press("i", "i", "i", "i", until=at(0, 4))
        await person.sees("dloss/da = mean of sign(pred - y)*x^2", "# # # # #", part="view")


@pytest.mark.parametrize("phase", ["forward", "loss", "backward", "update"])
def test_beside_the_fit_no_half_of_the_view_is_empty(phase: str) -> None:
    lines = view("step").draw(after(phase)(), Frame(80, 34, "braille", beside_fit=True))
    texts = ["".join(text for text, _ in line).strip() for line in lines]
    empty = max(len(run) for run in "".join("." if text else " " for text in texts).split("."))
    assert empty <= 2


@pytest.mark.parametrize("changes", [{"loss": "huber"}, {"data": "xor", "loss": "cross-entropy"},
                                     {"data": "xor", "loss": "cross-entropy",
                                      "class_weight": "balanced"}])  # fmt: skip
def test_no_loss_has_a_rule_that_is_cut_on_the_smallest_screen(changes: dict[str, Any]) -> None:
    run = {"model": "mlp", "hidden": (8,), **changes}
    for phase, asked in step_by_step(**run):
        rows = view("step").draw(asked(), Frame(80, 12, "braille"))
        if phase == "loss":
            rules = ["".join(text for text, _ in row) for row in rows[1:4]]
            assert not any("…" in rule for rule in rules)
