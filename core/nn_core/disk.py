"""Writing files: whole or not at all, whatever happens on the way."""

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from nn_core.errors import RequestError

_UNFINISHED = ".nn-tui-*.tmp"  # files that are being written


def require_writable(path: Path) -> None:
    """Raise `RequestError` where a file plainly can't be written there.

    To be asked before the work whose result the file is to hold.
    """
    try:
        if path.is_dir():
            raise RequestError(f"{path}: this is a folder; the name of a file is needed")
        if path.exists() and not path.is_file():
            raise RequestError(f"{path}: this is not an ordinary file; it can't be replaced")
        if not path.parent.is_dir():
            raise RequestError(f"{path}: there is no folder {path.parent}")
        if not os.access(path.parent, os.W_OK):
            raise RequestError(f"{path}: nothing can be written to the folder {path.parent}")
    except OSError as error:  # the name is too long, say
        raise RequestError(f"{path}: can't be written: {error.strerror or error}") from None


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
        temporary = target.with_name(_UNFINISHED.replace("*", secrets.token_hex(8)))
        try:
            _write_whole(temporary, data)
            if previous is not None and target.exists():
                target.replace(previous)
            temporary.replace(target)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = getattr(error, "strerror", None) or error
        raise RequestError(f"{path}: can't be written: {reason}") from None
    _sync_folder(target.parent)


def _write_whole(path: Path, data: bytes) -> None:
    """Write a new file and have it on the disk, however little at once the disk takes."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
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
        raise RequestError(f"{text.strip()}: there is no such home folder") from None


def is_file(path: Path) -> bool:
    """Whether there is an ordinary file; there is none where no path can be so."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
