"""The run as a PyTorch script: the same model, loss and optimizer as that library has them."""

import numpy as np

from nn_core.arrays import Array
from nn_core.config import Config
from nn_core.errors import RequestError
from nn_core.models.activations import ACTIVATIONS
from nn_core.optim.optimizers import optimizer_of
from nn_core.run.events import Event
from nn_core.run.timeline import Timeline
from nn_core.storage.scripts import answers
from nn_core.storage.scripts import recipe as recipes
from nn_core.storage.scripts.program import Dialect, Names, assemble, listed
from nn_core.storage.scripts.recipe import Change, Recipe


def torch_script(timeline: Timeline) -> str:
    """The run as it was recorded, or one not begun to its epoch target, as a PyTorch program.

    `RequestError` where something was done to it that such a program can't say.
    """
    recipe = recipes.of_run(timeline)
    frozen = {recipe.frozen(config) for config in recipe.configs}
    counting = [found.title for found in map(optimizer_of, recipe.configs) if found.counts]
    if len(frozen) > 1 and counting:
        raise RequestError(
            f"what is frozen changed under {counting[0]}, which in PyTorch counts the updates of "
            "each parameter by itself; a PyTorch script can’t say that"
        )
    if any(map(_begins_to_roll, recipe.changes)):
        raise RequestError(
            "momentum was raised from 0, at which PyTorch remembers no velocity; "
            "a PyTorch script can’t say that"
        )
    return assemble(recipe, TORCH)


def _begins_to_roll(change: Change) -> bool:
    """Whether an optimizer that goes on gets momentum after it had none."""
    before, after = (
        optimizer_of(config).constants.get("momentum") for config in (change.before, change.after)
    )
    return "optimizer" not in change.touched and before == 0 and bool(after)


def _data(recipe: Recipe) -> str:
    data, inputs = recipe.data, recipe.data.x.shape[1]
    rows = listed(np.hstack([data.x, data.y]).astype(float), "rows = torch.tensor(", ")")
    return (
        f"torch.set_default_dtype(torch.{recipe.config.dtype})\n{rows}\n"
        f"x, y = rows[:, :{inputs}], rows[:, {inputs}:]"
    )


def _held_back(recipe: Recipe) -> str:
    held = recipe.data.validation
    assert held is not None  # patience watches them
    inputs = held.x.shape[1]
    rows = listed(np.hstack([held.x, held.y]).astype(float), "held_rows = torch.tensor(", ")")
    return (
        f"# --- rows held back from training\n{rows}\n"
        f"held_x, held_y = held_rows[:, :{inputs}], held_rows[:, {inputs}:]\n\n\n"
        'def held_back_loss():\n    """The loss of the parameters as they are on these rows."""\n'
        "    with torch.no_grad():\n        return loss_of(model(held_x), held_y).item()"
    )


def _model(recipe: Recipe) -> str:
    if recipe.config.is_network:
        return _network(recipe)
    names = [place.name for place in recipe.start.layout.places]
    start = listed(recipe.start.parameters, "start = ", "")
    if recipe.config.model == "quadratic":
        formula = "a * x**2 + b * x + c"
    else:
        pairs = zip(names[::2], names[1::2], strict=True)
        formula = " + ".join(f"torch.relu({m} * x + {b})" for m, b in pairs)
    return (
        f"{start}\n"
        f"{', '.join(names)} = parameters = "
        "[torch.nn.Parameter(torch.tensor(value)) for value in start]\n\n\n"
        f"def model(x):\n    return {formula}"
    )


def _network(recipe: Recipe) -> str:
    weights, names = recipe.start.layout.places[::2], recipe.config.activation
    names = names * len(weights) if len(names) == 1 else (*names, "identity")
    layers: list[str] = []
    for weight, name in zip(weights, names, strict=True):
        units, inputs = weight.shape
        layers += [
            f"    torch.nn.Linear({inputs}, {units}),",
            f"    torch.nn.{ACTIVATIONS[name].torch},",
        ]
    start = [
        "    " + listed(array, f'"{name}": torch.tensor(', "),", inset=8)
        for name, array in recipe.start.layout.views(recipe.start.parameters).items()
    ]
    return "\n".join(
        [
            "model = torch.nn.Sequential(",
            *layers[:-1],
            ")",
            "start = {",
            *start,
            "}",
            "model.load_state_dict(start)",
            "parameters = list(model.parameters())",
        ]
    )


_UPDATE = '''
def update():
    """Update all but what is frozen: without a gradient the optimizer leaves a parameter alone."""
    gradients = [parameter.grad for parameter in frozen]
    for parameter in frozen:
        parameter.grad = None
    optimizer.step()
    for parameter, gradient in zip(frozen, gradients):
        parameter.grad = gradient
'''


