"""Export: a run written to a file, in the form that the file's name asks for."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from nn_core.disk import write_atomically
from nn_core.errors import RequestError
from nn_core.models import weights
from nn_core.run.timeline import Timeline
from nn_core.storage.forms import Form, form_of
from nn_core.storage.session import dumps


def losses_csv(timeline: Timeline) -> str:
    """What was recorded of each step, in full precision.

    Of a run so long that its record was thinned, the steps that were kept.  `RequestError` before
    the first step.
    """
    history = timeline.history
    if not len(history):
        raise RequestError("no step has been taken yet: there are no losses to write")
    steps = np.arange(0, len(history), history.losses.every)
    columns = (
        steps,
        timeline.epochs(steps),
        history.losses.values,
        history.gradient_norms.values,
        history.learning_rates.values,
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    lines = (",".join(map(repr, row)) for row in rows)
    return "\n".join(["step,epoch,loss,gradient_norm,learning_rate", *lines]) + "\n"


def _numpy_script(timeline: Timeline) -> bytes:
    from nn_core.storage.scripts.numpy_script import numpy_script  # needed by few runs

    return numpy_script(timeline).encode()


def _torch_script(timeline: Timeline) -> bytes:
    from nn_core.storage.scripts.torch_script import torch_script

    return torch_script(timeline).encode()


# By suffix, what is in the file; the picture is made by whoever shows the screen.
_CONTENTS: dict[str, Callable[[Timeline], bytes]] = {
    ".json": lambda timeline: dumps(timeline).encode(),
    ".safetensors": lambda timeline: weights.serialized(timeline.trainer.model.parameters),
    ".py": _numpy_script,
    ".torch.py": _torch_script,
    ".csv": lambda timeline: losses_csv(timeline).encode(),
}


def write(timeline: Timeline, path: Path, picture: str = "") -> Form:
    """Save a run in the form that the file's name asks for, which is returned.

    `RequestError`, and no file, where it can't be.
    """
    form = form_of(path)
    if form.suffix not in _CONTENTS and not picture:
        raise RequestError(f"{path}: there is no screen to make a picture of")
    content = _CONTENTS[form.suffix](timeline) if form.suffix in _CONTENTS else picture.encode()
    write_atomically(path, content)
    return form
