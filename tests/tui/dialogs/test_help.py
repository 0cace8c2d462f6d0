"""The help speaks of what is on the screen, and names its marks as they are drawn there."""

from pathlib import Path
from typing import Any

import pytest

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.glossary import term
from nn_core.explain.scene import make_scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.view_request import ViewRequest
from nn_core.run.timeline import Timeline
from nn_core.run.twin import Twin
from nn_core.training.trainer import Trainer
from nn_tui.dialogs.help_sheet import parts
from nn_tui.views import VIEWS, view


def shown(experiment: str, twin: bool = False, **changes: Any) -> Snapshot:
    timeline = Timeline(Trainer.from_config(EXPERIMENTS[experiment].config.replace(**changes)))
    timeline.advance(3)
    beside = Twin(timeline) if twin else None
    if beside is not None:
        beside.follow(3)
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(), twin=beside)


def said(snapshot: Snapshot, name: str = "fit", has_colour: bool = True) -> dict[str, str]:
    return dict(parts(snapshot, view(name), has_colour))


def test_kept_curves_and_rows_held_back_are_explained_only_where_there_are_some() -> None:
    loss = said(shown("quadratic"))["loss"]
    assert not any(word in loss for word in ("kept", "Dotted", "○", "twin", "┼"))
    assert "○" not in said(shown("quadratic"))["fit"]
    held_back = said(shown("relu-net", validation=0.2))
    assert "○: the loss on rows held back" in held_back["loss"]
    assert "○ rows held back" in held_back["fit"]


def test_the_twin_of_a_run_that_is_not_zeroed_is_explained() -> None:
    loss = said(shown("quadratic", twin=True, zero_gradients=False))["loss"]
    assert "twin is this run as it would be had its gradients been set to 0" in loss
    assert "kept" not in loss


def test_a_truth_is_spoken_of_only_where_it_is_drawn() -> None:
    assert "dotted, the truth" in said(shown("quadratic"))["fit"]
    assert "truth" not in said(shown("stopping-distance"))["fit"]


def test_kinks_are_explained_where_there_are_some() -> None:
    assert "kinks" in said(shown("relu-net"))
    assert "kinks" in said(shown("relu"))
    assert "kinks" not in said(shown("relu-net", hidden=(4,), activation=("tanh",)))


@pytest.mark.parametrize(
    ("experiment", "there", "missing"),
    [("quadratic", set(), {"formula", "plot", "list", "maps", "weights"}),
     ("relu-net", {"formula", "plot", "list"}, {"maps", "weights", "deeper"}),
     ("spiral", {"formula", "maps"}, {"plot", "list", "weights"}),
     ("digits", {"formula", "list", "weights"}, {"plot", "maps"})],
)  # fmt: skip
def test_the_units_view_is_explained_as_it_is_drawn(
    experiment: str, there: set[str], missing: set[str]
) -> None:
    found = set(said(shown(experiment), "ReLUs"))
    assert there <= found
    assert not missing & found


def test_without_colours_no_mark_is_named_by_its_colour() -> None:
    for experiment in ("xor", "digits", "quadratic", "relu-net"):
        run = shown(experiment)
        for each in VIEWS:
            text = " ".join(said(run, each.name, has_colour=False).values())
            assert not any(word in text for word in ("colour", "deeper where", "Pale"))
    assert "sign that stands before its class" in said(shown("xor"), has_colour=False)["map"]


def test_the_signs_of_a_derivative_and_of_a_twin_are_terms_where_they_stand() -> None:
    for name, text in (("∂", "∂loss/∂a −1.3529"), ("twin", "⣀⣀ zeroed twin")):
        found = term(name)
        assert found is not None
        assert found.stands_in(text)


def test_the_lines_to_compare_with_are_those_on_the_plot(tmp_path: Path) -> None:
    """Of any table it once spoke of a truth and a quadratic."""
    loss = said(shown("quadratic"))["loss"]
    assert "Two quiet lines: the truth’s own loss" in loss
    assert "the loss of the best quadratic." in loss
    (tmp_path / "mine.csv").write_text("a,b,c\n1,2,3\n2,5,4\n3,1,9\n4,4,1\n")
    loss = said(shown("mlp", data=str(tmp_path / "mine.csv")))["loss"]
    assert "A quiet line: the loss of the best linear fit." in loss
    assert "truth" not in loss
    assert "quiet" not in said(shown("xor"))["loss"]
