"""Keys pressed before the first whole screen: they wait, and then act in their order."""

import re
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
from far_terminal import FarTerminal

NN_TUI = (sys.executable, "-m", "nn_tui")


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A state folder of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def is_silent(terminal: FarTerminal) -> bool:
    """Whether the terminal no longer writes by itself what is typed."""
    modes = terminal.modes[3]
    assert isinstance(modes, int)
    return not modes & (termios.ECHO | termios.ICANON)


def is_starting(terminal: FarTerminal) -> bool:
    return "starting" in terminal.text()


def at_once(_: FarTerminal) -> bool:
    """Before the program has begun: what the terminal then does with keys can't be prevented."""
    return True


@pytest.mark.parametrize("moment", [at_once, is_silent, is_starting])
def test_keys_wait_for_what_they_act_on(moment: Callable[[FarTerminal], bool]) -> None:
    with FarTerminal(NN_TUI) as terminal:
        terminal.until(lambda: moment(terminal))
        terminal.press("ssse12\rs")
        terminal.sees("step 4", "epoch 4/12")
        terminal.press("q")
        assert terminal.ended() == 0
        assert terminal.modes_are_off()
    assert moment is at_once or b"sss" not in terminal.written


def test_keys_typed_while_a_file_is_read_wait_as_well(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("x,y\n" + "".join(f"{row},{row}\n" for row in range(100_000)))
    with FarTerminal([*NN_TUI, "--data", str(table), "--scale", "on"]) as terminal:
        terminal.until(lambda: is_silent(terminal))
        terminal.press("ss")
        terminal.sees("step 2")
        assert terminal.written.startswith(b"\x1b[?1049h")  # nothing was echoed before it


def test_an_answer_typed_ahead_goes_to_the_lesson_that_is_opened() -> None:
    with FarTerminal([*NN_TUI, "lesson", "3"]) as terminal:
        terminal.until(lambda: is_starting(terminal))
        terminal.press("1.1135\rs")
        terminal.sees("step 1 ", "enter goes on")


def test_a_key_that_needs_no_run_acts_at_once_and_keys_before_it_come_first() -> None:
    with FarTerminal(NN_TUI) as terminal:
        terminal.until(lambda: is_starting(terminal))
        terminal.press("sq")
        assert terminal.ended() == 0
    with FarTerminal([*NN_TUI, "--resume"]) as terminal:
        terminal.sees("step 1 ")


def test_a_refusal_before_the_screen_gives_the_echo_back(tmp_path: Path) -> None:
    with FarTerminal([*NN_TUI, "--data", "missing.csv"], folder=tmp_path) as terminal:
        assert terminal.ended() == 2
        assert terminal.modes == terminal.modes_before
        assert re.search(r"nn-tui: .*missing\.csv", terminal.text())
