"""The runs that are kept in the person's own state folder, a folder each.

A run's folder holds the newest save and the one before it, and a file whose lock the process that
goes on with the run has while it lives.  So no two write to one run, however they end.
"""

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from nn_core.disk import is_file, remove_unfinished, write_atomically
from nn_core.errors import RequestError

NO_RUN = "there is no run to go on with"
MOST_KEPT = 10  # runs that no process has open
_BEGINNING = "run-"  # of their folders' names
_NEWEST, _PREVIOUS, _LOCK = "session.json", "session.previous.json", "lock"
NOTE = "session.note.json"  # what was done since the newest save
_TRAINS = "training"  # is there while the newest save is of a run that trains on


def state_folder() -> Path:
    """The folder in which the program keeps what is the person's own: `$XDG_STATE_HOME/nn-tui`.

    `~/.local/state/nn-tui` where that isn't set.  Raises `RequestError` where there is no home.
    """
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    if named.is_absolute():
        return named / "nn-tui"
    try:
        return Path.home() / ".local" / "state" / "nn-tui"
    except RuntimeError:
        raise RequestError("there is no home folder to keep runs in") from None


class KeptRun:
    """A run's folder, with its lock held until `release`."""

    def __init__(self, folder: Path, unlock: Callable[[], None]) -> None:
        self.folder = folder
        self._unlock = unlock

    @classmethod
    def begin(cls, state: Path) -> "KeptRun":
        """A folder for another run; `RequestError` where there can't be one."""
        folder = state / f"{_BEGINNING}{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"
        try:
            state.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
            return cls(folder, _lock(folder))
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise RequestError(f"{folder}: can’t be made: {error.strerror or error}") from None

    @classmethod
    def take(cls, folder: Path) -> "KeptRun | None":
        """The run of this folder; None where another process has it, or it can't be locked."""
        try:
            taken = cls(folder, _lock(folder))
        except OSError:
            return None
        with suppress(OSError):
            remove_unfinished(folder)  # by a process that was killed
        return taken

    def save(self, data: bytes, trains: bool = False) -> None:
        """Put these in place of the newest save, which becomes the one before.

        `trains`: the run goes on training, so that soon there are steps which aren't in it.
        """
        if trains:
            (self.folder / _TRAINS).touch()
        write_atomically(self.folder / _NEWEST, data, previous=self.folder / _PREVIOUS)
        if not trains:
            self.settle()

    def settle(self) -> None:
        """Take note that the newest save has every step of the run."""
        with suppress(OSError):
            (self.folder / _TRAINS).unlink()

    @property
    def trained_on(self) -> bool:
        """Whether the run was ended by force while it trained on after the newest save."""
        return is_file(self.folder / _TRAINS)

    def save_note(self, data: bytes) -> None:
        """Put what was done since the newest save in place of what was noted before."""
        write_atomically(self.folder / NOTE, data)

    @property
    def saves(self) -> list[Path]:
        """The saves that there are, the newest first."""
        return saves(self.folder)

    def release(self) -> None:
        """Unlock the run, so that another process can go on with it."""
        self._unlock()

    def leave(self) -> None:
        """Release the run, which was on the screen until now: it is the last, even unchanged."""
        now = time.time_ns()  # the file system's own clock may be too coarse to tell two apart
        for path in self.saves[:1]:
            with suppress(OSError):
                os.utime(path, ns=(now, now))
        self.release()


def _lock(folder: Path) -> Callable[[], None]:
    """Lock a run's folder; what unlocks it.  `OSError` where another process has it."""
    try:
        import fcntl
    except ImportError:  # as on Windows
        return _lock_elsewhere(folder)
    number = os.open(folder / _LOCK, os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        (folder / _LOCK).stat()  # or it was removed, with the folder, just before
    except OSError:
        os.close(number)
        raise
    return partial(os.close, number)


def _lock_elsewhere(folder: Path) -> Callable[[], None]:
    from filelock import FileLock  # takes long to import, and few systems need it

    lock = FileLock(folder / _LOCK, timeout=0, thread_local=False)
    lock.acquire()
    return lock.release


def saves(folder: Path) -> list[Path]:
    """The saves in a run's folder, the newest first."""
    return [path for name in (_NEWEST, _PREVIOUS) if is_file(path := folder / name)]


def folders(state: Path) -> list[Path]:
    """The runs' folders, the one that was saved to, or left, last first."""
    try:
        found = [path for path in state.iterdir() if path.name.startswith(_BEGINNING)]
    except OSError:
        return []
    return sorted(found, key=_saved_at, reverse=True)


def free(state: Path, seen: Sequence[Path] = ()) -> Iterator[KeptRun]:
    """The runs that no process has, the one saved last first, each locked: to be released.

    Those that were `seen` come after all others, in that order.
    """
    order = {folder: at for at, folder in enumerate(seen)}
    for folder in sorted(folders(state), key=lambda each: order.get(each, -1)):
        run = KeptRun.take(folder) if saves(folder) else None
        if run is not None:
            yield run


def taken(state: Path) -> Iterator[Path]:
    """The folders of the runs that a process has open."""
    for folder in folders(state):
        run = KeptRun.take(folder)
        if run is None:
            yield folder
        else:
            run.release()


def clean_up(state: Path) -> None:
    """Remove the oldest runs that no process has, beyond `MOST_KEPT`."""
    for folder in folders(state)[MOST_KEPT:]:
        run = KeptRun.take(folder)
        if run is not None:
            shutil.rmtree(folder, ignore_errors=True)
            run.release()
            shutil.rmtree(folder, ignore_errors=True)  # some systems keep a file that is locked


def set_aside(path: Path) -> Path:
    """Rename a damaged save, so that it is not taken for a good one; what it is called then."""
    aside = path.with_name(path.name + ".damaged")
    with suppress(OSError):  # in a folder that can't be written to it stays
        return path.replace(aside)
    return path


def _saved_at(folder: Path) -> int:
    found = []
    for path in (folder / NOTE, *(saves(folder)[:1] or [folder])):
        with suppress(OSError):
            found.append(path.stat().st_mtime_ns)
    return max(found, default=0)
