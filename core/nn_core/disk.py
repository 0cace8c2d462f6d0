"""Files: read and written with every error a sentence, and written whole or not at all."""

import errno
import os
import select
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from nn_core.errors import RequestError

PIPE_SECONDS = 30.0  # for which a pipe may be silent
LARGEST_PIPED = 200_000_000  # bytes
# What only some systems need, and have.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
_AS_BYTES = getattr(os, "O_BINARY", 0)
_UNFINISHED = ".nn-tui-*.tmp"  # files that are being written
TABLES = (".csv", ".csv.gz", ".tsv", ".tsv.gz")  # how the names of a person's own data end
_SPREADSHEETS = (".xlsx", ".xls", ".ods")
_LONGEST_SHOWN = 80  # characters of a path in a sentence


def shown(path: Path) -> str:
    """The path as a sentence names it: of a very long one its end."""
    text = str(path)
    return text if len(text) <= _LONGEST_SHOWN else f"…{text[1 - _LONGEST_SHOWN :]}"


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raise `RequestError` in place of every error that the file system has with this path."""
    if not _is_possible(path):
        raise RequestError(f"{shown(path)!a}: there is no such file")
    try:
        yield
    except FileNotFoundError:
        raise RequestError(f"{shown(path)}: there is no such file") from None
    except OSError as error:
        raise RequestError(f"{shown(path)}: can’t be read: {_reason(error)}") from None


def ordinary_size(path: Path) -> int:
    """How many bytes an ordinary file has; `RequestError` for a pipe, a device or a folder."""
    with reading(path):
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(found.st_mode):
            raise RequestError(f"{shown(path)}: this is not an ordinary file")
        return found.st_size


def read_whole(path: Path, most: int) -> bytes:
    """What an ordinary file holds; `RequestError` where that is more than `most` bytes."""
    size = ordinary_size(path)
    if size > most:
        raise RequestError(f"{shown(path)}: has {size:,} bytes; at most {most:,} are read")
    with reading(path):
        return path.read_bytes()


def open_at_once(path: Path) -> BinaryIO:
    """Open a file to be read; of a pipe, all that comes through it, nothing where nobody writes.

    `RequestError` for a device, which would be read for ever, and for a pipe that has a writer but
    is silent for half a minute, or has no end.
    """
    number = os.open(path, os.O_RDONLY | _AT_ONCE | _AS_BYTES)
    try:
        kind = os.fstat(number).st_mode
        if stat.S_ISFIFO(kind):
            piped = BytesIO(_all_through(number, path))
            os.close(number)
            return piped
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            raise RequestError(f"{shown(path)}: this is not an ordinary file")
        return os.fdopen(number, "rb")  # which says what is wrong with a folder
    except BaseException:
        os.close(number)
        raise


def _all_through(pipe: int, path: Path) -> bytes:
    found = bytearray()
    while len(found) <= LARGEST_PIPED:
        try:
            piece = os.read(pipe, 1 << 20)
        except BlockingIOError:
            if not select.select([pipe], [], [], PIPE_SECONDS)[0]:
                raise RequestError(
                    f"{shown(path)}: nothing has come through this pipe for {PIPE_SECONDS:g} s"
                ) from None
            continue
        if not piece:
            return bytes(found)
        found += piece
    raise RequestError(
        f"{shown(path)}: more than {LARGEST_PIPED:,} bytes have come through this pipe; "
        "a file can be larger"
    )


def _is_possible(path: Path) -> bool:
    """Whether a file can have this name; the system's own calls raise a bare ValueError."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def require_writable(path: Path) -> None:
    """Raise `RequestError` where a file plainly can't be written there.

    To be asked before the work whose result the file is to hold.
    """
    if not _is_possible(path):
        raise RequestError(f"{shown(path)!a}: no file can have this name")
    name, folder = shown(path), shown(path.parent)
    try:
        kind = _kind(path)
        if stat.S_ISDIR(kind):
            raise RequestError(f"{name}: this is a folder; the name of a file is needed")
        if kind and not stat.S_ISREG(kind):
            raise RequestError(f"{name}: this is not an ordinary file; it can’t be replaced")
        if not path.parent.is_dir():
            raise RequestError(f"{name}: there is no folder {folder}")
        if not os.access(path.parent, os.W_OK):
            raise RequestError(f"{name}: nothing can be written to the folder {folder}")
    except OSError as error:  # the name is too long, say
        raise RequestError(f"{name}: can’t be written: {_reason(error)}") from None


def stamp(path: Path) -> tuple[int, int] | None:
    """What tells, without reading it, that an ordinary file is the one it was; None without one."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size) if stat.S_ISREG(found.st_mode) else None


def _kind(path: Path) -> int:
    """What sort of thing is there, as the system tells it; 0 where there is nothing."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def write_atomically(path: Path, data: bytes, previous: Path | None = None) -> None:
    """Write a file, in place of the old one where there is one.

    Killed at any moment, the file holds the old content or the new, never a part of it.  Raises
    `RequestError` where it can't be written; then the old file stands and nothing else is left.
    A link stays a link: the file that it leads to is replaced.

    With `previous`, in the same folder, the old file is kept under that name; between the two
    renamings it is there alone.
    """
    require_writable(path)
    try:
        target = path.resolve()
        temporary = target.with_name(_UNFINISHED.replace("*", os.urandom(8).hex()))
        try:
            _write_whole(temporary, data)
            if previous is not None and target.exists():
                target.replace(previous)
            temporary.replace(target)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    except OSError as error:
        raise RequestError(f"{shown(path)}: can’t be written: {_reason(error)}") from None
    _sync_folder(target.parent)


def _write_whole(path: Path, data: bytes) -> None:
    """Write a new file and have it on the disk, however little at once the disk takes."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_BYTES, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            written = os.write(number, rest)
            if not written:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            rest = rest[written:]
        os.fsync(number)
    finally:
        os.close(number)


def remove_unfinished(folder: Path) -> None:
    """Remove what was being written to a folder when its process was killed."""
    for path in folder.glob(_UNFINISHED):
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Have the file's new name on the disk too."""
    with suppress(OSError):  # some file systems can't sync a folder; the file is whole all the same
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def typed_path(text: str) -> Path:
    """The path that a person typed; `RequestError` where it is none."""
    if not text.strip() or "\0" in text:
        raise RequestError("the name of a file is needed")
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:
        raise RequestError(f"{shown(Path(text.strip()))}: there is no such home folder") from None


def is_called_a_table(text: str) -> bool:
    """Whether a path ends as those of tables do; a spreadsheet's, too, though it isn't read."""
    return text.strip().casefold().endswith((*TABLES, *_SPREADSHEETS))


def is_file(path: Path) -> bool:
    """Whether there is an ordinary file; there is none where no path can be so."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def exists(path: Path) -> bool:
    """Whether there is anything of this name, as far as that can be told."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def newest_first(folder: Path, pattern: str) -> list[Path]:
    """The ordinary files whose name fits, the one that was written last first."""
    times: dict[Path, float] = {}
    with suppress(OSError):
        for path in folder.glob(pattern):
            with suppress(OSError):  # it may be removed at any moment
                if path.is_file():
                    times[path] = path.stat().st_mtime
    return sorted(times, key=lambda path: times[path], reverse=True)


def newest(folder: Path, pattern: str) -> Path | None:
    """The ordinary file that was written last, of those whose name fits; None without one."""
    return next(iter(newest_first(folder, pattern)), None)


def require_there(path: Path) -> None:
    """Raise `RequestError` where there is nothing at this path, or it can't be looked at."""
    with reading(path):
        path.stat()


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
