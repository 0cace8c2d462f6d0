"""What is said before the first step."""

from pathlib import Path

import numpy as np
import pytest
from claims.words import assert_true

from nn_core import datasets
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.words import describe, is_alarm
from nn_core.explain.words.start import about_table
from nn_core.live.edit_requests import Set


def test_own_columns_far_from_1_are_offered_scaling_before_a_step_fails(laboratory):
    with laboratory(data="stopping-distance") as lab:
        assert describe(lab.snapshot)[0] == (
            "Inputs reach 25: press Z to scale them, or it may diverge."
        )
        assert is_alarm(lab.snapshot)
        assert not any("scale them" in line for line in describe(lab.ask(Set("scale", "on"))))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_on_the_first_screen_what_it_is_leaves_a_line_for_what_follows(laboratory, name):
    """Of `penguins` it took both: “Scaled: mean 0, deviation 1.”, in two lines."""
    with laboratory(EXPERIMENTS[name].config) as lab:
        assert_true(lab.snapshot)
        about, then = describe(lab.snapshot)
        assert about.endswith(".")
        dropped, keys = "2 rows with missing cells dropped", "s takes one step down the gradient"
        assert then.startswith(dropped if name == "penguins" else keys)


def test_the_digits_are_scaled_only_where_that_was_asked_for(laboratory):
    """Their pixels are divided by 16, which is no mean 0 and no deviation 1."""
    for scale in (False, True):
        with laboratory(EXPERIMENTS["digits"].config, scale=scale) as lab:
            shown = lab.snapshot
            inputs = datasets.load(shown.config).x
            varied = inputs.std(axis=0)[np.ptp(inputs, axis=0) > 0]
            assert np.allclose(varied, 1) == shown.scene.scaled == scale
            assert ("Scaled" in " ".join(describe(shown))) == scale


def test_of_a_table_of_ones_own_what_was_left_out_comes_first(laboratory, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_text("size,colour,kind\n11,red,a\n,blue,a\n15,red,b\n12,blue,b\n")
    with laboratory(EXPERIMENTS["mlp"].config, data="mine.csv", y=("kind",)) as lab:
        assert_true(lab.snapshot)
        assert (
            describe(lab.snapshot)[1]
            == "Left out: colour (text); 1 row with missing cells dropped (line 3)."
        )


@pytest.mark.parametrize(
    "texts", [("colour",), tuple(f"a_long_name_of_texts_{at}" for at in range(6))]
)
def test_beside_the_offer_of_scaling_columns_left_out_have_their_line(
    laboratory, tmp_path, monkeypatch, texts
):
    monkeypatch.chdir(tmp_path)
    header = ",".join(("size", *texts, "price"))
    rows = [
        ",".join((size, *[name] * len(texts), "5")) for size, name in (("900", "red"), ("", "x"))
    ]
    Path("mine.csv").write_text("\n".join([header, *rows, *rows, "700" + rows[0][3:-1] + "9", ""]))
    with laboratory(EXPERIMENTS["mlp"].config, data="mine.csv") as lab:
        assert_true(lab.snapshot)
        first, second = describe(lab.snapshot)
        assert "press Z to scale them" in first
        assert second.startswith("Left out: ")
        assert (texts[0] in second) == (len(texts) == 1)
        assert "2 rows" in second
        assert "dropped" in second
        assert lab.snapshot.point.line == 2
        assert "(lines 3, 5)" in about_table(lab.snapshot)  # of the dropped rows
        assert "Point 1 stands at line 2 of the file." in about_table(lab.snapshot)


def test_before_the_first_step_it_is_said_that_zeroing_is_off_and_nothing_given_away(laboratory):
    with laboratory(zero_gradients=False) as lab:
        first, second = assert_true(lab.snapshot) and describe(lab.snapshot)
        assert first.startswith("Zeroing is off: a step adds its gradient")
        assert "Guess" in second
        assert not any(word in first + second for word in ("overshoot", "lower", "bug"))


@pytest.mark.parametrize(
    "changes", [{"model": "relu"}, {"data": "stopping-distance"}, {"model": "mlp", "hidden": (2,)}]
)
def test_another_model_or_data_is_not_called_the_lessons(laboratory, changes):
    with laboratory(**changes) as lab:
        made = assert_true(lab.snapshot)
        about = "about_columns" if "data" in changes else "about_another_run"
        assert about in made
        assert set(made) <= {"had_better_be_scaled", about, "what_to_press"}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a,b\n1,2000\n2,3000\n3,5000\n", "Targets reach 5000: press Z to scale them"),
        (
            "a,b\n100,2000\n2,3000\n3,5000\n",
            "Inputs reach 100, targets 5000: press Z to scale them",
        ),
        ("a,b\n1,20\n2,30\n3,2\n", ""),
        ("a,b\n1,1900\n2,1901\n3,1901\n", ""),
    ],
)
def test_which_columns_of_ones_own_are_far_from_1(laboratory, tmp_path, monkeypatch, text, first):
    monkeypatch.chdir(tmp_path)  # a long path would be cut at the end of a line
    Path("mine.csv").write_text(text)
    loss = "mse" if "1901" not in text else "cross-entropy"  # years as classes
    config = EXPERIMENTS["mlp"].config.replace(data="mine.csv", loss=loss)
    with laboratory(config) as lab:
        assert_true(lab.snapshot)
        offers = [line for line in describe(lab.snapshot) if "press Z" in line]
        assert [line.partition(" to scale them")[0] for line in offers] == (
            [first.partition(" to scale them")[0]] if first else []
        )