def _loop(recipe: Recipe, names: Names) -> list[str]:
    lines = [
        f"prediction = model({names.x})  # forward",
        f"loss = loss_of(prediction, {names.y})  # loss",
    ]
    costs = [
        cost
        for name, cost in (("l1", "l1 * weight.abs()"), ("l2", "l2 * weight.square()"))
        if recipe.uses(name)
    ]
    if costs:
        lines.append(f"penalty = sum(({' + '.join(costs)}).sum() for weight in weights)")
    lines.append(f"{'(loss + penalty)' if costs else 'loss'}.backward()  # backward")
    if recipe.uses("clip"):
        free = "parameters"
        if recipe.uses("freeze"):
            free = "free"
            lines.append("free = [p for p in parameters if not any(p is f for f in frozen)]")
        lines.append(f"torch.nn.utils.clip_grad_norm_({free}, clip)")
    if len(recipe.values("learning_rate")) > 1 or names.rate != "learning_rate":
        lines.append(f'optimizer.param_groups[0]["lr"] = {names.rate}')
    update = "update" if recipe.uses("freeze") else "optimizer.step"
    return [*lines, f"{update}()  # update: here it learns"]


def _before_the_loop(recipe: Recipe) -> list[str]:
    if not (recipe.uses("l1") or recipe.uses("l2")):
        return []
    weights = [place.name for place in recipe.start.layout.places if not place.is_bias]
    named = ", ".join(_named(name) for name in weights)
    return [f"weights = [{named}]  # biases are free of penalties"]


def _named(name: str) -> str:
    """A parameter as the script calls it."""
    layer, dot, part = name.partition(".")
    return f"model[{layer}].{part}" if dot else name


def _freeze(recipe: Recipe, config: Config) -> list[str]:
    named = ", ".join(_named(name) for name in recipe.frozen(config))
    return [f"frozen = [{named}]"]


def _remember(recipe: Recipe) -> list[str]:
    state, lines = recipe.start, []
    optimizer = optimizer_of(recipe.config)
    slots, script = optimizer.slots, optimizer.torch
    for place in state.layout.places:
        name = _named(place.name)
        if any(state.slots[slot].any() for slot in slots):
            lines.append(f"optimizer.state[{name}] = {{")
            if not (optimizer.counts or script.source):
                # PyTorch's SGD and RMSprop keep one too, which nothing looks at.
                lines.append('    "step": torch.tensor(0.0),')
            for slot, kind in slots.items():
                numbers = state.slots[slot]
                part = numbers[0] if kind == "number" else place.view(numbers)
                key = script.memory.get(slot, slot)
                lines.append(f"    {_tensor(np.asarray(part), f'{key!r}: ')},")
            lines.append("}")
        if state.gradient.any() and False in recipe.values("zero_gradients"):
            lines.append(_tensor(place.view(state.gradient), f"{name}.grad = "))
    return lines


def _tensor(values: Array, before: str) -> str:
    return listed(values, f"{before}torch.tensor(", ")", inset=8)


def _move(recipe: Recipe, event: Event) -> str:
    label, assigns = recipe.start.layout.name(event.named["index"]), event.kind == "assign"
    name, bracket, position = label.partition("[")
    if bracket:  # one number of an array
        place = f"{_named(name)}.data{bracket}{position}"
        return f"{place} = {_value(event)}" if assigns else f"{place} += {_value(event)}"
    return f"{name}.data.fill_({_value(event)})" if assigns else f"{name}.data += {_value(event)}"


def _value(event: Event) -> str:
    return repr(float(event.named["value" if event.kind == "assign" else "amount"]))


def _answers(recipe: Recipe) -> str:
    schema = recipe.data.schema
    if len(schema.classes) == 2:  # of one logit
        answer = "torch.sigmoid(torch.hstack([-outputs, outputs]))"
    elif schema.classes:
        answer = "outputs.softmax(dim=1)"
    elif schema.y_scaling:
        answer = "outputs * torch.tensor(TARGET_DEVIATION) + torch.tensor(TARGET_MEAN)"
    else:
        answer = "outputs"
    predict = [
        *answers.header(schema),
        "",
        "",
        "def predict(rows):",
        f'    """Of raw rows {answers.meaning(schema)}."""',
        "    inputs = torch.tensor([inputs_of(row) for row in rows])",
        "    with torch.no_grad():",
        f"        outputs = model(inputs.reshape(-1, {len(schema.inputs)}))",
        f"    return {answer}",
    ]
    return "\n\n\n".join(
        [
            "# --- from the cells of a row to an answer\n" + answers.encoding(schema),
            "\n".join(predict),
            answers.file_reader(schema),
            "if len(sys.argv) > 2:\n    predict_file(sys.argv[2])",
        ]
    )


TORCH = Dialect(
    name="PyTorch",
    imports=("import torch",),
    data=_data,
    model=_model,
    loss_of=lambda loss: loss.torch,
    script_of=lambda optimizer: optimizer.torch,
    before_the_loop=_before_the_loop,
    batch="inputs, targets = x[batch], y[batch]",
    zero="optimizer.zero_grad()",
    loop=_loop,
    move=_move,
    loss="loss.item()",
    update=_UPDATE,
    freeze=_freeze,
    remember=_remember,
    loss_over=lambda recipe, x, y: f"loss_of(model({x}), {y}).item()",
    held_back=_held_back,
    kept="[p.detach().clone() for p in parameters]",
    put_back=(
        "for parameter, values in zip(parameters, best):",
        "    parameter.data.copy_(values)",
    ),
    answers=_answers,
)
