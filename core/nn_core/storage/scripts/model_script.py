"""The model as a program of NumPy alone: `predict(rows)` for raw rows, and for those of a file."""

import textwrap
from collections.abc import Iterator

from nn_core.errors import RequestError
from nn_core.formatting import listed as in_words
from nn_core.models import Model
from nn_core.models.activations import ACTIVATIONS
from nn_core.run.timeline import Timeline
from nn_core.storage.scripts import answers
from nn_core.storage.scripts.program import listed
from nn_core.storage.scripts.recipe import MOST_NUMBERS

_MAIN = """
if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: python {sys.argv[0]} FILE.csv")
    try:
        predict_file(sys.argv[1])
    except (OSError, ValueError) as error:
        sys.exit(f"{sys.argv[1]}: {error}")
"""


def model_script(timeline: Timeline) -> str:
    """The model as it stands, with all that it needs to predict from the cells of a row.

    `RequestError` where it has more parameters than a script lists.
    """
    model, schema = timeline.trainer.model, timeline.trainer.data.schema
    if model.flat.size > MOST_NUMBERS:
        raise RequestError(
            f"the model has {model.flat.size:,} parameters; a script lists at most {MOST_NUMBERS:,}"
        )
    columns = in_words([column.name for column in schema.columns])
    about = (
        f"{model.describe()}, after step {timeline.state.step}: from {columns} to "
        f"{in_words(schema.targets)}. `predict(rows)` takes a list of rows, each its cells by the "
        f"names of their columns, or in the order of COLUMNS, and gives {answers.meaning(schema)}. "
        "As a program it prints predictions for the rows of a CSV file. It needs NumPy alone."
    )
    first = f"The model {timeline.config.experiment!r} of nn-tui as a program of its own."
    parts = [
        f'"""{first}\n\n{textwrap.fill(about, answers.WIDTH, break_on_hyphens=False)}\n"""',
        "\n".join([*(f"import {name}" for name in answers.IMPORTS), "", "import numpy as np"]),
        "# --- from the cells of a row to inputs\n" + answers.encoding(schema),
        "# --- from inputs to outputs\n" + "\n".join(_model(model)),
        "# --- from outputs to an answer\n" + "\n".join(_predict(timeline)),
        answers.file_reader(schema),
        _MAIN,
    ]
    head, *others = (part.strip("\n") for part in parts)
    return f"{head}\n\n" + "\n\n\n".join(others) + "\n"


def _dtype(model: Model) -> str:
    return "" if model.flat.dtype == "float64" else f", np.{model.flat.dtype}"


def _model(model: Model) -> Iterator[str]:
    about = '    """What the model puts out, (outputs, rows), for inputs (inputs, rows)."""'
    if not model.is_listed_by_layer:
        for name, value in model.parameters.items():
            yield f"{name} = {float(value)!r}"
        yield from ("", "", "def outputs_of(x):", about, f"    return {_formula(model)}")
        return
    layers = model.layers()
    yield from _activations(tuple(layer.activation for layer in layers))
    closing = f"{_dtype(model)}),"
    yield "layers = [  # the weights (units, inputs), the biases, what a unit does to its sum"
    for layer in layers:
        yield "    ("
        yield f"        {listed(layer.weight, 'np.array(', closing, 12)}"
        yield f"        {listed(layer.bias, 'np.array(', closing, 12)}"
        yield from (f"        {_called(layer.activation)},", "    ),")
    yield from (
        "]", "", "", "def outputs_of(x):", about,
        "    for weights, biases, activate in layers:",
        "        x = activate(weights @ x + biases[:, None])",
        "    return x",
    )  # fmt: skip


def _formula(model: Model) -> str:
    names = list(model.parameters)
    if model.kind == "quadratic":
        return "a * x**2 + b * x + c"
    pairs = zip(names[::2], names[1::2], strict=True)
    return " + ".join(f"np.maximum({slope} * x + {shift}, 0)" for slope, shift in pairs)


def _called(activation: str) -> str:
    return activation.replace("-", "_")


def _activations(names: tuple[str, ...]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        found = ACTIVATIONS[name]
        if found.numpy_helper:
            yield from (found.numpy_helper.strip("\n"), "", "")
        yield f"def {_called(name)}(z):"
        yield f'    """What a unit does to its sum: {found.formula}."""'
        yield from (f"    return {found.numpy_value}", "", "")


def _predict(timeline: Timeline) -> Iterator[str]:
    model, schema = timeline.trainer.model, timeline.trainer.data.schema
    yield from answers.header(schema)
    width = len(schema.inputs)
    yield from (
        "", "", "def predict(rows):", f'    """Of raw rows {answers.meaning(schema)}."""',
        f"    inputs = np.array([inputs_of(row) for row in rows]{_dtype(model)})"
        f".reshape(-1, {width})",
        "    outputs = outputs_of(inputs.T).T",
    )  # fmt: skip
    if len(schema.classes) == 2:  # of one logit
        yield "    logits = np.hstack([-outputs, outputs])"
        yield "    shrunk = np.exp(-np.abs(logits))"
        yield "    return np.where(logits >= 0, 1, shrunk) / (1 + shrunk)  # 1 − σ(z) and σ(z)"
    elif schema.classes:
        yield "    raised = np.exp(outputs - outputs.max(axis=1, keepdims=True))"
        yield "    return raised / raised.sum(axis=1, keepdims=True)  # softmax"
    elif schema.y_scaling:
        yield "    return outputs * np.array(TARGET_DEVIATION) + np.array(TARGET_MEAN)"
    else:
        yield "    return outputs"
