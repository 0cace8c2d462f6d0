"""The run as a NumPy script: forward and backward by hand, as the core has them.

The script does the same operations in the same order as the models and optimizers do, so that
rounding is the same too; only the schedules are computed number by number.
"""

import numpy as np

from nn_core.arrays import Place
from nn_core.config import Config
from nn_core.models.activations import ACTIVATIONS
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import optimizer_of
from nn_core.run.events import Event
from nn_core.run.timeline import Timeline
from nn_core.storage.scripts import recipe as recipes
from nn_core.storage.scripts.program import Dialect, Names, assemble, listed
from nn_core.storage.scripts.recipe import Recipe


def numpy_script(timeline: Timeline) -> str:
    """The run as it was recorded, or one not begun to its epoch target, as a NumPy program."""
    return assemble(recipes.of_run(timeline), NUMPY)


def _dtype(recipe: Recipe) -> str:
    return ", np.float32" if recipe.config.dtype == "float32" else ""


def _data(recipe: Recipe) -> str:
    data, inputs = recipe.data, recipe.data.x.shape[1]
    rows = listed(np.hstack([data.x, data.y]), "rows = np.array(", f"{_dtype(recipe)})")
    return (
        f"{rows}\n# Features first: a layer is then one product W·x.\n"
        f"x, y = rows[:, :{inputs}].T, rows[:, {inputs}:].T"
    )


def _loss_over(recipe: Recipe, x: str, y: str) -> str:
    if LOSSES[recipe.config.loss].is_of_difference:
        return f"loss_of(forward({x}, {y})[0])"
    return f"loss_of(logits := forward({x}, 0 * {y})[0], {y}.reshape(logits.shape))"


def _held_back(recipe: Recipe) -> str:
    held = recipe.data.validation
    assert held is not None  # patience watches them
    inputs = held.x.shape[1]
    rows = listed(np.hstack([held.x, held.y]), "held_rows = np.array(", f"{_dtype(recipe)})")
    return (
        f"# --- rows held back from training\n{rows}\n"
        f"held_x, held_y = held_rows[:, :{inputs}].T, held_rows[:, {inputs}:].T\n\n\n"
        'def held_back_loss():\n    """The loss of the parameters as they are on these rows."""\n'
        f"    return {_loss_over(recipe, 'held_x', 'held_y')}"
    )


def _start(recipe: Recipe, about: str) -> str:
    start = listed(recipe.start.parameters, "theta = np.array(", f"{_dtype(recipe)})")
    return f"# The parameters, all in one vector: {about}\n{start}"


_QUADRATIC = '''
def forward(x, y):
    """The residuals, prediction − target, and what `backward` needs.

    −y joins x², x, 1 as a fourth row, so that (a, b, c, 1) times them is the residual at once.
    """
    design = np.vstack([x**2, x, np.ones_like(x), -y])
    return np.append(theta, 1){cast}.dot(design), design


def backward(design, slope):
    """∂loss/∂a, ∂loss/∂b, ∂loss/∂c: the means of slope · x², slope · x, slope."""
    return (design[:3] / slope.size).dot(slope)
'''

_LINES = '''
lines = theta.reshape(-1, 2)  # the same numbers, a row a line: m, b


def forward(x, y):
    """The residuals, prediction − target, and what `backward` needs."""
    inputs = np.vstack([x, np.ones_like(x)])
    rectified = np.maximum(lines.dot(inputs), 0)  # max(m·x + b, 0)
    residual = np.ones(len(lines) + 1, x.dtype).dot(np.vstack([rectified, -y]))
    return residual, (inputs, rectified)


def backward(kept, slope):
    """∂loss/∂m and ∂loss/∂b of each line: the means of slope · x and slope where it isn’t cut."""
    inputs, rectified = kept
    slopes = np.sign(rectified) * slope  # sign: 1 where the line counts, 0 where it is cut off
    return slopes.dot(np.ascontiguousarray(inputs.T / slope.size)).ravel()
'''

