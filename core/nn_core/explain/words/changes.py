"""Words about a setting that was changed, and the run that another began in place of."""

from collections.abc import Iterator
from pathlib import Path

from nn_core.config import CONSTANTS, NAMED_DATA, Config, setting, show
from nn_core.config.experiments import default_of
from nn_core.config.idle import idle
from nn_core.config.key_names import key_name, with_keys
from nn_core.config.values import noise_said
from nn_core.explain.outcomes import LONGEST_NAME, Changed, Left, Outdated, outcome_sentences
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.words.start import DROPPED, LEFT_OUT, far_from_1
from nn_core.formatting import LINE_WIDTH, listed, short, shown, times
from nn_core.models.initializers import INITIALIZERS
from nn_core.optim.optimizers import is_plain_descent, optimizer_of
from nn_core.optim.schedules import SCHEDULES
from nn_core.training.batches import too_large

COMPARED = ("optimizer", "schedule", "batch_size")  # what a run with another is held against
_BRIEF = {"learning_rate": "lr"}  # as the status line has it
_BRIEFLY_LEFT = "The run before is saved; {key.palette} resume goes back to it."
_LEFT_IN_A_WORD = "{key.palette} resume goes to the run before."


@outcome_sentences.register(Changed)
def _changed(outcome: Changed, snapshot: Snapshot) -> Iterator[str]:
    said = [*_changed_by(outcome, snapshot)]
    left = "" if outcome.left is None else next(outcome_sentences(outcome.left, snapshot))
    # On one line there is room for what the new run needs, such as scaling.
    briefly = [left]
    if isinstance(outcome.left, Left):
        briefly += map(with_keys, (_BRIEFLY_LEFT, _LEFT_IN_A_WORD))
    openings = said if len(said) == 1 else []
    if outcome.name == "data" and (briefer := [*_left_out(outcome, snapshot)]):
        openings = briefer
        said = [next((each for each in openings if len(each) <= LINE_WIDTH), openings[-1])]
    together = (f"{opening} {each}" for opening in openings for each in briefly if left)
    if one := next((each for each in together if len(each) <= LINE_WIDTH), ""):
        yield one
        return
    yield from said
    if left:
        yield left


def _left_out(outcome: Changed, snapshot: Snapshot) -> Iterator[str]:
    """What was read, and which of its rows and columns were not, in fewer and fewer words.

    Where columns are to be scaled, which takes the line on which it is said else.
    """
    rows = [note for note in snapshot.scene.notes if DROPPED in note]
    columns = [note for note in snapshot.scene.notes if note.startswith(LEFT_OUT)]
    is_a_file = outcome.value not in NAMED_DATA
    if not (rows or columns) or not is_a_file or not any(far_from_1(snapshot)):
        return
    brief = [note.replace(DROPPED, " dropped") for note in rows]
    bare = [note.partition(" (")[0] for note in brief]
    opening = f"Data: {_file_name(outcome.value)}"
    if outcome.model and not rows:
        yield f"{opening}, with {outcome.model}; {'; '.join(columns)}."
    for said in ([*rows, *columns], [*brief, *columns], [*bare, *columns]):
        yield f"{opening}; {'; '.join(said)}."
    if columns:
        yield f"{opening}; {'; '.join([*bare, 'columns left out'])}."


