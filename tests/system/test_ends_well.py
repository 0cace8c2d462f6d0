"""Ends well, always: every way to be cut off leaves nothing running and the terminal as it was."""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from far_terminal import PROGRAM, FarTerminal
from ssh_server import SshServer

from nn_core.storage import kept_runs
from nn_core.storage.session import open_session

ENDS_WITHIN = 2.0  # seconds
SIGNALS = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
READY = ("loss 2.4219", "s step")
STEPPED = ("loss 2.4010", "s step")
SIGNAL_WAYS = {signal.Signals(each).name: each for each in SIGNALS}


@pytest.fixture(params=[1, pytest.param(20, marks=pytest.mark.soak)], ids=["once", "20 times"])
def marks(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """A file for each time that something is tried, for the program to leave its mark in."""
    return [tmp_path / f"mark{number}" for number in range(request.param)]


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
    """The program in a terminal, with a step taken."""
    terminal = FarTerminal([*PROGRAM, str(mark), *arguments], **keywords)
    terminal.sees("s step", "epoch 0/")
    terminal.press("s")
    terminal.sees("epoch 1/")
    return terminal


def kept_step(mark: Path) -> int:
    """The step at which the program's last run would go on; −1 where none was kept."""
    found = kept_runs.folders(mark.with_suffix(".state") / "nn-tui")
    saves = kept_runs.saves(found[0]) if found else []
    return open_session(saves[0]).state.step if saves else -1


def assert_ended(terminal: FarTerminal, mark: Path, code: int) -> None:
    assert terminal.ended_within(ENDS_WITHIN) == code
    assert mark.read_text() == "kept\n"
    assert kept_step(mark) >= 1
    assert with_mark(mark) == []


@pytest.mark.parametrize(("ending", "code"), SIGNALS.items(), ids=SIGNAL_WAYS)
def test_a_signal(ending: signal.Signals, code: int, marks: Iterable[Path]) -> None:
    for mark in marks:
        with opened(mark) as terminal:
            terminal.press(" ")
            terminal.sees("running")
            terminal.process.send_signal(ending)
            assert_ended(terminal, mark, code)
            assert terminal.modes_are_off()


@pytest.mark.parametrize("arguments", [["relu-net", "--hidden", "7"], ["lesson", "1"]])
def test_a_signal_where_blas_has_threads_of_its_own(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with FarTerminal([sys.executable, "-m", "nn_tui", *arguments]) as terminal:
        terminal.sees("epoch 0/")
        terminal.process.terminate()
        assert terminal.ended_within(ENDS_WITHIN) == 143
        assert terminal.modes_are_off()


def test_the_terminal_hung_up(marks: Iterable[Path]) -> None:
    for mark in marks:
        with opened(mark) as terminal:
            terminal.press(" ")
            terminal.sees("running")
            terminal.hang_up()
            assert_ended(terminal, mark, 129)


def test_the_input_closed(marks: Iterable[Path]) -> None:
    for mark in marks:
        with opened(mark, separate_input=True) as terminal:
            terminal.close_input()
            assert_ended(terminal, mark, 129)
            assert b"\x1b[?1049l" in terminal.written


@pytest.mark.parametrize(
    "fault", [signal.SIGUSR1, signal.SIGUSR2], ids=["output closed", "disk full on output"]
)
def test_output_that_fails(fault: signal.Signals, marks: Iterable[Path]) -> None:
    for mark in marks:
        with opened(mark) as terminal:
            terminal.process.send_signal(fault)
            terminal.press("s")
            assert_ended(terminal, mark, 129)
            assert terminal.modes_are_off()


def test_an_error_in_a_handler_is_one_line(marks: Iterable[Path]) -> None:
    for mark in marks:
        with opened(mark) as terminal:
            terminal.process.send_signal(signal.SIGALRM)
            terminal.press("?")
            assert_ended(terminal, mark, 1)
            told = terminal.written.rpartition(b"\x1b[?1004l")[2].decode()
            assert "ZeroDivisionError: division by zero, says the test (program.py, line" in told
            assert "the locals" not in told
            assert len(told.splitlines()) == 1
            assert terminal.modes == terminal.modes_before


WAYS = {"ctrl+c": 0, "q": 0, "hang up": 129, "terminate": 143}


def leave(terminal: FarTerminal, way: str) -> None:
    match way:
        case "ctrl+c":
            terminal.press("xyz\x03")
        case "q":
            terminal.press("q")
        case "hang up":
            terminal.hang_up()
        case "terminate":
            terminal.process.terminate()


@pytest.mark.parametrize("key", ["o", "e"], ids=["in Python", "in a computation"])
@pytest.mark.parametrize("way", ["ctrl+c", "hang up", "terminate"])
def test_a_handler_that_never_returns(key: str, way: str, tmp_path: Path) -> None:
    """The screen's own thread hangs: another one takes signals and ctrl+c."""
    with opened(tmp_path / "mark") as terminal:
        terminal.process.send_signal(signal.SIGALRM)
        terminal.press(key)
        terminal.settle()
        leave(terminal, way)
        assert_ended(terminal, tmp_path / "mark", WAYS[way])
        assert way == "hang up" or terminal.modes_are_off()


@pytest.mark.parametrize(("way", "code"), WAYS.items(), ids=WAYS)
def test_a_computation_that_never_ends(way: str, code: int, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with opened(mark) as terminal:
        terminal.until(lambda: kept_step(mark) == 1)
        terminal.process.send_signal(signal.SIGALRM)
        terminal.press("k")
        terminal.settle()
        leave(terminal, way)
        assert_ended(terminal, mark, code)
        assert way == "hang up" or terminal.modes_are_off()


@pytest.mark.parametrize("arguments", [[], ["--hidden", "7"]], ids=["on screen", "before it"])
@pytest.mark.parametrize("way", ["ctrl+c", "hang up"])
def test_a_start_that_never_ends(arguments: list[str], way: str, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    mark.with_suffix(".hang").touch()
    with FarTerminal([*PROGRAM, str(mark), *arguments]) as terminal:
        terminal.until(mark.with_suffix(".pid").exists)
        terminal.settle()
        leave(terminal, way)
        terminal.ended_within(ENDS_WITHIN)
        assert with_mark(mark) == []


@pytest.mark.parametrize(
    "arguments", [[], ["--data", "pipe"]], ids=["within a run", "at its start"]
)
@pytest.mark.parametrize(
    ("way", "written"),
    [("ctrl+c", b""), ("hang up", b""), ("ctrl+c", b"1,2\n")],
    ids=["ctrl+c", "hang up", "ctrl+c while it dribbles"],
)
def test_data_from_a_pipe_that_has_no_end(
    arguments: list[str], way: str, written: bytes, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = os.open(tmp_path / "pipe", os.O_RDWR)
    try:
        command = [*PROGRAM, str(tmp_path / "mark"), *arguments]
        with FarTerminal(command, folder=tmp_path) as terminal:
            if not arguments:
                terminal.sees(*READY)
                terminal.press(":data pipe\r")
            terminal.until((tmp_path / "mark.pid").exists)
            for _ in range(20):
                os.write(writer, written)
                terminal.pass_time(0.05)
            leave(terminal, way)
            terminal.ended_within(ENDS_WITHIN)
    finally:
        os.close(writer)


def test_a_terminal_that_takes_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "mark", "--pace", "max", "--epochs", "100000000") as terminal:
        terminal.press(" ")
        terminal.sees("running")
        terminal.stall()
        terminal.fill()
        terminal.process.terminate()
        terminal.ended_within(ENDS_WITHIN)
        assert terminal.process.returncode == 143
        terminal.go_on()
        terminal.ended()
        assert terminal.modes_are_off()
        assert (tmp_path / "mark").read_text() == "kept\n"


def test_killed_it_goes_on_at_that_very_step(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with opened(mark, "relu") as terminal:
        terminal.press("s")
        terminal.press("s")
        terminal.until(lambda: kept_step(mark) == 3)
        terminal.process.kill()
        terminal.ended()
    with FarTerminal([*PROGRAM, str(mark), "--resume"]) as terminal:
        terminal.sees("Resumed: relu, at step 3, as it was saved.")
        terminal.press("q")
        assert terminal.ended() == 0


def test_stopped_and_back(tmp_path: Path) -> None:
    with opened(tmp_path / "mark") as terminal:
        terminal.process.send_signal(signal.SIGTSTP)
        pid = terminal.process.pid
        terminal.until(lambda: ") T " in Path(f"/proc/{pid}/stat").read_text())
        terminal.until(terminal.modes_are_off)
        terminal.screen.reset()
        terminal.process.send_signal(signal.SIGCONT)
        terminal.sees(*STEPPED)
        assert terminal.modes != terminal.modes_before
        terminal.press("s")
        terminal.sees("step 1 ")
        terminal.press("q")
        assert terminal.ended() == 0
        assert terminal.modes_are_off()


@pytest.mark.parametrize(
    ("pause", "answers"),
    [(0.0, True), (0.002, True), (0.02, True), (0.002, False)],
    ids=["at once", "2 ms", "20 ms", "2 ms, deaf"],
)
def test_stopped_and_back_faster_than_it_can_follow(
    pause: float, answers: bool, tmp_path: Path
) -> None:
    """What was asked for last holds: it goes on, and has its terminal."""
    with opened(tmp_path / "mark", answers=answers) as terminal:
        pid = terminal.process.pid
        for _ in range(30):
            terminal.process.send_signal(signal.SIGTSTP)
            terminal.pass_time(pause)
            terminal.process.send_signal(signal.SIGCONT)
            terminal.pass_time(pause)
        terminal.settle(quiet=1.0)
        assert ") T " not in Path(f"/proc/{pid}/stat").read_text()
        assert terminal.modes != terminal.modes_before
        terminal.press("s")
        terminal.sees("step 2 ")
        terminal.press("q")
        assert terminal.ended() == 0
        assert terminal.modes_are_off()


def test_being_told_to_go_on_without_having_stopped(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with opened(mark) as terminal:
        terminal.until(lambda: kept_step(mark) == 1)  # by a thread that is there from then on
        tasks = Path(f"/proc/{terminal.process.pid}/task")
        threads = len([*tasks.iterdir()])
        for _ in range(5):
            terminal.screen.reset()
            terminal.process.send_signal(signal.SIGCONT)
            terminal.sees(*STEPPED)
        assert len([*tasks.iterdir()]) == threads
        terminal.press("q")
        assert terminal.ended() == 0
        assert mark.read_text() == "kept\n"


def kill_client(terminal: FarTerminal, _: int) -> None:
    terminal.process.kill()


def leave_by_tilde(terminal: FarTerminal, _: int) -> None:
    terminal.press("\r~.")  # an escape of the client's, after the return key


def kill_session(_: FarTerminal, pid: int) -> None:
    status = Path(f"/proc/{pid}/status").read_text()
    server = int(status.partition("PPid:")[2].split()[0])
    assert "sshd" in Path(f"/proc/{server}/comm").read_text()
    os.kill(server, signal.SIGKILL)


@pytest.mark.parametrize("cut", [kill_client, leave_by_tilde, kill_session])
def test_a_session_over_ssh_cut_off(
    cut: Callable[[FarTerminal, int], None], ssh: SshServer, marks: Iterable[Path]
) -> None:
    for mark in marks:
        with FarTerminal(ssh.run([*PROGRAM, str(mark)])) as terminal:
            terminal.sees(*READY)
            terminal.press(" ")
            terminal.sees("running")
            pid = int(mark.with_suffix(".pid").read_text())
            passed = terminal.stopwatch(pid)
            cut(terminal, pid)
            while is_running(pid):
                assert passed() < ENDS_WITHIN
                terminal.pass_time(0.02)
        assert mark.read_text() == "kept\n"
        assert kept_step(mark) >= 1
        assert with_mark(mark) == []


def test_leaving_over_ssh_gives_the_terminal_back(ssh: SshServer, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with FarTerminal(ssh.run([*PROGRAM, str(mark)])) as terminal:
        terminal.sees(*READY)
        terminal.press(" ")
        terminal.sees("running")
        terminal.press("q")
        assert terminal.ended() == 0
        assert terminal.modes_are_off()
        assert terminal.left_typed() == b""
