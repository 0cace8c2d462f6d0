"""The runs that can be opened: what is offered for a name, one after another, and what each is."""

import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nn_core.disk import is_called_a_table, newest_first, stamp, typed_path
from nn_core.errors import RequestError
from nn_core.formatting import short, times

if TYPE_CHECKING:
    from nn_core.storage.session import Outline

LARGEST_OUTLINED = 2_000_000  # bytes of a save; to read more would take too long
_UNITS = ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute"))


def suggested() -> str:
    """The saved run that was written or left last, but for the one on the screen; "" without."""
    return next(iter(_names()), "")


def another(text: str, way: int) -> str:
    """The saved run before (−1) or after.

    Beyond the newest and the oldest there is none; a text that is none of them leads to the newest.
    """
    names = _names()
    if not names:
        raise RequestError("there is no saved run in this folder, nor one kept by itself")
    at = names.index(text) - way if text in names else 0
    return names[max(0, min(at, len(names) - 1))]


def told(text: str) -> str:
    """What the saved run of this name is: its experiment, step and loss, and when it was saved."""
    from nn_core.storage.session import outline

    if is_called_a_table(text):
        return "open the table"

    try:
        path = typed_path(text)
        found = outline(path)
        age = max(0.0, time.time() - path.stat().st_mtime)
    except (RequestError, OSError):
        return "open the session"
    return ", ".join([f"{found.experiment}, step {found.step}", *_loss(found), _ago(age)])


def _loss(found: "Outline") -> list[str]:
    """The newest loss that a save records, which its last step began at."""
    return [] if found.loss is None else [f"loss {short(found.loss)} a step before"]


def kept_by_themselves() -> Iterator[tuple[str, str, str]]:
    """The runs that were kept by themselves and nobody has, the one left last first.

    Of each the name of its folder, what it is, and how it stood when.
    """
    from nn_core.storage.kept_runs import free, saves, state_folder

    try:
        found = [*free(state_folder())]
    except RequestError:
        return
    for run in found:
        run.release()
    for run in found:
        for path in saves(run.folder)[:1]:
            title, about = _at_a_glance(path)
            if title:
                yield run.folder.name, title, about


def _at_a_glance(path: Path) -> tuple[str, str]:
    """What the run of this save is, and how it stood when; "" of one that isn't begun."""
    from nn_core.storage.kept_runs import NOTE

    at, note = stamp(path), stamp(path.with_name(NOTE))
    if at is None:
        return "", ""
    age = _ago(max(0.0, time.time() - max(at, note or at)[0] / 1e9))
    if at[1] > LARGEST_OUTLINED:
        return "a large run", age
    found = _outlined(path, at, note)
    if found is None:
        return "a damaged run", age
    if not found.is_begun:
        return "", ""
    kept = [times(found.kept, "kept run")] * bool(found.kept)
    return f"{found.experiment}, step {found.step}", ", ".join([*_loss(found), *kept, age])


@lru_cache(maxsize=32)
def _outlined(path: Path, *stamps: tuple[int, int] | None) -> "Outline | None":
    """What a save says at a glance, read again when it, or the note beside it, is another."""
    from nn_core.storage.session import outline

    try:
        return outline(path)
    except RequestError:
        return None


def _ago(seconds: float) -> str:
    for length, name in _UNITS:
        if seconds >= length:
            return f"{times(int(seconds / length), name)} ago"
    return "just now"


def _names() -> list[str]:
    """The files of this folder and the runs kept by themselves that nobody has, the newest first.

    The run on the screen is none of them: this program has it.
    """
    from nn_core.storage.kept_runs import free, saves, state_folder

    found = {path: path.name for path in newest_first(Path(), "*.json")}
    try:
        kept_in = state_folder()
    except RequestError:
        return [*found.values()]
    for run in free(kept_in):
        run.release()
        found |= {path: str(path) for path in saves(run.folder)[:1]}
    return [found[path] for path in sorted(found, key=_written, reverse=True)]


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # it may be removed at any moment
        return 0.0
