"""What is said of the row that was gone to because the model is wrong there."""

import numpy as np
import pytest
from claims.words import assert_true, claim
from timelines import of_config

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.explain.words import describe, mistakes
from nn_core.models.losses.cross_entropy import probabilities


def look(timeline, **request):
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(sought=True, **request))


@pytest.fixture
def penguins():
    timeline = of_config(EXPERIMENTS["penguins"].config, validation=0.3)
    timeline.advance(3)
    return timeline


def test_of_classes_which_mistake_it_is_and_where_there_are_others(penguins):
    for held_back in (-1, 0, 1):
        shown = look(penguins)
        if held_back >= 0:
            row = int(shown.classes.held_back_mistakes[held_back])
            shown = look(penguins, held_back=row)
        else:
            shown = look(penguins, point=int(shown.classes.mistakes[2]))
        assert "mistake" in assert_true(shown)


def test_a_row_that_is_told_right_by_now(penguins):
    told = look(penguins).classes
    right = next(row for row in range(100) if row not in told.mistakes)
    assert "right_by_now" in assert_true(look(penguins, point=right))


def test_of_numbers_how_large_the_error_is_among_all():
    timeline = of_config(EXPERIMENTS["relu-net"].config)
    for point in range(20):
        assert "error" in assert_true(look(timeline, point=point))


def test_a_row_held_back_is_looked_at_in_place_of_a_point(penguins):
    shown, data = look(penguins, point=5, held_back=7), penguins.trainer.data.validation
    row = shown.classes.looked_at
    assert (row.index, row.is_held_back, row.label) == (7, True, data.labels[7])
    assert row.x == tuple(data.raw_x[7])
    expected = probabilities(penguins.trainer.model.predict(data.x[7:8]))[0]
    assert np.allclose(row.shares, expected)
    assert shown.point.index == 5
    assert shown.classes.chosen.index == 5


@pytest.mark.parametrize("row", [9999, -1])
def test_a_row_held_back_that_there_is_not_is_not_looked_at(penguins, row):
    assert not look(penguins, held_back=row).classes.looked_at.is_held_back


def test_of_a_mistake_its_line_its_inputs_and_both_probabilities_are_said(tmp_path):
    path = tmp_path / "kinds.csv"
    rows = (f"{at % 7},{at % 3},{'yes' if at % 2 else 'no'}" for at in range(40))
    path.write_text("\n".join(["size,age,kind", *rows]))
    config = EXPERIMENTS["mlp"].config
    timeline = of_config(config, data=str(path), loss="cross-entropy", validation=0.3)
    row = int(look(timeline).classes.held_back_mistakes[0])
    shown = look(timeline, held_back=row)
    assert "how_sure" in assert_true(shown)
    line = timeline.trainer.data.validation.lines[row]
    size, age, kind = path.read_text().splitlines()[line - 1].split(",")
    told = describe(shown)[1]
    assert told.startswith(f"Line {line} of the file: size {size}, age {age}; p(")
    assert f", p({kind}) 0." in told


def test_names_are_cut_where_that_leaves_all_of_the_inputs_room(penguins):
    shown = look(penguins, point=int(look(penguins).classes.mistakes[0]))
    assert "how_sure" in assert_true(shown)
    length, depth = (f"{value:g}" for value in shown.classes.looked_at.x)
    assert f" {length}, bill_dep" in describe(shown)[1]
    assert f" {depth}; p(" in describe(shown)[1]


def test_a_picture_s_row_is_not_told_by_its_pixels():
    timeline = of_config(EXPERIMENTS["digits"].config)
    assert "how_sure" in assert_true(look(timeline, point=int(look(timeline).classes.mistakes[0])))


@pytest.mark.parametrize("view", ["layer", "step"])
def test_where_a_row_held_back_can_not_be_shown_it_is_said_whose_row_is(penguins, view):
    shown = look(penguins, held_back=7, view=view)
    first, *_ = mistakes.sought(shown)
    assert claim.assert_true(first, shown) == ["of_a_point_instead"]
    assert first in describe(shown)
