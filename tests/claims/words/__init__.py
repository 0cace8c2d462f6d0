"""What makes each sentence of the words true, in a module for each subject as the words have it."""

from claims.words import (  # noqa: F401 - each registers its claims
    changes,
    classes,
    contest,
    divergence,
    mistakes,
    outcomes,
    over_fitting,
    phases,
    start,
    terms,
    training,
    units,
)
from claims.words.claim import claim
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import LINES, describe
from nn_core.formatting import LINE_WIDTH

LOOK = ViewRequest(bins=100_000, grid=80, count=100)  # every loss and parameter


@claim(r"Not done: (.+)")
def complaint(snapshot, text):
    said = "".join(text.split())  # a word longer than a line is cut in two; others may follow
    whole = "".join(snapshot.complaint.split()) + "."
    known, cut = said[:-1], said.endswith("…")
    assert said.startswith(whole) or (cut and known and whole.startswith(known))


@claim(r"On the way to another step: (\d+%) is done\. Any other key ends it\.")
def on_the_way(snapshot, part):
    assert part == f"{snapshot.activity.journey:.0%}"


def assert_true(snapshot):
    """Every sentence is a known claim, and true; every line fits. The names of the claims."""
    lines = describe(snapshot)
    assert len(lines) <= LINES == 2
    assert all(0 < len(line) <= LINE_WIDTH == 78 for line in lines), lines
    return claim.assert_true(" ".join(lines), snapshot)
