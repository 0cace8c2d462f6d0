"""Saving: under a name that is typed on the screen, or those that the command line gave."""

from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

from nn_core.disk import exists, is_file, typed_path
from nn_core.errors import RequestError
from nn_core.storage.forms import FORMS, Form, form_of, require_target


def new_name(stem: str, form: Form) -> str:
    """A name for a file of this form that none in this folder has."""
    names = (f"{stem}{'' if at == 1 else f'-{at}'}{form.suffix}" for at in count(1))
    return next(name for name in names if not exists(Path(name)))


def check(text: str) -> None:
    """Raise `RequestError` where nothing can be saved under this name."""
    require_target(typed_path(text))


def heading(text: str) -> str:
    """What would be done under this name."""
    try:
        path = typed_path(text)
        return f"{'replace' if is_file(path) else 'save'} the {form_of(path).title}"
    except RequestError:
        return "save as"


def turn(text: str, way: int) -> str:
    """The same name with the end that another form has."""
    try:
        form = form_of(Path(text))
    except RequestError:
        return text + FORMS[0].suffix
    other = FORMS[(FORMS.index(form) + way) % len(FORMS)]
    return text.removesuffix(form.suffix) + other.suffix


def save_all(paths: Iterable[Path], save: Callable[[Path], object]) -> None:
    """Save under each name; `RequestError` for those that couldn't be once the others are."""
    refused = []
    for path in paths:
        try:
            save(path)
        except RequestError as error:
            refused.append(str(error))
    if refused:
        raise RequestError("; ".join(refused))
