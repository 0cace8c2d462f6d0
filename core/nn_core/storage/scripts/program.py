"""Scripts: a run as a program of its own, short enough to be read and learnt from.

What NumPy's and PyTorch's have in common stands here: the schedules, the batches, the loop, what
was done by hand.  A `Dialect` adds the model, the loss and the optimizers as each library has them.
Only what this run uses is written.
"""

import math
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nn_core.arrays import Array
from nn_core.config import Config
from nn_core.formatting import times
from nn_core.models.losses import LOSSES, Loss, loss_for
from nn_core.optim.optimizer import Optimizer, Script
from nn_core.optim.optimizers import optimizer_of
from nn_core.optim.schedules import SCHEDULES
from nn_core.run.events import Event
from nn_core.storage.scripts import answers
from nn_core.storage.scripts.recipe import Change, Recipe

WIDTH = 100
HELD = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Dialect:
    """How one library says what a run is made of.

    `answers` are the lines that predict for raw rows once it is trained, where the script does.

    `loss_over` is an expression for the loss of the parameters as they are, over rows x and y.
    `held_back` are the rows held back and a function of their loss, `kept` is an expression for
    what the parameters are, and `put_back` the lines that make them so again.

    `zero` and `loop` are the lines of a step's phases, `batch` the one that fetches its rows,
    `move` the one that moves a parameter by hand.  `update` is a function that leaves alone what
    is frozen, and `freeze` the lines that say what is.  `remember` are those that give optimizer
    and gradients what they begin with, where that isn't nothing.
    """

    name: str
    imports: tuple[str, ...]
    data: Callable[[Recipe], str]
    model: Callable[[Recipe], str]
    loss_of: Callable[[Loss], str]
    script_of: Callable[[Optimizer], Script]
    before_the_loop: Callable[[Recipe], list[str]]
    batch: str
    zero: str
    loop: Callable[[Recipe, "Names"], list[str]]
    move: Callable[[Recipe, Event], str]
    loss: str
    update: str
    freeze: Callable[[Recipe, Config], list[str]]
    remember: Callable[[Recipe], list[str]]
    loss_over: Callable[[Recipe, str, str], str]
    held_back: Callable[[Recipe], str]
    kept: str
    put_back: tuple[str, ...]
    answers: Callable[[Recipe], str] | None = None


@dataclass(frozen=True)
class Names:
    """What the loop calls what may differ from run to run."""

    x: str
    y: str
    rate: str


def assemble(recipe: Recipe, dialect: Dialect) -> str:
    """The whole script."""
    batches = recipe.has_batches
    schedules = [str(found) for found in recipe.values("schedule")]
    head = [_title(recipe, dialect), "", *_imports(recipe, dialect), "", f"STEPS = {recipe.steps}"]
    if batches or _watchers(schedules) or recipe.patience:
        head.append(f"ROWS = {recipe.data.rows}")
    head.append("DIGITS = int(sys.argv[1]) if len(sys.argv) > 1 else 3")
    parts = [
        "\n".join(head),
        "# --- data: a row is a point, its inputs and then its target\n" + dialect.data(recipe),
        "# --- model\n" + dialect.model(recipe),
        "# --- loss\n"
        + textwrap.dedent(dialect.loss_of(loss_for(recipe.config, recipe.data.y))).strip("\n"),
        *([dialect.held_back(recipe)] if recipe.patience else []),
        *_optimizers(recipe, dialect),
        *(["# --- freezing\n" + dialect.update.strip("\n")] if recipe.uses("freeze") else []),
        *_schedules(schedules),
        *([_order(recipe)] if batches else []),
        _SHOWN,
        "# --- training\n" + "\n".join(_training(recipe, dialect, schedules, batches)),
        *([dialect.answers(recipe)] if dialect.answers else []),
    ]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _title(recipe: Recipe, dialect: Dialect) -> str:
    config, data, start = recipe.config, recipe.data, recipe.start.step
    rows, size = data.rows, recipe.batch_size(config)
    batches = "" if size == rows else f" in batches of {size}"
    optimizer = optimizer_of(config).title
    also = " and NumPy" if recipe.has_batches and dialect.name != "NumPy" else ""
    about = (
        f"{recipe.formula}; {LOSSES[config.loss].title}, {optimizer}, {rows} rows{batches}. "
        + (f"It begins at step {start}, after {recipe.why}. " if recipe.why else "")
        + (_about_rows_held_back(recipe, data.validation.rows) if data.validation else "")
        + f"It needs {dialect.name}{also}, and prints each step’s loss before its update, "
        "and the loss at the end. "
        "An argument says with how many digits (3 without; 17 are all there are)."
        + (" A second one is a CSV file, for whose rows it predicts." if dialect.answers else "")
    )
    first = f"The run {config.experiment!r} of nn-tui as a program of its own, in {dialect.name}."
    return '"""' + first + "\n\n" + textwrap.fill(about, WIDTH, break_on_hyphens=False) + '\n"""'


