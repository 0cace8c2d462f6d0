"""Export: a run written to a file, in the form that the file's name asks for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nn_core.disk import write_atomically
from nn_core.errors import RequestError
from nn_core.models import weights
from nn_core.run.timeline import Timeline
from nn_core.storage.forms import Form, form_of
from nn_core.storage.session import dumps
from nn_core.training.loaded import metadata

IN_FILE_UNITS = "_in_file_units"  # behind a loss's name in files and lines


def losses_csv(timeline: Timeline) -> str:
    """What was recorded of each step, in full precision.

    The last row is of the step to come: with its loss, which is that after the last update. In
    batches that would be a batch's which no step has seen yet, and is left out. Where rows are held
    back, their loss stands where it was measured, before that step's update as the step's own loss
    is. The loss of scaled targets stands beside in the units of the file, where it can be said in
    them.

    Of a run so long that its record was thinned, the steps that were kept.  `RequestError` before
    the first step.
    """
    history = timeline.history
    if not len(history):
        raise RequestError("no step has been taken yet: there are no losses to write")
    every, end, held_back = history.losses.every, len(history), history.validation
    steps = np.arange(0, end, every)
    columns: dict[str, list[Any]] = {
        "step": steps.tolist(),
        "epoch": timeline.epochs(steps).tolist(),
        "loss": history.losses.values.tolist(),
        "gradient_norm": history.gradient_norms.values.tolist(),
        "learning_rate": history.learning_rates.values.tolist(),
    }
    if len(held_back):
        columns["validation_loss"] = [
            held_back.newest(step, step + every) for step in columns["step"]
        ]
    last = _to_come(timeline)
    for name, column in columns.items():
        column.append(last[name])
    factor = timeline.trainer.loss_factor
    for name in ("loss", "validation_loss") if factor else ():
        if name in columns:
            columns[name + IN_FILE_UNITS] = [
                None if value is None else value * factor for value in columns[name]
            ]
    rows = zip(*columns.values(), strict=True)
    lines = (",".join("" if value is None else repr(value) for value in row) for row in rows)
    return "\n".join([",".join(columns), *lines]) + "\n"


def _to_come(timeline: Timeline) -> dict[str, Any]:
    """What will be recorded of the first step that the run has not taken yet."""
    shadow, end = timeline.shadow(), len(timeline.history)
    shadow.seek(end)
    in_batches, coming = shadow.trainer.steps_per_epoch > 1, shadow.up_to_the_update()
    return {
        "step": end,
        "epoch": timeline.epochs(np.array([end])).item(),
        "loss": None if in_batches else coming.losses.item(),
        "gradient_norm": None if in_batches else coming.gradient_norms.item(),
        "learning_rate": coming.learning_rates.item(),
        "validation_loss": timeline.history.validation.newest(end, end + 1),
    }


def _weights(timeline: Timeline) -> bytes:
    trainer = timeline.trainer
    return weights.serialized(trainer.model.parameters, metadata(trainer.data.schema))


def _numpy_script(timeline: Timeline) -> bytes:
    from nn_core.storage.scripts.numpy_script import numpy_script  # needed by few runs

    return numpy_script(timeline).encode()


def _torch_script(timeline: Timeline) -> bytes:
    from nn_core.storage.scripts.torch_script import torch_script

    return torch_script(timeline).encode()


def _model_script(timeline: Timeline) -> bytes:
    from nn_core.storage.scripts.model_script import model_script

    return model_script(timeline).encode()


# By suffix, what is in the file; the picture is made by whoever shows the screen.
_CONTENTS: dict[str, Callable[[Timeline], bytes]] = {
    ".json": lambda timeline: dumps(timeline).encode(),
    ".safetensors": _weights,
    ".py": _numpy_script,
    ".torch.py": _torch_script,
    ".model.py": _model_script,
    ".csv": lambda timeline: losses_csv(timeline).encode(),
}


def write(timeline: Timeline, path: Path | str, picture: str = "") -> Form:
    """Save a run in the form that the file's name asks for, which is returned.

    `RequestError`, and no file, where it can't be.
    """
    path = Path(path)
    form = form_of(path)
    if form.suffix not in _CONTENTS and not picture:
        raise RequestError(f"{path}: there is no screen to make a picture of")
    content = _CONTENTS[form.suffix](timeline) if form.suffix in _CONTENTS else picture.encode()
    write_atomically(path, content)
    return form
