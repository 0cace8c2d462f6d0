"""The forms in which a run can be saved: the end of a file's name says which is meant."""

from dataclasses import dataclass
from pathlib import Path

from nn_core.config import WEIGHTS_SUFFIX
from nn_core.disk import require_writable, shown
from nn_core.errors import RequestError


@dataclass(frozen=True)
class Form:
    """A form by its suffix: what to call what is saved, and what it is for."""

    suffix: str
    title: str
    about: str


FORMS = (
    Form(".json", "session", "the run, to be opened again"),
    Form(WEIGHTS_SUFFIX, "weights", "the parameters, under PyTorch’s names"),
    Form(".py", "NumPy script", "a program that prints the same losses"),
    Form(".torch.py", "PyTorch script", "a program that prints the same losses"),
    Form(".model.py", "model", "a program that predicts from raw rows"),
    Form(".csv", "losses", "a row a step, in full precision"),
    Form(".svg", "picture", "the screen, for documents"),
)


def form_of(path: Path) -> Form:
    """The form that a file's name asks for; `RequestError` where it ends in none of them."""
    name = f".{path.name}" if path.name == "model.py" else path.name
    fitting = [form for form in FORMS if name.endswith(form.suffix)]
    if not fitting:
        known = " ".join(form.suffix for form in FORMS)
        raise RequestError(f"{shown(path)}: must end in {known}")
    return max(fitting, key=lambda form: len(form.suffix))


def require_target(path: Path) -> None:
    """Raise `RequestError` where nothing can be saved there, or no form has such a name.

    To be asked before the work whose result the file is to hold.
    """
    form_of(path)
    require_writable(path)
