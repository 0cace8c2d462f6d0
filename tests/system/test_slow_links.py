"""Slow links: little is sent, nothing piles up, training goes on, and keys come through."""

import os
import random
import re
import time
from pathlib import Path

import pytest
from far_terminal import PROGRAM, FarTerminal

ENDLESS = ("--pace", "max", "--epochs", "1000000000")
STEADY = ("--pace", "1000", "--epochs", "1000000000")  # what is recorded of it is soon told apart
MEGABYTES = 10  # more than at first; steps that are recorded take some
FULL_FRAME = 7000  # bytes at 80×24
KEY_FRAME = 1500
RUNNING_FRAME = 600


def opened(folder: Path, *arguments: str, **keywords: object) -> FarTerminal:
    """The program in a terminal, with its first picture shown."""
    terminal = FarTerminal([*PROGRAM, str(folder / "mark"), *arguments], **keywords)
    terminal.sees("s step", "epoch 0/")
    return terminal


def megabytes(terminal: FarTerminal) -> float:
    """The memory of the program that is its own."""
    rollup = Path(f"/proc/{terminal.process.pid}/smaps_rollup").read_text()
    return int(re.search(r"Pss:\s+(\d+)", rollup)[1]) / 1024


def step(terminal: FarTerminal) -> int:
    """The step that is on the screen."""
    found = re.search(r"step (\d+)", terminal.text())
    assert found
    return int(found[1])


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def test_what_is_sent(tmp_path: Path) -> None:
    with opened(tmp_path, "--epochs", "20") as terminal:
        terminal.settle()
        assert len(terminal.written) <= FULL_FRAME
        for key in ("s", ".", "+", "up", "b", "z"):
            before = len(terminal.written)
            terminal.press({"up": "\x1b[A"}.get(key, key))
            terminal.settle()
            assert 0 < len(terminal.written) - before <= KEY_FRAME, key
        before = len(terminal.written)
        terminal.press(" ")
        terminal.sees("running")
        terminal.sees("paused")
        terminal.settle()
        frames = terminal.written[before:].count(b"\x1b[6n")
        assert (len(terminal.written) - before) / frames <= RUNNING_FRAME
        before = len(terminal.written)
        terminal.pass_time(1.0)
        assert len(terminal.written) == before


@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.soak)])
def test_nothing_piles_up_before_a_slow_reader(seconds: float, tmp_path: Path) -> None:
    with opened(tmp_path, *STEADY) as terminal:
        terminal.rate = 2000.0
        terminal.settle()
        terminal.press(" ")
        terminal.sees("running")
        before = megabytes(terminal)
        terminal.most_under_way = 0
        terminal.pass_time(seconds)
        assert terminal.most_under_way <= 2 * KEY_FRAME
        assert megabytes(terminal) - before < MEGABYTES
        terminal.press("+")
        terminal.sees("lr 0.02")
        terminal.press("q")
        assert terminal.ended() == 0
        assert terminal.left_typed() == b""


def processor_seconds(terminal: FarTerminal) -> float:
    """The processor time that the program has taken, in all its threads."""
    fields = Path(f"/proc/{terminal.process.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.soak
def test_training_gets_on_before_a_slow_reader_as_before_a_fast_one(tmp_path: Path) -> None:
    """By processor time, of which others may leave more at one time than at another."""
    with opened(tmp_path, *ENDLESS) as terminal:
        terminal.press(" ")
        terminal.sees("running")
        taken = []
        for rate in (float("inf"), 2000.0, float("inf"), 2000.0):
            terminal.rate = rate
            terminal.pass_time(1.0)
            first, began = step(terminal), processor_seconds(terminal)
            terminal.pass_time(10.0)
            taken.append((step(terminal) - first) / (processor_seconds(terminal) - began))
        print(f"steps a processor second before a fast and a slow reader, in turns: {taken}")
        assert sum(taken[1::2]) > 0.95 * sum(taken[::2])


@pytest.mark.parametrize(
    ("seconds", "times"), [(2.0, 1), pytest.param(30.0, 5, marks=pytest.mark.soak)]
)
def test_a_stalled_link(seconds: float, times: int, tmp_path: Path) -> None:
    with opened(tmp_path, *STEADY) as terminal:
        terminal.press(" ")
        for _ in range(times):
            terminal.sees("running")
            before, first = megabytes(terminal), step(terminal)
            terminal.stall()
            terminal.pass_time(seconds)
            assert megabytes(terminal) - before < MEGABYTES
            terminal.go_on()
            terminal.until(lambda first=first: step(terminal) - first > 500 * seconds)
        terminal.stall()
        terminal.fill()
        terminal.process.terminate()
        began = time.monotonic()
        terminal.until(lambda: terminal.process.poll() is not None)
        print(f"ended {time.monotonic() - began:.2f} s after SIGTERM")
        assert terminal.process.returncode == 143
        assert time.monotonic() - began < 2.0
        assert (tmp_path / "mark").read_text() == "kept\n"


@pytest.mark.soak
@pytest.mark.parametrize(
    "arguments", [(), ENDLESS, ("relu-net", *ENDLESS)], ids=["10", "max", "net"]
)
def test_keys_come_through_a_long_slow_link(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """9600 bytes a second, 200 ms there and back: 95 of 100 keys are seen within 0.4 s."""
    chance = random.Random(0)
    with opened(tmp_path, *arguments, rate=9600.0, round_trip=0.2) as terminal:
        terminal.press(" ")
        terminal.sees("running")
        terminal.pass_time(3.0)
        delays = []
        for number in range(50):
            terminal.pass_time(chance.uniform(0.3, 0.8))
            key, shown = (("+", "lr 0.02"), ("-", "lr 0.01"))[number % 2]
            at = terminal.press(key)
            delays.append(terminal.sees(shown) - at)
        at = terminal.press("q")
        assert terminal.ended() == 0
        quit_after = time.monotonic() - at
        print(f"key to paint p50 {percentile(delays, 0.5):.3f} p95 {percentile(delays, 0.95):.3f}"
              f" s, quit {quit_after:.3f} s")  # fmt: skip
        assert terminal.left_typed() == b""
        assert percentile(delays, 0.95) <= 0.4
        assert quit_after <= 1.0
