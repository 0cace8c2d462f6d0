"""An OpenSSH server on the loopback address, with port, keys and configuration of its own."""

import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from far_terminal import environment

LONGEST_WAIT = 10.0  # seconds

_CONFIGURATION = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
PidFile {folder}/pid
AuthorizedKeysFile {folder}/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
DisableForwarding yes
PermitUserRC no
"""


def missing() -> str:
    """Why there can be no server here; nothing where there can."""
    for program in ("sshd", "ssh", "ssh-keygen"):
        if _path_of(program) is None:
            return f"{program} is not installed: a session over SSH can’t be tried"
    return ""


def _path_of(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


class SshServer:
    """A server, and the command by which its clients run a program in a terminal."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self._folder = folder
        for key in ("host", "user"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True
            )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        configuration = folder / "configuration"
        configuration.write_text(_CONFIGURATION.format(port=self._port, folder=folder) + more)
        if os.getuid() == 0:  # where the server, as root, gives up its privileges
            Path("/run/sshd").mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [_path_of("sshd") or "sshd", "-D", "-f", configuration, "-E", folder / "log"]
        )
        self._await()

    def _await(self) -> None:
        end = time.monotonic() + LONGEST_WAIT
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), 0.1).close()
            except OSError:
                log = self._folder / "log"
                assert self._process.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
            else:
                return

    def run(self, command: Sequence[str]) -> list[str]:
        """The client's command that runs a program in a terminal on the server."""
        kept = {k: v for k, v in environment().items() if k in ("PYTHONPATH", "PATH", "LANG")}
        settings = [f"{name}={value}" for name, value in kept.items()]
        remote = f"exec {shlex.join(['env', *settings, *command])}"
        options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"]
        return [
            "ssh", "-F", "none", "-tt", "-p", str(self._port), "-i", str(self._folder / "user"),
            *(part for option in options for part in ("-o", option)), "127.0.0.1", remote,
        ]  # fmt: skip

    def close(self) -> None:
        """Stop the server; sessions that are open aren't ended by it."""
        self._process.terminate()
        self._process.wait()
