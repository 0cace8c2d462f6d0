"""A real terminal for the tests: a shell in tmux, in which the installed program is run.

And a real server, reached over SSH. Where tmux or OpenSSH is missing these tests are skipped, which
is said; on the build server that is a failure.
"""

import os
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from ssh_server import SshServer, missing

LONGEST_WAIT = 30.0  # seconds; only a test that fails takes so long
BETWEEN_LOOKS = 0.02
PROMPT = "ready$"


@pytest.fixture(scope="session", autouse=True)
def signals() -> None:
    """Have programs start as from a shell, even where the tests run in its background.

    There ctrl+c is ignored, and it would be by all that is started.
    """
    for each in (signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(each) is signal.SIG_IGN:
            signal.signal(each, signal.SIG_DFL)


class Terminal:
    """A shell in a terminal of its own: type into it, read its screen."""

    def __init__(self, tmux: str, socket: Path) -> None:
        self._tmux = [tmux, "-u", "-S", str(socket), "-f", "/dev/null"]
        environment = {
            "PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}",
            "LANG": "C.UTF-8", "HOME": str(socket.parent),
        }  # fmt: skip
        self._run("new-session", "-d", "-x", "80", "-y", "24", "sh", environment=environment)

    def prepare(self) -> None:
        """Wait for the shell, with a prompt that is the same everywhere."""
        self.enter(f"PS1='{PROMPT} '; clear")
        self.until(lambda: self.screen().startswith(PROMPT))

    def _run(self, *arguments: str, environment: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments],
            capture_output=True, check=True, text=True, encoding="utf-8", env=environment,
        )  # fmt: skip
        return done.stdout

    def enter(self, command: str) -> None:
        """Type a command into the shell."""
        self._run("send-keys", "-l", command)
        self._run("send-keys", "Enter")

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names for them."""
        self._run("send-keys", *keys)

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        self._run("resize-window", "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        """What is on the screen."""
        return self._run("capture-pane", "-p")

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to be so."""
        deadline = time.monotonic() + LONGEST_WAIT
        while not condition():
            assert time.monotonic() < deadline, "never came; on the screen:\n" + self.screen()
            time.sleep(BETWEEN_LOOKS)

    def sees(self, *texts: str) -> None:
        """Wait until all of these stand on the screen."""
        self.until(lambda: all(text in self.screen() for text in texts))

    def close(self) -> None:
        """End the shell and all that runs in it."""
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)


def _go_without(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def ssh_servers() -> type[SshServer]:
    """OpenSSH servers of the tests' own, where OpenSSH is installed."""
    if reason := missing():
        _go_without(reason)
    return SshServer


@pytest.fixture(scope="session")
def shells() -> None:
    """The shells that the program's options are completed in."""
    for name in ("bash", "zsh", "fish"):
        if shutil.which(name) is None:
            _go_without(f"{name} is not installed: its completions can’t be tried")


@pytest.fixture
def strace() -> str:
    """The program that tells which system calls another one makes."""
    found = shutil.which("strace")
    if found is None:
        _go_without("strace is not installed: what a kiosk touches can’t be watched")
    return found


@pytest.fixture(scope="session")
def ssh(ssh_servers: type[SshServer]) -> Iterator[SshServer]:
    """An OpenSSH server of the tests' own."""
    with tempfile.TemporaryDirectory(prefix="nn-tui-") as folder:
        server = ssh_servers(Path(folder))
        yield server
        server.close()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """A terminal of 80 columns and 24 lines."""
    tmux = shutil.which("tmux")
    if tmux is None:
        _go_without("tmux is not installed: the program can’t be tried in a real terminal")
    with tempfile.TemporaryDirectory(prefix="nn-tui-") as folder:
        opened = Terminal(tmux, Path(folder) / "tmux")
        try:
            opened.prepare()
            yield opened
        finally:
            opened.close()
