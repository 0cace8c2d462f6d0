"""The step view under every setting, after the update, and beyond all bounds."""

from unicodedata import normalize

import pytest
from inside_a_step import DIFFERENCES, Step, texts

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.rows import LayerRow
from nn_core.explain.view_request import ViewRequest
from nn_core.formatting import number
from nn_core.optim.optimizers import OPTIMIZERS
from nn_core.training.state import PHASES


def test_zeroing_forgotten_is_an_old_sum_and_this_steps():
    step = Step(steps=2, zero_gradients=False)
    zero = step.next_phase().look()
    assert zero.code[0] == "# optimizer.zero_grad()"
    assert number(zero.lines[2].result) == "−2.7058"
    backward = texts(step.at("backward").look())
    assert backward["not zeroed"][0] == "−2.7058 − 1.3529: old + new"
    assert number(backward["not zeroed"][1]) == "−4.0587"


def test_penalties_show_their_share_and_a_bias_is_free():
    step = Step(l1=0.1, l2=0.2, steps=0).at("backward")
    assert step.look().code[3] == "(loss + penalty).backward()"
    assert texts(step.look())["+ penalty"][0] == "−1.3529 + 0.1·sign(1.1) + 2·0.2·1.1"
    assert texts(step.look(chosen=2))["+ penalty"][0] == "−0.5 + 0: a bias is free"


def test_a_frozen_parameter_gets_no_update():
    step = Step(freeze=("b",)).at("backward")
    assert "frozen" in texts(step.look(chosen=1))
    before = step.look(chosen=1).value
    step.next_phase()
    update = step.look(chosen=1)
    assert texts(update)["b ←"] == (number(before), float(f"{before:.5g}"))
    assert not any("lr * b.grad" in line.text for line in update.lines)
    assert update.rules[-1] == "b stays: it is frozen"
    assert [row.frozen for row in update.parameters] == [False, True, False]


def test_every_optimizer_has_its_rule():
    for name in OPTIMIZERS:
        update = Step(optimizer=name).at("backward")
        update.next_phase()
        (rule, _) = texts(update.look(chosen=1))["rule"]
        assert rule.split(";  ")[-1].startswith("b ← b − lr·")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_an_optimizer_works_out_is_called_alike_in_all_views(name):
    """m′ and s′ stood here, m̂ and ŝ in the view health and in the words."""
    step = Step(optimizer=name).at("backward")
    request = ViewRequest(view="health", chosen=1)
    health = capture_snapshot(step.timeline, step.scene, request).insight
    step.next_phase()
    lines = texts(step.look(chosen=1))
    parts = {each.symbol for each in health.equations} - {"b", "w"}
    assert {label for label in lines if label.endswith(" ←")} == {
        f"{symbol} ←" for symbol in ("b", *parts)
    }
    hats = {symbol for symbol in parts if len(normalize("NFD", symbol)) > 1}
    assert all(symbol in lines["rule"][0] for symbol in hats)
    assert bool(hats) == name.startswith("adam")


def test_after_the_update_the_parameters_are_listed_as_it_found_them():
    for opened in (None, "0.weight"):
        step = Step(EXPERIMENTS["relu-net"].config).at("backward")
        request = ViewRequest(view="step", opened=opened, count=10)
        before = capture_snapshot(step.timeline, step.scene, request).rows
        after = step.next_phase().look(opened=opened).parameters
        assert [row.label for row in after] == [row.label for row in before]
        for old, new in zip(before, after, strict=True):
            assert new.gradient == old.gradient
            assert new.update == pytest.approx(old.update, rel=1e-6, abs=1e-15)
            if isinstance(new, LayerRow):
                assert new.size == old.size
            else:
                assert new.value == old.value


def test_a_step_that_diverges_shows_where_it_is_kept():
    step = Step(loss="mse", learning_rate=1e200, steps=0).at("backward")
    found = step.next_phase().look()
    assert step.timeline.divergence is not None
    assert found.done == step.timeline.state.phase


def test_many_rows_are_looked_at_whole_where_the_model_is_small():
    found = Step(data="sine", rows=100_000, steps=1).at("backward").look()
    assert len(found.bars.values) == 100_000
    assert all(row.check is not None for row in found.checks)


def test_where_each_row_would_take_too_long_it_is_said():
    step = Step(EXPERIMENTS["mlp"].config, data="sine", rows=20_000, hidden=(64, 64), steps=0).at(
        "backward"
    )
    found = step.look()
    assert found.bars is None
    assert "smaller batches" in found.note
    assert [row.check for row in found.checks] == [None]


@pytest.mark.parametrize("value", [1e300, -1e300, 1e155])
@pytest.mark.parametrize("loss", DIFFERENCES)
def test_numbers_beyond_all_bounds_are_shown_as_they_are(value, loss):
    step = Step(loss=loss, steps=0)
    step.timeline.do("assign", index=0, value=value)
    for _ in range(4):
        for chosen in range(3):
            found = step.next_phase() if chosen == 0 else step
            assert found.look(chosen=chosen).lines


def test_an_update_that_is_over_is_looked_at_without_rewinding_the_run(monkeypatch):
    step = Step(steps=2).at("update")
    state, phases = step.timeline.trainer.state, []
    take_over = state.assign
    monkeypatch.setattr(
        state, "assign", lambda other: (phases.append((other.step, other.phase)), take_over(other))
    )
    assert step.look().done == len(PHASES)
    assert set(phases) <= {(state.step, state.phase)}
