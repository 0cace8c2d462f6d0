"""Lessons one after the other: each has a run of its own, and the person's own comes back."""

from nn_core.config.experiments import EXPERIMENTS
from nn_core.lessons.lesson import Start
from nn_core.live.requests import Advance
from nn_core.live.task_requests import BeginTask, BringBack, SetAside


def test_a_lesson_begun_from_another_has_none_of_its_curves(laboratory):
    one, other = Start(EXPERIMENTS["quadratic"].config), Start(EXPERIMENTS["relu"].config)
    with laboratory() as lab:
        lab.ask(Advance(7))
        for start in (one, other, one):
            lab.ask(SetAside(start))
            lab.ask(BeginTask(1, start))
            assert lab.ask(Advance(20)).kept == ()
        assert lab.ask(BringBack()).step == 7
        assert lab.snapshot.kept == ()
