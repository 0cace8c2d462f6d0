"""A journey to another step: it says how far it is, another key ends it, and so does the end."""

from contextlib import ExitStack
from unittest import mock

import pytest

from nn_core.explain.words import describe
from nn_core.live import journey
from nn_core.live.requests import Advance, KeepCurve, Look, Seek, StartRunning
from nn_core.run import keyframes

STEPS = 60_000


@pytest.fixture
def far(laboratory):
    """A laboratory at step 60,000 without keyframes, in which every part of a way is shown."""
    with ExitStack() as patches:
        patches.enter_context(
            mock.patch.multiple(
                journey, AT_ONCE_SECONDS=0.0, PART_SECONDS=0.0, PROGRESS_SECONDS=0.0
            )
        )
        patches.enter_context(mock.patch.multiple(keyframes, BUDGET=1, REPLAY_SECONDS=1e-3))
        with laboratory() as lab:
            lab.ask(Advance(STEPS))
            while lab.snapshot.step < STEPS or lab.snapshot.activity.journey is not None:
                lab.next()
            yield lab


def test_it_says_how_far_it_is_and_gets_there(far):
    far.ask(Seek(20_000))
    while far.snapshot.activity.journey is None:
        far.next()
    assert describe(far.snapshot)[0].startswith("On the way to another step: ")
    parts = []
    while far.snapshot.step != 20_000:
        parts.append(far.snapshot.activity.journey)
        far.next()
    assert parts == sorted(parts)
    assert far.snapshot.activity.journey is None
    assert far.snapshot.tip == STEPS


@pytest.mark.parametrize("key", [KeepCurve(), StartRunning()])
def test_another_key_ends_it(far, key):
    far.ask(Seek(30_000))
    assert far.snapshot.step < 30_000
    far.runner.ask(key)
    while far.snapshot.activity.journey is not None:
        far.next()
    assert far.snapshot.step >= STEPS


def test_a_look_does_not_end_it(far):
    far.ask(Seek(30_000))
    far.runner.ask(Look())
    while far.snapshot.activity.journey is not None:
        far.next()
    assert far.snapshot.step == 30_000
