"""Frames start when the link has carried those before: on links of any kind, simulated."""

from collections import deque
from itertools import pairwise
from typing import NamedTuple

import pytest

from nn_tui.terminal.fence import (
    KEY_SECONDS,
    LATE,
    LONGEST_PATIENCE,
    MOST_UNDER_WAY,
    SILENT_SECONDS,
    Fence,
)

TICK = 0.05  # seconds between pictures while it runs
FRAME = 600  # bytes


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Outcome(NamedTuple):
    """What a simulated link saw."""

    sent: list[float]
    most_queued: float  # seconds that a frame had to wait for those before it


def row_of(question: str) -> int:
    assert question.startswith("\x1b[")
    assert question.endswith("H\x1b[6n")
    return int(question[2:].split("H")[0])


def simulate(rate: float, round_trip: float, seconds: float, warm_up: float = 5.0) -> Outcome:
    """Send a frame at every tick at which there is room."""
    clock = Clock()
    fence, answers = Fence(clock), deque[tuple[float, int]]()
    start, free_at = clock.now, 0.0
    sent: list[float] = []
    most_queued = 0.0
    while clock.now < start + seconds:
        clock.now += 0.001
        while answers and answers[0][0] <= clock.now:
            fence.answer(answers.popleft()[1])
        is_tick = round((clock.now - start) / TICK * 1000) % 1000 < 20
        if (is_tick or not sent) and fence.pause() == 0:
            row = row_of(fence.ask(24))
            if clock.now > start + warm_up:
                sent.append(clock.now)
                most_queued = max(most_queued, free_at - clock.now)
            free_at = max(free_at, clock.now) + FRAME / rate
            answers.append((free_at + round_trip, row))
    return Outcome(sent, most_queued)


def frames_a_second(sent: list[float]) -> float:
    return (len(sent) - 1) / (sent[-1] - sent[0])


@pytest.mark.parametrize("round_trip", [0.0, 0.001, 0.05, 0.3])
def test_a_fast_link_gets_every_picture_however_long_it_is(round_trip: float) -> None:
    assert frames_a_second(simulate(1e7, round_trip, 30, warm_up=15).sent) > 19


@pytest.mark.parametrize("rate", [1000.0, 2000.0, 9600.0])
@pytest.mark.parametrize("round_trip", [0.0, 0.2, 1.0])
def test_a_slow_link_is_used_and_nothing_piles_up(rate: float, round_trip: float) -> None:
    sent, most_queued = simulate(rate, round_trip, 60)
    alone = FRAME / rate
    assert frames_a_second(sent) > 0.7 / (alone + round_trip + TICK)
    assert most_queued <= LATE + 2 * alone


def test_without_an_answer_a_few_frames_still_come() -> None:
    clock = Clock()
    fence, sent = Fence(clock), 0
    for _ in range(10_000):
        clock.now += 0.001
        if fence.pause() == 0:
            fence.ask(24)
            sent += 1
    assert 10 <= sent <= 25  # in ten seconds


def test_a_terminal_that_falls_silent_is_tried_ever_more_seldom() -> None:
    clock = Clock()
    fence, sent = Fence(clock), []
    fence.answer(row_of(fence.ask(24)))
    for _ in range(200_000):
        clock.now += 0.001
        if fence.pause() == 0:
            fence.ask(24)
            sent.append(clock.now)
    waits = [later - before for before, later in pairwise(sent) if later - before > 1]
    assert waits[0] == pytest.approx(SILENT_SECONDS, abs=0.01)
    for before, later in pairwise(waits):
        assert later == pytest.approx(min(LONGEST_PATIENCE, 2 * before), rel=0.01)


def test_a_lost_answer_costs_no_more_than_its_own_wait() -> None:
    clock = Clock()
    fence = Fence(clock)
    for _ in range(50):
        fence.answer(row_of(fence.ask(24)))
    for _ in range(MOST_UNDER_WAY):  # all of them lost
        fence.ask(24)
    assert fence.pause() == pytest.approx(SILENT_SECONDS)
    clock.now += SILENT_SECONDS
    assert fence.pause() == 0
    fence.answer(row_of(fence.ask(24)))
    assert fence.pause() == 0
    assert not fence.awaits


def test_a_terminal_that_always_tells_the_same_place_still_answers() -> None:
    clock = Clock()
    fence = Fence(clock)
    for _ in range(100):
        assert fence.pause() == 0
        fence.ask(24)
        fence.answer(1)


def test_a_key_lets_one_frame_more_go_when_it_has_had_its_effect() -> None:
    clock = Clock()
    fence = Fence(clock)
    while fence.pause() == 0:
        fence.ask(24)
    fence.hurry()
    assert fence.pause() == pytest.approx(KEY_SECONDS)
    clock.now += KEY_SECONDS
    assert fence.pause() == 0
    fence.ask(24)
    assert fence.pause() > KEY_SECONDS


def test_a_key_holds_nothing_back_while_nothing_is_under_way() -> None:
    fence = Fence(Clock())
    fence.hurry()
    assert fence.pause() == 0


def test_an_answer_that_nobody_asked_for_is_none() -> None:
    fence = Fence(Clock())
    fence.answer(3)
    assert not fence.awaits
    assert fence.pause() == 0
