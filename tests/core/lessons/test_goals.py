"""Goals: what they compare, and what they say of a name that there is not."""

from collections.abc import Callable
from typing import Any

import pytest

from nn_core.errors import RequestError
from nn_core.lessons.goals import read_comparison
from nn_core.lessons.names import Moment, described, look_up, require_name, written


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("step == 1", True),
        ("loss < before.loss", True),
        ("loss < 0.5 * before.loss", False),
        ("value.c > 1.1", True),
        ("change.value.c > 0.004", True),
        ("direction.loss == down", True),
        ("zero_gradients == on", True),
        ("view == step", False),
        ("view == fit", True),
        ("optimizer != adam", True),
        ("phase == none", True),
        ("value.d > 0", False),
        ("hidden == 16", False),
    ],
)
def test_a_comparison_holds_where_the_run_is_so(
    run: Callable[..., Any], text: str, holds: bool
) -> None:
    stepped = run()
    before = stepped.shown()
    assert read_comparison(text).holds(Moment(stepped.shown(1), before)) is holds


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("los < 1", "nearest is loss"),
        ("loss < befor.loss", "there is no name"),
        ("loss", "no comparison"),
        ("loss < ", "no comparison"),
        ("loss < __import__('os')", "there is no name"),
        ("loss < two * before.loss", "no number · name"),
        ("view == a b", "no word"),
        ("value < 1", "there is no name"),
    ],
)
def test_what_is_no_comparison_is_refused_in_one_line(text: str, complaint: str) -> None:
    with pytest.raises(RequestError, match=complaint) as refused:
        read_comparison(text)
    assert "\n" not in str(refused.value)


def test_numbers_are_written_as_the_screen_writes_them(run: Callable[..., Any]) -> None:
    """The figures are those of "The lesson's quadratic" and of the table that the lesson prints."""
    stepped = run()
    before = stepped.shown()
    moment = Moment(stepped.shown(1), before)
    expected = {
        "before.loss": "2.4219", "loss": "2.4010", "gradient.a": "−1.3529",
        "change.value.c": "+0.0050", "direction.loss": "down", "step": "1",
        "learning_rate": "0.01", "update.c": "+0.0050", "above": "15", "optimizer": "sgd",
    }  # fmt: skip
    assert {name: written(name, moment) for name in expected} == expected


def test_every_name_of_the_table_can_be_looked_up(run: Callable[..., Any]) -> None:
    for shown in (run().shown(), run(model="mlp", hidden=(4,), loss="mse", validation=0.2).shown()):
        for pattern, about in described():
            name = pattern.replace("NAME", shown.rows[0].label)
            require_name(name)
            assert about
            look_up(name, Moment(shown, shown))
