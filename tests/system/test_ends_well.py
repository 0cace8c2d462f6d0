"""Ends well, always: every way to be cut off leaves nothing running and the terminal as it was."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from far_terminal import PROGRAM, FarTerminal

ENDS_WITHIN = 2.0  # seconds
SIGNALS = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
READY = ("loss 2.4219", "s step")
SIGNAL_WAYS = {signal.Signals(each).name: each for each in SIGNALS}

Ended = Callable[[Path], None]


def is_running(pid: int) -> bool:
    """Whether a process is there and not only waited for."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def with_mark(mark: Path) -> list[int]:
    """Every process that was started with this mark."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if os.fsencode(mark) in (each / "cmdline").read_bytes() and is_running(int(each.name)):
                found.append(int(each.name))
        except OSError:
            continue
    return found


def opened(mark: Path, *arguments: str, **keywords: object) -> FarTerminal:
    """The program in a terminal, with its first picture shown."""
    terminal = FarTerminal([*PROGRAM, str(mark), *arguments], **keywords)  # type: ignore[arg-type]
    terminal.sees("s step", "epoch 0/")
    return terminal


def assert_ended(terminal: FarTerminal, mark: Path, code: int, began: float) -> None:
    assert terminal.ended(ENDS_WITHIN) == code
    assert time.monotonic() - began < ENDS_WITHIN
    assert mark.read_text() == "kept\n"
    assert with_mark(mark) == []


@pytest.mark.parametrize(("ending", "code"), SIGNALS.items(), ids=SIGNAL_WAYS)
def test_a_signal(ending: signal.Signals, code: int, tmp_path: Path) -> None:
    with opened(tmp_path / "mark") as terminal:
        terminal.press(" ")
        terminal.sees("running")
        began = time.monotonic()
        terminal.process.send_signal(ending)
        assert_ended(terminal, tmp_path / "mark", code, began)
        assert terminal.modes_are_off()


def test_the_terminal_hung_up(tmp_path: Path) -> None:
    with opened(tmp_path / "mark") as terminal:
        terminal.press(" ")
        terminal.sees("running")
        began = time.monotonic()
        terminal.hang_up()
        assert_ended(terminal, tmp_path / "mark", 129, began)


def test_the_input_closed(tmp_path: Path) -> None:
    with opened(tmp_path / "mark", separate_input=True) as terminal:
        began = time.monotonic()
        terminal.close_input()
        assert_ended(terminal, tmp_path / "mark", 129, began)
        assert b"\x1b[?1049l" in terminal.written


@pytest.mark.parametrize(
    "fault", [signal.SIGUSR1, signal.SIGUSR2], ids=["output closed", "disk full on output"]
)
def test_output_that_fails(fault: signal.Signals, tmp_path: Path) -> None:
    with opened(tmp_path / "mark") as terminal:
        began = time.monotonic()
        terminal.process.send_signal(fault)
        terminal.press("s")
        assert_ended(terminal, tmp_path / "mark", 129, began)
        assert terminal.modes_are_off()


def test_an_error_in_a_handler_is_one_line(tmp_path: Path) -> None:
    with opened(tmp_path / "mark") as terminal:
        began = terminal.press("?")
        assert_ended(terminal, tmp_path / "mark", 1, began)
        told = terminal.written.rpartition(b"\x1b[?1004l")[2].decode()
        assert "ZeroDivisionError: division by zero, says the test (program.py, line" in told
        assert "the locals" not in told
        assert len(told.splitlines()) == 1
        assert terminal.modes == terminal.modes_before


def test_a_handler_that_never_returns(tmp_path: Path) -> None:
    with opened(tmp_path / "mark") as terminal:
        terminal.press("o")
        terminal.settle()
        began = time.monotonic()
        terminal.process.terminate()
        assert_ended(terminal, tmp_path / "mark", 143, began)
        assert terminal.modes_are_off()


def test_a_terminal_that_takes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "mark", "--pace", "max", "--epochs", "100000000") as terminal:
        terminal.press(" ")
        terminal.sees("running")
        terminal.stall()
        terminal.fill()
        began = time.monotonic()
        terminal.process.terminate()
        terminal.until(lambda: terminal.process.poll() is not None, ENDS_WITHIN)
        assert time.monotonic() - began < ENDS_WITHIN
        assert terminal.process.returncode == 143
        terminal.go_on()
        terminal.ended()
        assert terminal.modes_are_off()
        assert (tmp_path / "mark").read_text() == "kept\n"


def test_stopped_and_back(tmp_path: Path) -> None:
    with opened(tmp_path / "mark") as terminal:
        terminal.process.send_signal(signal.SIGTSTP)
        pid = terminal.process.pid
        terminal.until(lambda: ") T " in Path(f"/proc/{pid}/stat").read_text())
        terminal.settle(0.0)
        assert terminal.modes_are_off()
        terminal.screen.reset()
        terminal.process.send_signal(signal.SIGCONT)
        terminal.sees(*READY)
        assert terminal.modes != terminal.modes_before
        terminal.press("s")
        terminal.sees("step 1 ")
        terminal.press("q")
        assert terminal.ended() == 0
        assert terminal.modes_are_off()


def test_being_told_to_go_on_without_having_stopped(tmp_path: Path) -> None:
    with opened(tmp_path / "mark") as terminal:
        tasks = Path(f"/proc/{terminal.process.pid}/task")
        threads = len([*tasks.iterdir()])
        for _ in range(5):
            terminal.screen.reset()
            terminal.process.send_signal(signal.SIGCONT)
            terminal.sees(*READY)
        assert len([*tasks.iterdir()]) == threads
        terminal.press("q")
        assert terminal.ended() == 0
        assert (tmp_path / "mark").read_text() == "kept\n"
