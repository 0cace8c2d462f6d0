"""A kiosk in a real terminal and behind a real server: whatever is typed or sent, it stays one."""

import os
import random
import re
import shlex
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from far_terminal import FarTerminal
from kiosk_program import HANGING, INTERPRETER, ROOTS, kiosk
from ssh_server import SshServer
from test_ends_well import ENDS_WITHIN, WAYS, leave
from test_hostile_input import HOSTILE, KEYS
from textual import constants

from nn_tui.keys.commands import COMMANDS
from nn_tui.kiosk.process import HARMLESS

# What a client could try to send, each with a value that would do something.
HOSTILE_VARIABLES = {
    **{f"TEXTUAL_{name}": "1" for name in dir(constants) if name.isupper()},
    "TEXTUAL": "devtools,debug", "TEXTUAL_LOG": "{home}/log", "TEXTUAL_SCREENSHOT": "1",
    "TEXTUAL_SCREENSHOT_LOCATION": "{home}", "TEXTUAL_SCREENSHOT_FILENAME": "shot.svg",
    "TEXTUAL_DEVTOOLS_HOST": "127.0.0.1", "TEXTUAL_DEVTOOLS_PORT": "22", "TEXTUAL_DEBUG": "1",
    "TEXTUAL_PRESS": "w,enter", "TEXTUAL_DRIVER": "http.server:HTTPServer", "TEXTUAL_FPS": "1000",
    "TEXTUAL_ALLOW_SIGNALS": "1", "TEXTUAL_COLOR_SYSTEM": "windows", "TEXTUAL_THEME": "none",
    "XDG_STATE_HOME": "{home}/elsewhere", "TMPDIR": "{home}", "BROWSER": "touch {home}/opened %s",
    "LANGUAGE": "../../../../../{home}", "LC_MESSAGES": "../../../../../{home}", "COLUMNS": "20",
    "LINES": "5", "SSH_ORIGINAL_COMMAND": "touch {home}/ran", "NN_TUI_KIOSK": "off",
    "PYTHONINSPECT": "1", "PYTHONSTARTUP": "{home}/start.py", "PYTHONPERFSUPPORT": "1",
    "OPENBLAS_NUM_THREADS": "64", "MPLCONFIGDIR": "{home}", "ESCDELAY": "100000",
}  # fmt: skip
PATHS = ("run.json", "/etc/passwd", "~/x.py", "../x.svg", "x.safetensors", "/dev/tcp/127.0.0.1/22")
TYPED = (
    *(f"w{path}\r" for path in PATHS),
    *(f":{command.title.rstrip(' …')}\r" for command in COMMANDS if command.kind.files == "named"),
    *(f":Set {name}\r{path}\r" for name in ("load", "data") for path in PATHS),
    ":screenshot\r", ":pace\rmax\r", ":hidden\r100000,100000\r", ":rows\r1000000\r",
    ":Set epochs\r" + "9" * 400 + "\r", "a[@click=app.quit]x[/],1\r", "\x1b[118;5u", "\x1a", "\x1c",
    "\x1b[27;5;122~", "\x18", "\x16", "\x11",
)  # fmt: skip
EFFECTS = (
    "open,openat,creat,execve,execveat,fork,vfork,clone,clone3,socket,connect,bind,listen,"
    "unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,"
    "chmod,fchmodat,chown,truncate,mknod,mknodat,kill,chdir"
)
# Beside what belongs to the program itself: what the C library and OpenBLAS look at.
READABLE = (
    *ROOTS, sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), "/lib", "/usr/lib",
    "/etc/ld.so.cache", "/sys/devices/system/cpu", "/proc/sys/vm", "/proc/self", "/proc/meminfo",
    "/dev/null", "/dev/urandom",
)  # fmt: skip
_CALL = re.compile(r"^\d+\s+(\w+)\((.*?)\)?\s+(?:=\s+(-?\d+)|<unfinished)", re.MULTILINE)


