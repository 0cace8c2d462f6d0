"""What is true when a run diverged or runs away."""

import numpy as np
import pytest

from claims import number, says
from claims.words.claim import claim
from nn_core.config.experiments import EXPERIMENTS
from nn_core.formatting import short


@claim(r"Diverged: step (\d+) would drive (\S+(?: \d+\])?) to <N>; step (\d+) is kept\.")
def diverged(snapshot, step, label, value, kept):
    found = snapshot.divergence
    assert (int(step), label) == (found.step + 1, found.parameter)
    assert says(value, found.value)
    assert int(kept) == snapshot.step < int(step)


@claim(
    r"Diverged: step (\d+) would make (\S+(?: \d+\])?) (infinite|not a number); "
    r"step (\d+) is kept\."
)
def diverged_to_no_number(snapshot, step, label, what, kept):
    found = snapshot.divergence
    assert (int(step), label, int(kept)) == (found.step + 1, found.parameter, snapshot.step)
    assert np.isnan(found.value) == (what == "not a number")
    assert not np.isfinite(found.value)


@claim(
    r"With (\S+(?: \d+\])?) at <N> the loss overflows\. No step can mend that: b goes back, r .+"
)
def overflows_as_it_stands(snapshot, label, value):
    assert label == snapshot.divergence.parameter
    assert says(value, snapshot.divergence.value)
    assert not np.isfinite(snapshot.loss)


@claim(r"The learning rate <N> is too large: − lowers it, b goes back, r restarts\.")
def rate_too_large(snapshot, rate):
    assert rate == short(snapshot.config.learning_rate)
    assert not is_far_too_large(snapshot)


def is_far_too_large(snapshot):
    config = snapshot.config
    return config.learning_rate > 10 * EXPERIMENTS[config.experiment].config.learning_rate


@claim(r"Learning rate <N> is far too large; type :lr <N>, enter, then r to restart\.")
def rate_far_too_large(snapshot, rate, usual):
    assert rate == short(snapshot.config.learning_rate)
    assert says(usual, EXPERIMENTS[snapshot.config.experiment].config.learning_rate)
    assert is_far_too_large(snapshot)


FAR = r"(Inputs|Targets) reach <N>(?:, targets <N>)?: "


@claim(FAR + r"Z scales the columns(?:, − lowers lr| and begins again)\.")
def columns_too_large(snapshot, which, largest, target):
    scene = snapshot.scene
    most = scene.largest_input if which == "Inputs" else abs(scene.y).max()
    assert number(largest) == float(f"{most:.4g}")
    together = scene.largest_input * scene.largest_target > 140
    together &= scene.largest_input <= 10 and scene.largest_target <= 50
    assert together or number(largest) > (10 if which == "Inputs" else 50)
    if target is None:
        assert which == "Targets" or scene.largest_target <= 50
    else:
        assert number(target) == float(f"{abs(scene.y).max():.4g}") > (0 if together else 50)
    assert not snapshot.config.scale


NEAR = r"(Inputs|Some inputs|Targets) reach only <N>: "


@claim(r"Raw columns: type :scale on, enter; it scales them and begins again\.")
def raw_columns(snapshot):
    config = snapshot.config
    assert not config.scale
    assert config.learning_rate <= EXPERIMENTS[config.experiment].config.learning_rate


@claim(
    NEAR + r"(?:press Z to scale them, or it learns little|Z scales them, so that one rate .+)\."
)
def columns_too_small(snapshot, which, largest):
    scene = snapshot.scene
    found = {
        "Inputs": scene.largest_input,
        "Some inputs": scene.smallest_input,
        "Targets": scene.largest_target,
    }[which]
    assert number(largest) == float(f"{found:.4g}") <= (0.2 if which == "Targets" else 0.1)
    assert not snapshot.config.scale


@claim(FAR + r"Z scales them, so that one rate suits all\.")
def unscaled(snapshot, which, largest, target):
    columns_too_large(snapshot, which, largest, target)
    assert snapshot.loss > next(r.loss for r in snapshot.scene.references if r.kind == "best")


@claim(
    r"(?:All (\d+) units|The one unit) of layer (\d+) (?:is|are) dead: the network says the same "
    r"for every row\."
)
def layer_dead(snapshot, units, layer):
    of_layer = snapshot.config.hidden[int(layer) - 1]
    assert int(units or 1) == of_layer == len(snapshot.observed.silent[int(layer) - 1])
    says_the_same(snapshot)


@claim(r"The network is only a constant: it says the same for every row\.")
def says_the_same(snapshot):
    assert np.ptp(snapshot.predictions) < 1e-5 * np.ptp(snapshot.scene.y)


@claim(r"Lower the rate \((?:−|:lr <N>)\) and restart \(r\), or take another seed or init \(o\)\.")
def begin_otherwise(snapshot, usual):
    assert (usual is not None) == is_far_too_large(snapshot)
    assert snapshot.observed.is_constant


@claim(r"The loss is <N> times what it was at the start\.")
def ran_away(snapshot, ratio):
    assert number(ratio) > 1
    assert number(ratio) == pytest.approx(snapshot.loss / snapshot.losses.low[0], rel=0.05)