def _about_rows_held_back(recipe: Recipe, rows: int) -> str:
    if not recipe.patience:
        return f"{rows} rows held back to validate on are not in it. "
    return (
        f"It ends after {times(recipe.patience, 'epoch')} without a lower loss on "
        f"{times(rows, 'row')} held back, or after its last step, with the best parameters for "
        "these. "
    )


def _imports(recipe: Recipe, dialect: Dialect) -> Iterator[str]:
    own = answers.IMPORTS if dialect.answers else ("math", "sys")
    yield from (*(f"import {name}" for name in own), "")
    if recipe.has_batches and "import numpy as np" not in dialect.imports:
        yield "import numpy as np"
    yield from dialect.imports


def _optimizers(recipe: Recipe, dialect: Dialect) -> Iterator[str]:
    scripts = (dialect.script_of(optimizer_of(config)) for config in recipe.configs)
    sources = list(dict.fromkeys(script.source.strip("\n") for script in scripts if script.source))
    if sources:
        yield "# --- optimizer\n" + "\n\n\n".join(sources)


def _new_optimizer(dialect: Dialect, config: Config) -> Iterator[str]:
    """The line that makes the optimizer, or three where one would be too long."""
    optimizer = optimizer_of(config)
    line = f"optimizer = {optimizer.new_in(dialect.script_of(optimizer))}"
    if len(line) <= WIDTH - 8:
        yield line
    else:
        opening, _, arguments = line.partition("(")
        yield from (f"{opening}(", f"    {arguments[:-1]}", ")")


# --- learning rate --------------------------------------------------------------------------------


def _schedules(names: list[str]) -> Iterator[str]:
    if names != ["constant"]:
        texts = [SCHEDULES[name].source.strip("\n") for name in names]
        about = "# --- schedule: what the learning rate is multiplied by\n"
        yield about + "\n\n\n".join(texts)


def _new_schedule(name: str, memory: Array | None = None) -> str:
    """The expression for a schedule; for one that remembers something, with that."""
    schedule = SCHEDULES[name]
    if not schedule.watcher:
        return schedule.called
    if memory is None or memory.tolist() == schedule.watcher.new_memory().tolist():
        return f"{schedule.called}()"
    numbers = [repr(value) if math.isfinite(value) else "math.inf" for value in memory.tolist()]
    return f"{schedule.called}({', '.join(numbers)})"


def _watchers(names: list[str]) -> list[str]:
    """What those of these schedules are called that look at the losses."""
    return [SCHEDULES[name].called for name in names if SCHEDULES[name].watcher]


def _rate(schedules: list[str]) -> str:
    return "learning_rate" if schedules == ["constant"] else "learning_rate * schedule(step, total)"


# --- batches --------------------------------------------------------------------------------------