_NETWORK = '''
def with_ones(values):
    """A row of ones below: the bias, the last column of a layer, meets it."""
    return np.vstack([values, np.ones_like(values[:1])])


{activations}


def forward(x, y):
    """The residuals, prediction − target, and each layer’s inputs and sums."""
    inputs, sums = [with_ones(x)], []
    for layer, (activate, _) in zip(layers, activations):
        sums.append(layer.dot(inputs[-1]))
        inputs.append(with_ones(activate(sums[-1])))
    return layers[-1].dot(inputs[-1]) - y, (inputs, sums)


def backward(kept, slope):
    """∂loss/∂parameters by the chain rule, from the last layer to the first."""
    inputs, sums = kept
    slope = slope * (1 / slope.size)  # of the mean
    gradients = []
    for at in reversed(range(len(layers))):
        gradients.append(slope.dot(inputs[at].T).ravel())  # ∂loss/∂[W | b]
        if at:
            _, derivative = activations[at - 1]
            slope = layers[at][:, :-1].T.dot(slope) * derivative(sums[at - 1], inputs[at][:-1])
    return np.concatenate(gradients[::-1])
'''


def _model(recipe: Recipe) -> str:
    cast = ".astype(np.float32)" if recipe.config.dtype == "float32" else ""
    if recipe.config.model == "quadratic":
        return _start(recipe, "a, b, c.") + "\n\n" + _QUADRATIC.replace("{cast}", cast)
    if recipe.config.model == "relu":
        names = ", ".join(place.name for place in recipe.start.layout.places)
        return _start(recipe, f"{names}.") + _LINES
    start = _start(recipe, "layer by layer, each as a matrix [W | b].")
    network = _NETWORK.replace("{activations}", _activations(recipe))
    return f"{start}\n{_layers(recipe)}\n\n{network}"


def _activations(recipe: Recipe) -> str:
    """What the hidden layers' units do, each kind as a function and its derivative."""
    hidden = len(recipe.start.layout.places) // 2 - 1
    names = recipe.config.activation
    names = names * hidden if len(names) == 1 else names
    texts = []
    for name in dict.fromkeys(names):
        found, called = ACTIVATIONS[name], name.replace("-", "_")
        texts += [found.numpy_helper.strip("\n")] * bool(found.numpy_helper)
        texts.append(
            f"def {called}(z):\n"
            f'    """What a hidden unit does to its sum: {found.formula}."""\n'
            f"    return {found.numpy_value}\n\n\n"
            f"def {called}_slope(z, h):\n"
            '    """Its derivative, from its sum and what it put out."""\n'
            f"    return {found.numpy_slope}"
        )
    pairs = [f"    ({name}, {name}_slope)," for name in (n.replace("-", "_") for n in names)]
    return (
        "\n\n\n".join(texts)
        + "\n\n\n"
        + "\n".join(["activations = [  # of each hidden layer", *pairs, "]"])
    )


def _layers(recipe: Recipe) -> str:
    """The matrices of the layers, as views of the vector of parameters."""
    lines = ["layers = ["]
    for weight in recipe.start.layout.places[::2]:
        units, inputs = weight.shape
        end = weight.start + units * (inputs + 1)
        lines.append(f"    theta[{weight.start}:{end}].reshape({units}, {inputs + 1}),")
    return "\n".join([*lines, "]"])


_UPDATE = '''
def update(gradient, rate):
    """Update all but what is frozen, and what the optimizer remembers of that."""
    vectors = [theta, *(kept for kept in vars(optimizer).values() if isinstance(kept, np.ndarray))]
    before = [vector[frozen] for vector in vectors]
    optimizer.update(gradient, rate)
    for vector, numbers in zip(vectors, before):
        vector[frozen] = numbers
'''


