"""When the next frame is due: what is asked for, and what training is left."""

import math

import pytest

from nn_tui.app.frames import LEAST, SHARE, Frames


class Screen:
    """A screen's thread by a clock of its own, whose frames cost so much processor time."""

    def __init__(self, per_second: float, cost: float) -> None:
        self.now = self.spent = 0.0
        self.cost = cost
        self.frames = Frames(per_second, lambda: self.now, lambda: self.spent)

    def count(self, pace: float, seconds: float) -> int:
        """How many frames it draws in that time."""
        end, drawn = self.now + seconds, 0
        while self.now < end:
            wait = self.frames.wait(pace)
            if wait:
                self.now += wait + 1e-9  # as a timer, never too early
            else:
                drawn += 1
                self.now += self.cost
                self.spent += self.cost
        return drawn


def test_cheap_frames_come_as_often_as_is_asked() -> None:
    for asked in (5, 20, 60):
        assert Screen(asked, 0.001).count(math.inf, 10) == pytest.approx(10 * asked, abs=1)


def test_at_pace_max_dear_frames_leave_training_its_time() -> None:
    screen = Screen(20, 0.02)
    assert screen.count(math.inf, 10) == pytest.approx(100, abs=1)
    assert screen.spent <= SHARE * 10 + 0.02


def test_however_dear_it_moves() -> None:
    assert Screen(20, 0.06).count(math.inf, 10) == pytest.approx(10 * LEAST, abs=1)


def test_few_that_are_asked_for_stay_few() -> None:
    assert Screen(2, 0.06).count(math.inf, 10) == pytest.approx(20, abs=1)


def test_at_a_pace_that_a_person_follows_no_step_is_left_out_for_its_cost() -> None:
    assert Screen(20, 0.03).count(10.0, 10) == pytest.approx(200, abs=1)


def test_what_keys_cost_meanwhile_counts_too() -> None:
    screen = Screen(20, 0.0)
    assert screen.frames.wait(math.inf) == 0.0
    screen.now, screen.spent = 0.05, 0.02  # a dialog was opened
    assert screen.frames.wait(math.inf) == pytest.approx(0.05)