def _changed_by(outcome: Changed, snapshot: Snapshot) -> Iterator[str]:
    if outcome.name == "learning_rate":
        rate = short(outcome.value)
        plain = is_plain_descent(snapshot.config) and snapshot.config.schedule == "constant"
        law = f", update = −{rate} · gradient" if plain else ""
        yield f"Learning rate {rate}: from here on{law}."
    elif outcome.name == "zero_gradients" and outcome.value:
        yield "Zeroing is on: from the next step on, each uses its own gradient alone."
        if outcome.was is False:
            yield with_keys(
                "The zeroed twin beside it is gone; {key.zeroing} again brings it back."
            )
    elif outcome.name == "zero_gradients":
        yield "Zeroing is off: from here on, each update uses the sum of all gradients."
        yield "Its zeroed twin goes beside it: the same run as it would be with zeroing on."
    elif outcome.name == "epochs":
        yield f"The target is {times(outcome.value, 'epoch')} now; training stops there by itself."
        if SCHEDULES[snapshot.config.schedule].ends and snapshot.step:
            schedule, rate = snapshot.config.schedule, short(snapshot.learning_rate)
            yield f"The schedule, {schedule}, now spans them all: the rate is {rate}."
    elif outcome.name == "patience" and outcome.value:
        wait = times(outcome.value, "epoch")
        yield f"Patience: after {wait} without a lower validation loss it goes back to the lowest."
    elif outcome.name == "schedule":
        ahead = SCHEDULES[outcome.value]
        over = f" over {times(snapshot.config.epochs, 'epoch')}" if ahead.ends else ""
        yield f"Schedule: {ahead.title}{over}; the rate is {short(snapshot.learning_rate)} now."
        if ahead.ends and 0 < snapshot.config.epochs <= snapshot.epoch:
            yield with_keys(
                "It ends here; more epochs ({key.run_or_pause}) stretch it, and the rate rises."
            )
    elif outcome.name == "optimizer":
        found = optimizer_of(snapshot.config)
        yield f"{found.title}: from here on each parameter w becomes {found.formula}."
    elif outcome.name in CONSTANTS:
        found = optimizer_of(snapshot.config)
        value, about = show(found.constants.get(outcome.name)), setting(outcome.name).about
        yield f"{setting(outcome.name).title.capitalize()} {value} from here on: {about}."
    elif outcome.name == "freeze" and outcome.value:
        yield f"Frozen, no update from here on: {', '.join(map(shown, outcome.value))}."
    elif outcome.name == "freeze":
        yield "Nothing is frozen: from here on every parameter gets its update."
    elif outcome.name == "clip" and outcome.value:
        longest = show(outcome.value)
        yield f"Clipping: a gradient longer than {longest} is shortened to {longest}, then used."
    elif outcome.name in ("l1", "l2") and outcome.value:
        formula = f"{show(outcome.value)} · {'Σ|w|' if outcome.name == 'l1' else 'Σw²'}"
        yield f"Penalty: {formula} over the weights; it pulls them to 0. The loss is without it."
    elif outcome.name == "batch_size" and outcome.value == 0:
        yield "Batch size: all rows."
    elif outcome.name == "batch_size" and outcome.value > snapshot.scene.rows:
        yield f"{too_large(outcome.value, snapshot.scene.rows).capitalize()}."
    elif outcome.name == "init":
        yield f"Init {outcome.value}: {INITIALIZERS[outcome.value].about}."
    elif outcome.name == "noise":
        yield noise_said(outcome.value)
    elif outcome.name == "data" and outcome.value not in NAMED_DATA:
        model = f", with {outcome.model}" if outcome.model else ""
        yield f"Data: {_file_name(outcome.value)}{model}."
    elif outcome.name != "pace":
        value = show(outcome.value) or "none"
        yield f"{outcome.name.replace('_', ' ').capitalize()}: {value}."
    if outcome.name in COMPARED and snapshot.step:
        yield with_keys(
            "Steps so far stay as they were; {key.restart} begins again with it and keeps this run."
        )
    if where := idle(snapshot.config, outcome.name):
        yield f"It does nothing in this run ({where}), but stays set."
    if outcome.stayed:
        yield _still_set(snapshot.config, outcome.stayed)
    if snapshot.config.load and setting(outcome.name).effect == "restart":
        yield f"It starts from the parameters of {Path(snapshot.config.load).name}."


@outcome_sentences.register(Outdated)
def _outdated(outcome: Outdated, snapshot: Snapshot) -> Iterator[str]:
    reads = with_keys("{key.palette} open a table reads it again")
    yield f"{_file_name(outcome.name)} was written again since it was read; {reads}."


def _file_name(path: str) -> str:
    """The name of a file without its folders; of a very long one its end."""
    name = Path(path).name
    return name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"


def _still_set(config: Config, names: tuple[str, ...]) -> str:
    """That these settings stayed with a model that was changed, and how to take its own.

    Where the line has no room for all of its own, as where there are four, they are not named.
    """
    kept = listed(
        f"{_BRIEF.get(each, setting(each).title)} {show(getattr(config, each))}" for each in names
    )
    own = listed(show(default_of(config, each)) for each in names)
    opens = f"“Open {config.experiment}” ({key_name('palette')})"
    said = [f"Still set: {kept}. {opens} has {has}." for has in (own, "its own")]
    return said[len(said[0]) > LINE_WIDTH]
