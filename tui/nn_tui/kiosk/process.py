"""The process of a kiosk: what it reads of its environment, and what it may do to the system.

An OpenSSH client may send variables that control Textual or Python.  So all but those that describe
the terminal are deleted before anything else reads them.  Then an audit hook of the interpreter
refuses every file, process and connection that isn't the program's own, and resource limits of the
operating system bound memory, open files, the size of files and core dumps.
"""

import os
import re
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn_core.errors import RequestError

if TYPE_CHECKING:  # every start reads this module; what a kiosk alone needs is imported in it
    from nn_core.config.limits import Files

# Variables that are left, if their value is a word, never a path.
ALLOWED = (
    "TERM",
    "COLORTERM",
    "COLORFGBG",
    "NO_COLOR",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TERM_PROGRAM",
)
# Variables of Python that change nothing a stranger could use; any other one ends a kiosk.
HARMLESS = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHASHSEED",
    "PYTHONNOUSERSITE",
    "PYTHONSAFEPATH",
    "PYTHONUNBUFFERED",
    "PYTHONUTF8",
)
WORD = re.compile(r"[A-Za-z0-9_.@;+-]{0,64}")
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")

MEMORY = 1_500_000_000  # bytes of addresses, of which little more than a tenth is used
LARGEST_FILE = 50_000_000  # bytes
MOST_OPEN = 128  # files

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_READS = ("os.listdir", "os.scandir", "os.chdir")
_WRITES = (
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.utime",
    "os.setxattr",
    "os.removexattr",
    "os.lockf",
)
_NEVER = (
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.kill",
    "pty.",
    "socket.",
    "webbrowser.",
    "sqlite3.",
)
_SILENT = ("socket.__new__",)  # asyncio wakes itself by a pair of sockets that lead nowhere
_CHANGES_OF_PLACE = ("os.rename", "os.link")


def is_asked_for(arguments: Sequence[str]) -> bool:
    """Whether a command line that nobody has read yet asks for a kiosk."""
    return any(each == "--kiosk" or each.startswith("--kiosk=") for each in arguments)


def clean(environ: MutableMapping[str, str]) -> None:
    """Forget every variable but those that say what the terminal is, and where home is.

    Those of Python have taken effect already: with one that isn't harmless there is no kiosk.
    """
    ruling = sorted(name for name in environ if name.startswith("PYTHON") and name not in HARMLESS)
    if ruling and not sys.flags.ignore_environment:
        import shlex

        from nn_core.formatting import listed, printable

        without = [part for name in ruling for part in ("-u", name)]
        command = printable(shlex.join(["env", *without, *sys.orig_argv]))
        words = f"{listed(ruling)} changes what Python does; run: {command}"
        print(f"nn-tui: --kiosk: {words}", file=sys.stderr, flush=True)
        os._exit(2)  # an exception would lead to a prompt, under PYTHONINSPECT
    allowed = {
        name: value
        for name, value in environ.items()
        if (name in ALLOWED and WORD.fullmatch(value)) or (name == "HOME" and value.startswith("/"))
    }
    for name in [*environ]:
        if name not in allowed:
            del environ[name]
    environ.update(dict.fromkeys(ONE_THREAD, "1"))
    sys.dont_write_bytecode = True


def require_bounds() -> None:
    """`RequestError` on a system that has no limits for a process."""
    try:
        import resource  # noqa: F401  (only to see whether it is there)
    except ImportError:
        raise RequestError(
            "--kiosk needs a system that bounds what a process may use, as Linux; this one doesn’t"
        ) from None


def confine(files: "Files", lessons: Sequence[Path] = ()) -> None:
    """From here on refuse the process all but itself and lessons; there is no way back.

    `RequestError` on a system that has no limits for a process.
    """
    require_bounds()
    import resource
    import sysconfig

    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_AS, MEMORY)
    _bound(resource.RLIMIT_FSIZE, LARGEST_FILE if files == "state" else 0)
    _bound(resource.RLIMIT_NOFILE, MOST_OPEN)
    os.chdir("/")
    sys.path[:] = [each for each in sys.path if each not in ("", ".")]
    readable = [sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *sys.path]
    readable += [str(folder) for folder in lessons]
    sys.addaudithook(Guard([Path(each) for each in readable], _state_folder(files)))


def _state_folder(files: "Files") -> Path | None:
    return Path.home() / ".local" / "state" / "nn-tui" if files == "state" else None


def _bound(kind: int, most: int) -> None:
    import resource

    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


class Guard:
    """Looks at everything that the interpreter is about to do to the system, and refuses most."""

    def __init__(self, readable: Sequence[Path], state: Path | None) -> None:
        self._state = None if state is None else os.path.realpath(state)
        self._readable = (
            *(os.path.realpath(each) for each in readable),
            "/dev/null",
            "/dev/urandom",
            *(() if self._state is None else (self._state,)),
        )

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Raise `PermissionError` for what is not allowed."""
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, int):
                self._require(path, is_written=bool((flags or 0) & _WRITING))
        elif event in _WRITES:
            self._require(arguments[0], is_written=True, is_made=event == "os.mkdir")
            if event in _CHANGES_OF_PLACE:
                self._require(arguments[1], is_written=True)
        elif event in _READS:
            self._require(arguments[0], is_written=False)
        elif event.startswith(_NEVER) and event not in _SILENT:
            raise PermissionError(f"{event} is not for a kiosk")

    def _require(self, path: Any, is_written: bool, is_made: bool = False) -> None:
        if isinstance(path, int):
            return
        full = os.path.realpath(os.fsdecode("." if path is None else path))
        if not is_written:
            allowed = any(_is_in(full, each) for each in self._readable)
        elif self._state is None:
            allowed = False
        else:
            allowed = _is_in(full, self._state) or (is_made and _is_in(self._state, full))
        if not allowed:
            raise PermissionError(f"{full!r} is out of bounds in a kiosk")


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
