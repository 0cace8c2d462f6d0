"""What is true inside a step."""

import numpy as np
import pytest

from claims import says
from claims.words.claim import FORMULAS, claim
from nn_core.formatting import short
from nn_core.optim.optimizers import OPTIMIZERS


@claim(r"Zeroed: every gradient is 0 now; the last step’s won’t be added to this one’s\.")
def zeroed(snapshot):
    assert snapshot.phase == 1
    assert all(row.gradient == 0 for row in snapshot.rows)


@claim(r"Not zeroed: the gradient of the steps before stands, and will be added to\.")
def not_zeroed(snapshot):
    assert snapshot.phase == 1
    assert not snapshot.config.zero_gradients


@claim(r"(Forward|Unscaled): at x = <N>(?:, <N>)*? the model says <N>; the data says <N>\.")
def forward(snapshot, name, *numbers):
    assert snapshot.phase == 2
    assert (name == "Unscaled") == snapshot.scene.scaled
    first, *_, prediction, target = (text for text in numbers if text)
    assert says(first, snapshot.point.x[0])
    at = list(snapshot.scene.shown).index(snapshot.point.index)
    assert says(prediction, snapshot.predictions[at])
    assert says(target, snapshot.point.y)


@claim(r"Forward: the point is (.+?), and the model gives that <N>\.")
def forward_to_classes(snapshot, name, share):
    assert snapshot.phase == 2
    assert name == snapshot.scene.classes[int(snapshot.classes.point_class)]
    z = snapshot.predictions[list(snapshot.scene.shown).index(snapshot.point.index)]
    if len(snapshot.scene.classes) == 2 and abs(z) < 500:
        of_the_second = 1 / (1 + np.exp(-float(z)))
        assert says(share, of_the_second if snapshot.point.y else 1 - of_the_second)


@claim(r"Loss: the mean (absolute error|squared error|cross-entropy); over all rows it is <N>\.")
def loss(snapshot, name, value):
    assert snapshot.phase == 3
    assert says(value, snapshot.loss)
    if name != "cross-entropy" and not snapshot.scene.scaled:
        off = snapshot.predictions - snapshot.scene.y
        errors = np.abs(off) if name == "absolute error" else off**2
        assert snapshot.loss == pytest.approx(float(errors.mean()))


@claim(r"Backward: a gradient says how the loss changes if its parameter rises a bit\.")
def backward(snapshot):
    assert snapshot.phase == 4


@claim(r"Next, (forward|loss|backward): .+?\.")
def coming(snapshot, name):
    assert ("zero", "forward", "loss", "backward")[snapshot.phase] == name


@claim(r"Next, update: every parameter moves by −<N> times its gradient\.")
def coming_update(snapshot, rate):
    assert snapshot.phase == 4
    assert rate == short(snapshot.learning_rate)
    updates = [-snapshot.learning_rate * row.gradient for row in snapshot.rows]
    if not snapshot.scene.layers:
        assert [row.update for row in snapshot.rows] == pytest.approx(updates, rel=1e-6, abs=1e-9)


@claim(rf"Next, update by (\S+): ({FORMULAS})\.")
def coming_update_by(snapshot, title, formula):
    optimizer = OPTIMIZERS[snapshot.config.optimizer]
    assert (snapshot.phase, title, formula) == (4, optimizer.title, optimizer.formula)
