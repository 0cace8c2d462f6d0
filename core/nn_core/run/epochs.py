"""Which epoch each step of a run lies in."""

from collections.abc import Sequence

import numpy as np

from nn_core.arrays import Array
from nn_core.run.events import Event

_POINTS = {"add_point": 1, "remove_point": -1}  # kinds of events, and the rows that they bring


def epochs_of(steps: Array, events: Sequence[Event], rows: int, size: int) -> Array:
    """The epoch that each of these steps lies in.

    Another batch size begins the epoch anew, and so does a point that comes or goes.
    `rows` and `size` are those of the data and of a batch at first.
    """
    begins, epochs, lengths = [0], [0], [-(-rows // min(size or rows, rows))]
    for event in events:
        done = event.named
        if event.kind in _POINTS:
            rows += _POINTS[event.kind]
        elif done.get("name") == "batch_size" and done["value"] != size:
            size = done["value"]
        else:
            continue
        epochs.append(epochs[-1] + (event.step - begins[-1]) // lengths[-1])
        begins.append(event.step)
        lengths.append(-(-rows // min(size or rows, rows)))
    stretch = np.searchsorted(begins, steps, side="right") - 1
    epochs_before, since = np.array(epochs)[stretch], steps - np.array(begins)[stretch]
    found: Array = epochs_before + since // np.array(lengths)[stretch]
    return found
