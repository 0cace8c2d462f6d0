"""What the tables say of a gradient that is a sum of several, or isn't worked out yet."""

import pytest

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.run.timeline import Timeline
from nn_core.training.state import BACKWARD_DONE, PHASES
from nn_core.training.trainer import Trainer
from nn_tui.dialogs.help_sheet import about_row
from nn_tui.panels import plots
from nn_tui.panels.table import NOT_YET, table
from nn_tui.text.roles import Line
from nn_tui.views import Frame, health, step


def snapshot(
    name: str = "quadratic", steps: int = 0, phases: int = 0, zero: bool = True, view: str = ""
) -> Snapshot:
    config = EXPERIMENTS[name].config.replace(zero_gradients=zero)
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(steps)
    for _ in range(phases):
        timeline.phase()
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(view=view or None))


def rows(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def texts(shown: Snapshot) -> list[str]:
    return rows(table(shown, 0, 0, 20, 80))


@pytest.mark.parametrize("name", ["quadratic", "relu-net"])
@pytest.mark.parametrize("zero", [True, False])
@pytest.mark.parametrize("steps", [0, 3])
def test_a_column_of_sums_says_that_it_is(name: str, zero: bool, steps: int) -> None:
    """−2.7058 stood under "gradient" where the slope was −1.3529."""
    sums = not zero and steps > 0
    shown = snapshot(name, steps, zero=zero)
    assert (" Σ gradient " in texts(shown)[0]) == sums
    title = "".join(text for text, _ in plots.gradient(shown, "braille").title)
    assert ("Σ gradient" in title) == sums
    shown = snapshot(name, steps, zero=zero, view="health")
    drawn = [
        "".join(text for text, _ in line) for line in health.draw(shown, Frame(80, 17, "braille"))
    ]
    assert (" Σ gradient " in drawn[0]) == sums


def test_the_step_view_calls_a_sum_a_sum() -> None:
    for zero in (True, False):
        shown = snapshot(steps=3, zero=zero, view="step")
        drawn = [
            "".join(text for text, _ in line) for line in step.draw(shown, Frame(80, 18, "braille"))
        ]
        [numbers] = [line for line in drawn if line.startswith(" this step")]
        [update] = [line for line in drawn if "a ← a − lr·" in line]
        assert ("Σ ∂loss/∂a" in numbers) == ("lr·Σ ∂loss/∂a" in update) == (not zero)


@pytest.mark.parametrize("name", ["quadratic", "relu-net"])
@pytest.mark.parametrize("zero", [True, False])
@pytest.mark.parametrize("phases", range(len(PHASES)))
def test_no_update_is_foretold_from_a_gradient_that_is_not_worked_out(
    name: str, zero: bool, phases: int
) -> None:
    """After ZERO the rows promised an update of +0.0000."""
    shown = snapshot(name, 2, phases, zero)
    early = 0 < phases < BACKWARD_DONE
    for line in texts(shown)[1:]:
        assert line.count(NOT_YET) == (0 if not early else 2 if name == "quadratic" else 1)
        assert not early or ("▸" not in line[3:] and "◂" not in line)
    [(_, said)] = about_row(shown.rows[0], shown)
    if name == "quadratic":
        assert ("The next step changes it by" in said) == (not early)
