"""Without the modules that only some systems have: the program, its runs, and what it says."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from far_terminal import FarTerminal

HIDDEN = "fcntl,termios,resource,tty,pty"
ELSEWHERE = str(Path(__file__).with_name("elsewhere.py"))
SOFT = "ignore:only soft file lock"  # filelock's, where there is neither fcntl nor msvcrt
HEADLESS = "textual.drivers.headless_driver:HeadlessDriver"  # Textual's own for Linux needs termios


def run(state: Path, *arguments: str, hidden: str = HIDDEN, **more: str) -> tuple[int, str, str]:
    """The program without the modules that are hidden; warnings are errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", SOFT, ELSEWHERE, hidden, *arguments],
        capture_output=True, text=True, timeout=120, check=False,
        env=os.environ | {"XDG_STATE_HOME": str(state), "LANG": "C.UTF-8"} | more,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_a_run_without_a_screen_is_the_same(tmp_path: Path) -> None:
    saved = str(tmp_path / "run.json")
    asked = ("quadratic", "--plain", "--epochs", "10")
    code, out, err = run(tmp_path, *asked, "--save", saved)
    assert (code, err) == (0, "")
    here = run(tmp_path, *asked, hidden="none")[1]
    assert out.splitlines()[:-1] == here.splitlines()[:-1]  # the last tells the time that it took
    assert run(tmp_path, saved, "--plain", "--epochs", "11")[0] == 0


def test_ten_steps_on_the_screen_are_kept_and_gone_on_with(tmp_path: Path) -> None:
    found = run(tmp_path, "pilot", TEXTUAL_DRIVER=HEADLESS)
    assert found == (0, "step 10 loss 2.2137\n", "")
    assert [*tmp_path.glob("nn-tui/run-*/session.json")]
    code, out, err = run(tmp_path, "--resume", "--plain", "--epochs", "11")
    assert (code, err) == (0, "")
    assert out.startswith("step=10;")


def test_a_kiosk_says_in_one_line_that_it_cant_be_one(tmp_path: Path) -> None:
    code, _, err = run(tmp_path, "quadratic", "--kiosk")
    assert code == 2
    assert err == (
        "nn-tui: --kiosk needs a system that bounds what a process may use, as Linux; "
        "this one doesn’t\n"
    )


def test_textuals_own_driver_shows_the_same_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the comparison of cells; and over SSH it says what is missed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")
    hidden = "nn_tui.terminal.driver,sigwait,pthread_sigmask"
    command = (sys.executable, ELSEWHERE, hidden, "quadratic")
    with FarTerminal(command) as terminal:
        terminal.sees("s takes one step")
        assert b"this system has no terminal modes" in terminal.seen
        before = len(terminal.written)
        terminal.press("s" * 10)
        terminal.sees("step 10", "loss 2.2137")
        terminal.settle()
        assert len(terminal.written) - before < 10 * 1500  # the cells that changed, not all
        terminal.press("q")
        assert terminal.ended() == 0


def test_it_ends_by_a_signal_that_no_thread_can_wait_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    hidden = "nn_tui.terminal.driver,sigwait,pthread_sigmask"
    with FarTerminal((sys.executable, ELSEWHERE, hidden, "quadratic")) as terminal:
        terminal.sees("s takes one step")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.ended() == 143