def _order(recipe: Recipe) -> str:
    shuffles = recipe.values("shuffle")
    drawn = f"np.random.default_rng(({recipe.config.seed}, epoch)).permutation(ROWS)"
    conditions = []
    if True not in shuffles:
        body = ["    return np.arange(ROWS)"]
    else:
        if len(shuffles) == 2:
            conditions.append("shuffle")
        if any(recipe.batch_size(config) == recipe.data.rows for config in recipe.configs):
            conditions.append("batch_size < ROWS")
        unless = f"    if not ({' and '.join(conditions)}):\n        return np.arange(ROWS)\n"
        body = ([unless.rstrip("\n")] if conditions else []) + [f"    return {drawn}"]
    about = "drawn from seed and epoch alone" if True in shuffles else "file order"
    return "\n".join(
        [
            "# --- batches",
            "def order_of(epoch):",
            f'    """The rows in the order in which an epoch visits them: {about}."""',
            *body,
        ]
    )


# --- the loop -------------------------------------------------------------------------------------

_SHOWN = '''
def shown(loss):
    """At least so many significant digits: 2.42, 0.00123, 1234.5."""
    if loss == 0 or not math.isfinite(loss):
        return f"{loss:.{DIGITS - 1}f}"
    decimals = max(DIGITS - 1 - math.floor(math.log10(abs(loss))), 2)
    fits = decimals < 8 and abs(loss) < 1e9
    return f"{loss:.{decimals}f}" if fits else f"{loss:.{DIGITS - 1}e}"
'''


def _training(
    recipe: Recipe, dialect: Dialect, schedules: list[str], batches: bool
) -> Iterator[str]:
    config, start = recipe.config, recipe.start
    yield f"learning_rate = {float(config.learning_rate)!r}"
    yield from _new_optimizer(dialect, config)
    if schedules != ["constant"]:
        memory = recipe.start.slots.get(config.schedule)
        yield f"schedule = {_new_schedule(config.schedule, memory)}"
        yield f"total = {recipe.total(config)}  # steps that the run is planned for"
    if len(recipe.values("zero_gradients")) == 2:
        yield f"zero_gradients = {config.zero_gradients}"
    if batches and len(recipe.values("shuffle")) == 2:
        yield f"shuffle = {config.shuffle}"
    if batches:
        yield f"batch_size = {recipe.batch_size(config)}"
    for name in ("clip", "l1", "l2"):
        if recipe.uses(name):
            yield _number(name, config)
    if recipe.uses("freeze"):
        yield from dialect.freeze(recipe, config)
    yield from dialect.before_the_loop(recipe)
    yield from dialect.remember(recipe)
    watchers = _watchers(schedules)
    tracks_epochs = batches or bool(watchers) or recipe.patience > 0
    if tracks_epochs:
        at = f"{start.epoch}, {start.position}"
        yield f"epoch, position = {at}  # passes over the data done, rows of this one used"
    if batches and start.position:
        yield "order = order_of(epoch)"
    if recipe.patience:
        yield f"lowest, lowest_at, best = held_back_loss(), epoch, {dialect.kept}"
    yield f"for step in range({f'{start.step}, ' if start.step else ''}STEPS):"
    for change in recipe.changes:
        lines = list(_change(recipe, dialect, schedules, batches, change))
        if lines:  # shuffling, say, is nothing to a run without batches
            yield f"    if step == {change.step}:  # by hand"
        yield from (f"        {line}" for line in lines)
    if batches:
        yield "    if position == 0:"
        yield "        order = order_of(epoch)"
        yield "    batch = order[position : position + batch_size]  # the last may be smaller"
        yield f"    {dialect.batch}"
    yield f"    {_zero(recipe, dialect)}"
    x, y = ("inputs", "targets") if batches else ("x", "y")
    for line in dialect.loop(recipe, Names(x, y, _rate(schedules))):
        yield f"    {line}"
    yield f'    print(f"step={{step}}; loss={{shown({dialect.loss})}}")'
    size = "batch_size" if batches else "ROWS"
    if watchers:
        only = len(watchers) == len(schedules)
        if not only:
            yield f"    if isinstance(schedule, {' | '.join(watchers)}):"
        inset = "    " if only else "        "
        yield f"{inset}is_over = position + {size} >= ROWS"
        yield f"{inset}schedule.observe({dialect.loss}, is_over, learning_rate)"
    if tracks_epochs:
        yield f"    position += {size}"
        yield "    if position >= ROWS:"
        yield "        epoch, position = epoch + 1, 0"
    if recipe.patience:
        yield "        held_back = held_back_loss()"
        yield "        if math.isfinite(held_back) and not lowest <= held_back:"
        yield f"            lowest, lowest_at, best = held_back, epoch, {dialect.kept}"
        yield f"        elif epoch - lowest_at >= {recipe.patience}:"
        yield "            break  # out of patience"
        yield from dialect.put_back
    yield f"loss = {dialect.loss_over(recipe, 'x', 'y')}  # after the last update"
    ended = "epochs={lowest_at}" if recipe.patience else "steps={STEPS}"
    yield f'print(f"{ended}; loss={{shown(loss)}}")'


