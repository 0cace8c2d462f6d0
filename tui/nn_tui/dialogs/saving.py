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


class Naming:
    """The name that is typed for a file; one without an end gets that of the kind last chosen."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def whole(self, text: str) -> str:
        """The name with its end."""
        name = text.strip()
        last = name.rpartition("/")[2]
        has_none = last.strip("~.") and not Path(last).suffix[1:].isalpha()
        return name + self._form.suffix if has_none else name

    def check(self, text: str) -> None:
        """Raise `RequestError` where nothing can be saved under this name."""
        require_target(typed_path(self.whole(text)))

    def heading(self, text: str) -> str:
        """What would be done under this name."""
        try:
            path = typed_path(self.whole(text))
            done = f"{'replace' if is_file(path) else 'save'} the {form_of(path).title}"
        except RequestError:
            return "save as"
        return done if self.whole(text) == text.strip() else f"{done} as {path.name}"

    def turn(self, text: str, way: int) -> str:
        """The same name with the end that another form has, which is chosen by that."""
        name = self.whole(text)
        try:
            form = form_of(Path(name))
        except RequestError:
            return text + self._form.suffix
        self._form = FORMS[(FORMS.index(form) + way) % len(FORMS)]
        return name.removesuffix(form.suffix) + self._form.suffix


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
