"""What is true of units and of rectified lines."""

import numpy as np
import pytest

from claims import number
from claims.words.claim import claim, rows_of
from claims.words.divergence import FAR, columns_too_large, is_far_too_large


@claim(r"Line (\d+) is cut off at every point: its gradient is 0(, it can’t come back)?\.")
def line_cut_off(snapshot, line, fate):
    rows = rows_of(snapshot)
    slope, intercept = rows[f"m{line}"].value, rows[f"b{line}"].value
    assert not (slope * snapshot.scene.x + intercept > 0).any()
    if fate:
        assert rows[f"m{line}"].update == rows[f"b{line}"].update == 0


@claim(r"To wake it, choose b(\d) \(↑↓\) and move it by hand \(←→\), or restart \(r\)\.")
def wake_a_line(snapshot, line):
    assert int(line) - 1 in snapshot.observed.silent[0]


LOWER = r"(?:−|:lr <N>), then r"


@claim(r"A adds a unit; a lower rate \(" + LOWER + r"\) may spare some; leaky-relu \(o\) all\.")
def wake_a_unit(snapshot, usual):
    assert (usual is not None) == is_far_too_large(snapshot)
    assert snapshot.observed.silent[0]
    assert snapshot.scene.kind == "mlp"
    assert (len(snapshot.scene.inputs), len(snapshot.config.hidden)) == (1, 1)  # or A refuses


@claim(FAR + r"scaled \(Z\) fewer units die\.")
def scaled_fewer_die(snapshot, which, largest, target):
    assert snapshot.observed.silent[0]
    columns_too_large(snapshot, which, largest, target)


@claim(r"A lower rate \(" + LOWER + r"\) may spare some; leaky-relu \(o\) spares all\.")
def leaky_units_do_not(snapshot, usual):
    assert (usual is not None) == is_far_too_large(snapshot)
    assert snapshot.observed.silent[0]


@claim(r"Unit (\d+)\.(\d+) \(△\) is dead, 0 at all points: its gr.+?\.")
def unit_dead(snapshot, layer, unit):
    assert snapshot.observed.silent[int(layer) - 1] == (int(unit) - 1,)
    assert sum(map(len, snapshot.observed.silent)) == 1


@claim(
    r"(\d+) of (\d+) units of layer (\d+) \(△\) are dead, 0 at all (\d+) points?: too few learn\."
)
def mostly_dead(snapshot, dead, units, layer, points):
    assert int(dead) == len(snapshot.observed.silent[int(layer) - 1])
    assert int(units) == snapshot.config.hidden[int(layer) - 1] < 2 * int(dead)
    assert int(points) == len(snapshot.scene.y)


@claim(r"(\d+) units \(△\) are dead, 0 at all (\d+) points?: their gradients are 0\.")
def units_dead(snapshot, units, points):
    assert int(units) == sum(map(len, snapshot.observed.silent))
    assert int(points) == len(snapshot.scene.y)


@claim(r"Both kinks lie at x = <N>: together it is <N>·\|x ([+−]) <N>\|, two halves of one V\.")
def one_v(snapshot, place, slope, sign, distance):
    at = -number(distance) if sign == "+" else number(distance)
    assert at == number(place)
    places, heights = snapshot.curve
    np.testing.assert_allclose(heights, number(slope) * np.abs(places - at), rtol=5e-3, atol=5e-3)


@claim(r"The kinks lie at x = <N>(?: and <N>)?; each line counts on one side only\.")
def two_kinks(snapshot, *places):
    bends = [kink.x for kink in snapshot.kinks if kink.bend]
    found = [number(place) for place in places if place]
    assert found == pytest.approx(bends, rel=1e-3, abs=1e-3)


@claim(r"The sum only bends up, is never below 0: (\d+) points? lies? there, out of reach\.")
def out_of_reach(snapshot, count):
    assert int(count) == int((snapshot.scene.y < 0).sum())


@claim(r"The sum only bends up, is never below 0: it can follow a valley, never a hill\.")
def only_valleys(snapshot):
    assert (snapshot.scene.y >= 0).all()
    assert (snapshot.curve[1] >= 0).all()