def forbidden(log: str, state: Path) -> Iterator[str]:
    """The system calls that a kiosk must not make, or must not succeed in making."""
    own = str(state)
    is_confined, started = False, 0
    for call in _CALL.finditer(log):
        name, arguments, result = call.groups()
        paths = re.findall(r'"((?:[^"\\]|\\.)*)"', arguments)
        if name == "chdir" and paths == ["/"]:
            is_confined = True
        elif name in ("execve", "execveat"):
            started += result == "0"
            if is_confined:
                yield call[0]
        elif name in ("clone", "clone3", "fork", "vfork"):
            if "CLONE_THREAD" not in arguments:
                yield call[0]
        elif name in ("open", "openat", "creat"):
            writes = re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", arguments) or name == "creat"
            is_own = paths[0].startswith(own)
            if (writes and not is_own) or (
                is_confined and result not in (None, "-1") and not is_own
                and not paths[0].startswith(READABLE)
            ):  # fmt: skip
                yield call[0]
        elif name == "mkdir" and own.startswith(f"{paths[0]}/"):
            continue  # what the folder lies in
        elif not all(path.startswith(own) for path in paths) or not paths:
            yield call[0]
    assert is_confined
    assert started == 2, "env, and the interpreter"


def pieces(chance: random.Random, count: int) -> Iterator[bytes]:
    """So many inputs: keys, sequences, and what somebody would try who wants to get out."""
    kinds = (lambda: chance.choice(KEYS).encode(), lambda: chance.choice(HOSTILE),
             lambda: chance.choice(TYPED).encode())  # fmt: skip
    for _ in range(count):
        [kind] = chance.choices(kinds, (10, 3, 1))
        yield kind()


def contents(home: Path) -> set[str]:
    """Every file under the home, but for what is the program's own."""
    found = {str(each.relative_to(home)) for each in home.rglob("*")}
    return {each for each in found if not ".local/state/nn-tui".startswith(each)
            and not each.startswith(".local/state/nn-tui")}  # fmt: skip