def _number(name: str, config: Config) -> str:
    """The line that sets how long a gradient may be, or how much a weight costs."""
    value = float(getattr(config, name))
    return f"{name} = {'math.inf' if name == 'clip' and not value else repr(value)}"


def _zero(recipe: Recipe, dialect: Dialect) -> str:
    values = recipe.values("zero_gradients")
    if values == [False]:
        return "# Gradients are never zeroed: each update uses the sum of all so far."
    zero = f"{dialect.zero}  # zero"
    return zero if values == [True] else f"if zero_gradients:\n        {zero}"


def _change(
    recipe: Recipe, dialect: Dialect, schedules: list[str], batches: bool, change: Change
) -> Iterator[str]:
    """The lines that do what was done by hand before a step."""
    before, after, touched = change.before, change.after, change.touched
    if before.learning_rate != after.learning_rate:
        yield f"learning_rate = {float(after.learning_rate)!r}"
    if "optimizer" in touched:
        yield from _new_optimizer(dialect, after)
    else:
        old, new = optimizer_of(before), optimizer_of(after)
        names = [name for name, value in new.constants.items() if value != old.constants[name]]
        yield from new.turned_in(dialect.script_of(new), names)
    if "schedule" in touched and schedules != ["constant"]:
        yield f"schedule = {_new_schedule(after.schedule)}"
    if schedules != ["constant"] and recipe.total(before) != recipe.total(after):
        yield f"total = {recipe.total(after)}"
    for name in ("clip", "l1", "l2"):
        if getattr(before, name) != getattr(after, name):
            yield _number(name, after)
    if before.freeze != after.freeze:
        yield from dialect.freeze(recipe, after)
    if before.zero_gradients != after.zero_gradients:
        yield f"zero_gradients = {after.zero_gradients}"
    if batches and "batch_size" in touched:
        yield f"batch_size, position = {recipe.batch_size(after)}, 0  # the epoch begins again"
    if batches and before.shuffle != after.shuffle:
        yield f"shuffle = {after.shuffle}"
        yield "order = order_of(epoch)"
    for event in change.moves:
        yield dialect.move(recipe, event)


def listed(values: Array, opening: str, closing: str, inset: int = 4) -> str:
    """Numbers as they stand in a program, wrapped; a short row is not broken."""
    whole = repr(values.tolist())
    if len(whole) + len(opening) + len(closing) + inset <= WIDTH + 4:
        return opening + whole + closing
    parts = [repr(part) for part in values.tolist()]
    # Within a short row a space that no line is broken at.
    parts = [part.replace(" ", HELD) if len(part) <= WIDTH - inset else part for part in parts]
    filled = textwrap.fill(
        ", ".join(parts) + ",",
        WIDTH,
        initial_indent=" " * inset,
        subsequent_indent=" " * inset,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{opening}[\n{filled.replace(HELD, ' ')}\n{' ' * (inset - 4)}]{closing}"
