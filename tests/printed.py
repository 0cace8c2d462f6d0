"""What a script of a run prints, against the losses of the run."""

import contextlib
import io
import sys
from contextlib import redirect_stdout
from unittest import mock

import numpy as np

from nn_core.errors import RequestError
from nn_core.storage.scripts.numpy_script import numpy_script
from nn_core.storage.scripts.torch_script import torch_script


def printed_by(script, digits=17, first=0):
    """The losses that a script prints, run within this process: of steps, and after the last."""
    out = io.StringIO()
    with mock.patch.object(sys, "argv", ["this.py", str(digits)]), redirect_stdout(out):
        exec(compile(script, "this.py", "exec"), {"__name__": "__main__"})
    *lines, end = out.getvalue().splitlines()
    for step, line in enumerate(lines, start=first):
        assert line.startswith(f"step={step}; loss=")
    assert end.startswith((f"steps={first + len(lines)}; loss=", "epochs="))
    *losses, after = (float(line.partition("loss=")[2]) for line in (*lines, end))
    return losses, after


def assert_prints_its_losses(timeline, within=1e-12, first=0, torch_may_refuse=False):
    """The NumPy script prints the run's losses from a step on; that for PyTorch is Python.

    And, where the run stands at its end, the loss that the screen shows there.
    """
    losses = timeline.history.losses.values[first:]
    printed, after = printed_by(numpy_script(timeline), first=first)
    np.testing.assert_allclose(printed, losses, rtol=within, atol=0)
    if timeline.state.step == timeline.tip and not timeline.state.phase:
        np.testing.assert_allclose(after, timeline.trainer.loss(), rtol=100 * within, atol=0)
    with contextlib.suppress(*([RequestError] if torch_may_refuse else [])):
        compile(torch_script(timeline), "this.py", "exec")