@pytest.mark.parametrize("inputs", [150, pytest.param(20_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("files", ["state", "read-only"])
def test_whatever_is_typed_touches_nothing(
    inputs: int, files: str, tmp_path: Path, strace: str
) -> None:
    chance, number, begun = random.Random(inputs), 0, ""
    left = pieces(chance, inputs)
    piece = next(left, b"")
    while piece:
        number += 1
        home = tmp_path / f"home{number}"
        home.mkdir()
        variables = {name: value.format(home=home) for name, value in HOSTILE_VARIABLES.items()}
        experiment = chance.choice(("quadratic", "relu-net", "stopping-distance"))
        arguments = ["read-only"] if files == "read-only" else []
        command = kiosk(home, *arguments, "--fps", "10", variables=variables)
        command[command.index("--kiosk") : command.index("--kiosk")] = [experiment]
        log = tmp_path / f"log{number}"
        traced = [strace, "-f", "--seccomp-bpf", "-qq", "-s", "4096", "-o", str(log),
                  "-e", f"trace={EFFECTS}", *command]  # fmt: skip
        with FarTerminal(traced, folder=home) as terminal:
            terminal.sees("s step", "epoch 0/")
            terminal.draws = False
            while piece and terminal.process.poll() is None:
                terminal.press(piece)
                terminal.until(lambda: terminal.is_all_typed or terminal.process.poll() is not None)
                terminal.pass_time(0.002)
                piece = next(left, b"")
            if terminal.process.poll() is None:
                terminal.press("\x03")
            assert terminal.ended() == 0, terminal.said()[:5000]
            begun = terminal.said()
            assert ">>>" not in begun
        assert contents(home) == set()
        state = home / ".local/state/nn-tui" if files == "state" else Path("/nowhere")
        assert [*forbidden(log.read_text(), state)] == []
    print(f"{inputs} inputs in {number} sessions")


@pytest.mark.parametrize("name", ["PYTHONINSPECT", "PYTHONPERFSUPPORT", "PYTHONX"])
def test_a_variable_that_rules_python_ends_it_before_it_begins(name: str, tmp_path: Path) -> None:
    command = kiosk(tmp_path, variables={name: "1"})
    command.remove("-I")
    with FarTerminal(command) as terminal:
        terminal.press("print('a prompt')\r")
        assert terminal.ended() == 2
        assert f"{name} changes what Python does" in terminal.text()
        assert ">>>" not in terminal.text()


def test_the_advice_about_a_variable_works_word_for_word(tmp_path: Path) -> None:
    program = Path(sysconfig.get_path("scripts")) / "nn-tui"
    ruled = {**os.environ, "PYTHONX": "1", "PYTHONINSPECT": "", "HOME": str(tmp_path)}
    given = [f"{name}={value}" for name, value in ruled.items()]
    with FarTerminal(["env", "-i", *given, str(program), "--kiosk", "read-only"]) as terminal:
        assert terminal.ended() == 2
        advice = terminal.said().partition("; run: ")[2].replace("\r\n", "")
    with FarTerminal(["env", "-i", *given, "sh", "-c", advice]) as terminal:
        terminal.sees("s step", "epoch 0/")
        terminal.press("q")
        assert terminal.ended() == 0


@pytest.mark.parametrize("name", HARMLESS)
def test_a_variable_that_changes_nothing_passes(name: str, tmp_path: Path) -> None:
    command = kiosk(tmp_path, "read-only", variables={name: "1"})
    command.remove("-I")
    with FarTerminal(command) as terminal:
        terminal.sees("s step", "epoch 0/")
        terminal.press("q")
        assert terminal.ended() == 0


def test_signals_that_stop_others_leave_it_running(tmp_path: Path) -> None:
    with FarTerminal(kiosk(tmp_path)) as terminal:
        terminal.sees("s step", "epoch 0/")
        terminal.press("\x1a\x1a")
        terminal.process.send_signal(signal.SIGTSTP)
        terminal.press("s")
        terminal.sees("step 1 ")
        assert ") T " not in Path(f"/proc/{terminal.process.pid}/stat").read_text()
        terminal.press("q")
        assert terminal.ended() == 0


# --- behind a server --------------------------------------------------------------------------


DOCUMENT = Path(__file__).parents[2] / "tui" / "KIOSK.md"


@pytest.fixture
def strangers(tmp_path: Path, ssh_servers: type[SshServer]) -> Iterator[SshServer]:
    """A server with the document’s lines, for the tests’ own account, that takes any variable."""
    [lines] = re.findall(r"```\n(Match User guest\n.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    for theirs, ours in {
        "Match User guest": "AcceptEnv *\nMatch User *", "/home/guest": str(tmp_path),
        "/opt/nn-tui/bin/nn-tui": shlex.join(INTERPRETER),
    }.items():  # fmt: skip
        assert theirs in lines
        lines = lines.replace(theirs, ours)
    server = ssh_servers(tmp_path, lines)
    yield server
    server.close()


def test_strangers_get_the_kiosk_whatever_they_ask_for(
    strangers: SshServer, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    with FarTerminal(strangers.run(["touch", str(ran)])) as terminal:
        terminal.sees("s step", "epoch 0/")
        terminal.press("s")
        terminal.sees("step 1 ")
        terminal.press("q")
        assert terminal.ended() == 0
    assert not ran.exists()


def test_strangers_can_send_no_variable_and_get_no_other_way_in(
    strangers: SshServer, tmp_path: Path
) -> None:
    log = tmp_path / "textual.log"
    sent = {"TEXTUAL_LOG": str(log), "PYTHONINSPECT": "1", "LC_ALL": "../../x"}
    command = strangers.run([])[:-2]
    options = [part for name in sent for part in ("-o", f"SendEnv={name}")]
    with FarTerminal(["env", *(f"{k}={v}" for k, v in sent.items()), *command, *options,
                      "127.0.0.1"]) as terminal:  # fmt: skip
        terminal.sees("s step", "epoch 0/")
        terminal.press("q")
        assert terminal.ended() == 0
    assert not log.exists()
    without_terminal = [each for each in command if each != "-tt"]
    for asked in (
        ["127.0.0.1", "sh"],
        ["-s", "127.0.0.1", "sftp"],
        ["-W", "127.0.0.1:22", "127.0.0.1"],
    ):
        done = subprocess.run(
            [*without_terminal, *asked], input=b"touch x\n", capture_output=True, timeout=30,
            cwd=tmp_path, env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        assert done.returncode != 0
        assert done.stdout == b""
        assert re.search(b"not a terminal|subsystem request failed|forwarding failed", done.stderr)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("way", ["ctrl+c", "hang up", "terminate"])
def test_a_computation_that_never_ends_ends_with_the_kiosk(way: str, tmp_path: Path) -> None:
    with FarTerminal(kiosk(tmp_path, interpreter=HANGING)) as terminal:
        terminal.sees("s step", "epoch 0/")
        terminal.press("k")
        terminal.settle()
        leave(terminal, way)
        assert terminal.ended_within(ENDS_WITHIN) == WAYS[way]
        assert way == "hang up" or terminal.modes_are_off()