def _loop(recipe: Recipe, names: Names) -> list[str]:
    if LOSSES[recipe.config.loss].is_of_difference:
        lines = [
            f"residual, kept = forward({names.x}, {names.y})  # forward",
            "loss = loss_of(residual)  # loss",
            "gradient += backward(kept, slope_of(residual))  # backward",
        ]
    else:  # nothing is subtracted from the predictions
        lines = [
            f"logits, kept = forward({names.x}, 0 * {names.y})  # forward",
            f"targets = {names.y}.reshape(logits.shape)",
            "loss = loss_of(logits, targets)  # loss",
            "gradient += backward(kept, slope_of(logits, targets))  # backward",
        ]
    pulls = [
        term
        for name, term in (("l1", "l1 * np.sign(theta)"), ("l2", "2 * l2 * theta"))
        if recipe.uses(name)
    ]
    if pulls:
        lines.append(f"gradient += is_weight * ({' + '.join(pulls)})  # of the penalties")
    if recipe.uses("clip"):
        free = "gradient[~frozen]" if recipe.uses("freeze") else "gradient"
        lines.append(f"length = np.linalg.norm({free})")
        lines.append(f"{free} *= min(1, clip / (length + 1e-6))")
    update = "update" if recipe.uses("freeze") else "optimizer.update"
    return [*lines, f"{update}(gradient, {names.rate})  # update: here it learns"]


def _before_the_loop(recipe: Recipe) -> list[str]:
    lines = ["gradient = np.zeros_like(theta)"]
    if recipe.uses("l1") or recipe.uses("l2"):
        biases = [place for place in recipe.start.layout.places if place.is_bias]
        lines.append("is_weight = np.ones_like(theta)  # biases are free of penalties")
        lines += [f"{_part('is_weight', place)} = 0  # {place.name}" for place in biases]
    return lines


def _part(vector: str, place: Place) -> str:
    """The numbers of one array, in a vector of this name."""
    if not place.shape:
        return f"{vector}[{place.start}]"
    units, width = place.shape[0], place.strides[0]
    if place.is_bias:
        return f"{vector}[{place.start}:{place.start + (units - 1) * width + 1}:{width}]"
    end = place.start + units * width
    return f"{vector}[{place.start}:{end}].reshape({units}, {width})[:, :-1]"


def _freeze(recipe: Recipe, config: Config) -> list[str]:
    layout = recipe.start.layout
    frozen = [f"{_part('frozen', layout[name])} = True  # {name}" for name in recipe.frozen(config)]
    return ["frozen = np.zeros(len(theta), bool)", *frozen]


def _remember(recipe: Recipe) -> list[str]:
    state, lines = recipe.start, []
    for name, kind in optimizer_of(recipe.config).slots.items():
        slot = state.slots[name]
        if kind == "number" and slot.any():
            lines.append(f"optimizer.{name} = {int(slot[0])}")
        elif slot.any():
            lines.append(listed(slot, f"optimizer.{name}[:] = ", ""))
    if state.gradient.any() and False in recipe.values("zero_gradients"):
        lines.append(listed(state.gradient, "gradient[:] = ", ""))
    return lines


def _move(recipe: Recipe, event: Event) -> str:
    index, label = event.named["index"], recipe.start.layout.name(event.named["index"])
    if event.kind == "nudge":
        return f"theta[{index}] += {float(event.named['amount'])!r}  # {label}"
    return f"theta[{index}] = {float(event.named['value'])!r}  # {label}"


NUMPY = Dialect(
    name="NumPy",
    imports=("import numpy as np",),
    data=_data,
    model=_model,
    loss_of=lambda loss: loss.numpy,
    script_of=lambda optimizer: optimizer.numpy,
    before_the_loop=_before_the_loop,
    batch="inputs, targets = x.take(batch, axis=1), y.take(batch, axis=1)",
    zero="gradient[:] = 0",
    loop=_loop,
    move=_move,
    loss="loss",
    update=_UPDATE,
    freeze=_freeze,
    remember=_remember,
    loss_over=_loss_over,
    held_back=_held_back,
    kept="theta.copy()",
    put_back=("theta[:] = best",),
)
