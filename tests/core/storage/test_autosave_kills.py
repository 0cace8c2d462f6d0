"""Killed while it saves, at any moment: nothing that was acknowledged is lost, nothing is damaged.

A program that saves without a pause says of each save when it is written, and is killed.  The run
that goes on after that is, to the bit, the run that was never interrupted.
"""

import random
import subprocess
import sys
import time

import pytest
from timelines import state_bits

from nn_core import Config, Timeline, Trainer
from nn_core.storage import kept_runs
from nn_core.storage.autosave import Autosave
from nn_core.storage.session import replay

CONFIG = Config(model="mlp", hidden=(8,), loss="mse", optimizer="adam", batch_size=7)
STEPS = 5  # between two saves
LONGEST_LIFE = 0.06  # seconds, from the first save on
PROGRAM = f"""
import sys
from pathlib import Path
from nn_core import Timeline, Trainer
from nn_core.storage.autosave import Autosave
from nn_core.config import Config
from nn_core.storage.session import replay

keeper = Autosave(lambda: Path(sys.argv[1]))
timeline = Timeline(Trainer.from_config(Config.from_dict({CONFIG.to_dict()!r})))
try:
    timeline = replay(keeper.resume())
except ValueError:
    pass
keeper.complain = lambda message: sys.exit(message)
while True:
    timeline.advance({STEPS})
    keeper.touch(-1e9)
    keeper.save(timeline)
    keeper._wait()
    print(timeline.state.step, flush=True)
"""


def killed_after(state, seconds):
    """Run the program for so long after its first save; the step of the last one acknowledged."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(state)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
    )  # fmt: skip
    with program:
        first = program.stdout.readline()
        time.sleep(seconds)  # at whatever moment that may be
        program.kill()
        rest, complaints = program.communicate()
    assert complaints == b""
    whole = (first + rest).rpartition(b"\n")[0]  # a last line may be cut off
    return int(whole.splitlines()[-1])


def left_behind(state):
    """The run that would go on: what its files say of themselves, and its bits."""
    keeper = Autosave(lambda: state)
    stored = keeper.resume()
    timeline = replay(stored)
    outcome = keeper.greeting()
    keeper.close(None)
    return timeline, outcome


@pytest.mark.parametrize("kills", [15, pytest.param(500, marks=pytest.mark.soak)])
def test_killed_while_saving_nothing_is_lost(tmp_path, kills):
    whole = Timeline(Trainer.from_config(CONFIG))
    moments = random.Random(kills)
    for _ in range(kills):
        acknowledged = killed_after(tmp_path, moments.uniform(0, LONGEST_LIFE))
        timeline, outcome = left_behind(tmp_path)
        assert not outcome.mended
        assert acknowledged <= timeline.state.step <= acknowledged + 2 * STEPS
        whole.advance(timeline.state.step - whole.state.step)
        assert state_bits(timeline.state) == state_bits(whole.state)
    assert len(kept_runs.folders(tmp_path)) == 1, "each went on with the one before"
    assert not list(tmp_path.rglob("*.tmp"))


# --- what was shown more than a second ago ------------------------------------------------------

NETWORKS = {
    "small": CONFIG,
    "large": Config(
        experiment="mlp", model="mlp", hidden=(200, 200), loss="mse", optimizer="adam"
    ),
}  # fmt: skip
PROMISED = 1.0  # seconds
AT_THE_KEYS = """
import sys, time
from pathlib import Path
from queue import SimpleQueue
from nn_core import Trainer
from nn_core.config import Config
from nn_core.live.edit_requests import Nudge
from nn_core.live.requests import Advance
from nn_core.live.runner import Runner
from nn_core.storage.autosave import Autosave

shown = SimpleQueue()
config = Config.from_dict(eval(sys.argv[2]))
keeper = Autosave(lambda: Path(sys.argv[1]))
runner = Runner(lambda: Trainer.from_config(config), lambda: shown.put(runner.snapshot), keeper)
runner.start()
shown.get()
for nudge in range(10_000):
    runner.ask(Advance(2))
    runner.ask(Nudge(nudge % 5, 0.01))
    while shown.get().step != 2 * (nudge + 1) or not shown.empty():
        pass
    print(nudge + 1, time.monotonic(), flush=True)
    time.sleep(0.03)
"""


@pytest.mark.parametrize("size", NETWORKS)
@pytest.mark.parametrize("kills", [2, pytest.param(250, marks=pytest.mark.soak)])
def test_killed_at_the_keys_what_was_shown_a_second_before_is_there(tmp_path, size, kills):
    moments = random.Random(f"{size} {kills}")
    for kill in range(kills):
        state = tmp_path / str(kill)
        program = subprocess.Popen(
            [sys.executable, "-c", AT_THE_KEYS, str(state), repr(NETWORKS[size].to_dict())],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        )  # fmt: skip
        with program:
            first = program.stdout.readline()
            time.sleep(PROMISED + moments.uniform(0, 1.5))  # at whatever moment that may be
            killed = time.monotonic()
            program.kill()
            rest, complaints = program.communicate()
        assert complaints == b""
        lines = [line.split() for line in (first + rest).rpartition(b"\n")[0].splitlines()]
        acknowledged = max(int(done) for done, at in lines if killed - float(at) > PROMISED)
        timeline, outcome = left_behind(state)
        nudges = [event for event in timeline.events if event.kind == "nudge"]
        assert not outcome.mended
        assert acknowledged <= len(nudges) <= len(lines) + 1
        whole = Timeline(Trainer.from_config(NETWORKS[size]))
        for nudge in range(len(nudges)):
            whole.advance(2)
            whole.do("nudge", index=nudge % 5, amount=0.01)
        whole.advance(timeline.state.step - whole.state.step)
        assert state_bits(timeline.state) == state_bits(whole.state)


# --- killed while it trains ---------------------------------------------------------------------


AT_FULL_PACE = """
import sys, time
from pathlib import Path
from nn_core import Trainer
from nn_core.config import Config
from nn_core.live import runner as live
from nn_core.live.requests import RunOrPause
from nn_core.storage.autosave import Autosave

live.EVERY = 0.05
config = Config(pace=float("inf"), epochs=10**9)
keeper = Autosave(lambda: Path(sys.argv[1]))
runner = live.Runner(lambda: Trainer.from_config(config), lambda: None, keeper)
runner.start()
runner.ask(RunOrPause())
for line in sys.stdin:
    if line == "pause\\n":
        runner.ask(RunOrPause())
    elif line == "quit\\n":
        runner.stop()
"""


@pytest.mark.parametrize(("told", "is_cut"), [((), True), (("pause",), False), (("quit",), False)])
def test_of_a_run_killed_while_it_trained_it_is_said_that_steps_are_missing(tmp_path, told, is_cut):
    """Not of one that stood still, nor of one that was left."""
    program = subprocess.Popen(
        [sys.executable, "-c", AT_FULL_PACE, str(tmp_path)], stdin=subprocess.PIPE, text=True
    )
    with program:
        until(lambda: [folder for folder in tmp_path.glob("run-*") if kept_runs.saves(folder)])
        [folder] = tmp_path.glob("run-*")
        until((folder / "training").is_file)
        for word in told:
            program.stdin.write(f"{word}\n")
            program.stdin.flush()
            until(lambda: not (folder / "training").is_file())
        program.kill()
    timeline, outcome = left_behind(tmp_path)
    assert (outcome.cut, outcome.step) == (is_cut, timeline.state.step)


def until(condition, seconds=30.0):
    """Let the program get on until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for hasn’t come"
        time.sleep(0.002)
