"""The sheet of kept runs: its rows look as their curves do."""

from dataclasses import replace
from typing import Any

import numpy as np

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.comparison import KeptLosses
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer
from nn_tui.dialogs.runs.kept_sheet import KeptSheet
from nn_tui.panels import plots
from nn_tui.plot.plot import Envelope

ROWS = ("twin", "1", "2", "3", "4", "5")


def test_a_row_has_the_colour_of_its_curve_and_a_quiet_one_where_none_is_drawn() -> None:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS["quadratic"].config))
    shown = capture_snapshot(timeline, make_scene(timeline), ViewRequest())
    losses = [replace(shown.losses, step=np.arange(2), low=at, high=at)
              for at in np.random.default_rng(0).random((6, 2))]  # fmt: skip
    kept = [KeptLosses(f"run {at}", curve, 0, number=at) for at, curve in enumerate(losses)]
    shown = replace(shown, kept=tuple(kept))
    curves = {mark.label: mark.role for mark in plots.loss(shown, "braille").marks
              if isinstance(mark, Envelope) and mark.label}  # fmt: skip
    assert [*curves] == ["run 3", "run 4", "run 5", "run 0"]

    def nothing(*_: Any, **__: Any) -> Any:
        raise AssertionError

    sheet = KeptSheet(nothing, shown, nothing)
    lines = [line[0] for line in sheet.content(80)[1] if line]
    twin, *rows = (role.partition("#")[0] for text, role in lines if text[3:8].strip() in ROWS)
    assert twin == curves["run 0"]
    assert rows == ["strong", "quiet", *(curves[f"run {number}"] for number in (3, 4, 5))]
