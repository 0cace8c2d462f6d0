"""Going to another step brings the settings back that held there, and says which."""

import pytest

from nn_core.explain.words import describe
from nn_core.live.edit_requests import Set
from nn_core.live.requests import Advance, Back, BackSteps, Seek


def test_going_back_across_a_change_of_zeroing_says_that_it_is_undone(laboratory):
    """The head said NOT ZEROED again, and nothing said why."""
    with laboratory() as lab:
        lab.ask(Advance(2))
        lab.ask(Set("zero_gradients", "off"))
        lab.ask(Advance(2))
        lab.ask(Set("zero_gradients", "on"))
        lab.ask(Advance(2))
        shown = lab.ask(Back())
        assert shown.config.zero_gradients
        assert not any("other settings" in line for line in describe(shown))
        shown = lab.ask(BackSteps(2))
        assert not shown.config.zero_gradients
        assert describe(shown)[0] == "At step 3 other settings hold: zeroing off (was on)."


@pytest.mark.parametrize("target", [0, 1])
def test_all_settings_are_told_by_one_rule(laboratory, target):
    with laboratory() as lab:
        lab.ask(Advance(2))
        lab.ask(Set("learning_rate", "0.5"))
        lab.ask(Set("optimizer", "adam"))
        lab.ask(Advance(1))
        shown = lab.ask(Seek(target))
        assert describe(shown)[0].startswith(f"At step {target} other settings hold: ")
        said = " ".join(describe(shown))
        assert "learning rate 0.01 (was 0.5)" in said
        assert "optimizer sgd (was adam)" in said
        assert not any("other settings" in line for line in describe(lab.ask(Advance(1))))
