"""Words about a run before its first step."""

from collections.abc import Iterator, Sequence

from nn_core.config import MADE_DATA
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.key_names import with_keys
from nn_core.explain.scene import Scene
from nn_core.explain.snapshot import Snapshot
from nn_core.explain.words import divergence
from nn_core.formatting import listed
from nn_core.training.batches import too_large

LEFT_OUT = "left out: "  # how what is said of columns begins
DROPPED = " with missing cells dropped"  # how what is said of rows goes on
NAMED = 4  # most columns, or classes, that are named one by one

# What an experiment's own description speaks of; with another, it would no longer be true.
_ABOUT = ("model", "activation", "data", "rows", "noise", "data_seed", "scale")


def far_from_1(snapshot: Snapshot) -> Iterator[str]:
    """That columns far from 1, or near 0, had better be scaled, before it fails."""
    if snapshot.step or snapshot.running or snapshot.phase:
        return
    press = "press {key.scale} to scale them, or it"
    if found := divergence.far_from_1(snapshot.scene):
        yield with_keys(f"{found}: {press} may diverge.")
    elif found := divergence.near_0(snapshot):
        yield with_keys(f"{found}: {press} learns little.")


def _columns(scene: Scene) -> str:
    """What is told from what, of a table that has names for it."""
    target, inputs = scene.target, scene.inputs
    if scene.classes:
        many = len(scene.classes) > NAMED
        target += f" ({len(scene.classes)} classes)" if many else f" ({' or '.join(scene.classes)})"
    named = listed(inputs) if len(inputs) <= NAMED else f"{len(inputs)} inputs"
    return f"{target} from {named}, of {scene.source}"


def about_table(snapshot: Snapshot) -> str:
    """What a table's columns are for, what was left out of it, how its rows are counted.

    Empty where the data are made, by a formula or in the plane.
    """
    scene = snapshot.scene
    if snapshot.config.data in MADE_DATA:
        return ""
    notes = "".join(f" {each[0].upper()}{each[1:]}." for each in scene.notes)
    counted = "Points are counted from 1, after the header, without rows dropped or held back."
    point = snapshot.point
    if point.line is not None:
        counted += f" Point {point.index + 1} stands at line {point.line} of the file."
    return f"{_columns(scene)}.{notes} {counted}"


def _left_out(scene: Scene, has_one_line: bool) -> Iterator[str]:
    """What was left out of a table; in briefer and briefer words where there is one line for it."""
    brief = [note.replace(DROPPED, " dropped") for note in scene.notes]
    bare = [note.partition(" (")[0] if " dropped" in note else note for note in brief]
    rows = [note for note in bare if note.endswith(" dropped")]
    columns = [note for note in brief if note.startswith((LEFT_OUT, "target: "))]
    told = [brief, bare, [] if rows else columns] if has_one_line else []
    yield from map(_together, filter(None, [scene.notes, *told]))
    if has_one_line and scene.texts:
        left = listed(scene.texts) if len(scene.texts) <= NAMED else f"{len(scene.texts)} columns"
        left = ", ".join([f"{left} of texts", *rows])
        yield with_keys(f"Left out: {left}; {{key.palette}} left out tells more.")
    if has_one_line and rows:
        yield from map(_together, filter(None, [rows, columns]))


def _together(notes: Sequence[str]) -> str:
    said = "; ".join(notes)
    return f"{said[0].upper()}{said[1:]}."


def before_the_first_step(snapshot: Snapshot) -> Iterator[str]:
    """What the experiment is, and which keys begin."""
    if snapshot.step or snapshot.phase or snapshot.running:
        return
    known, config = EXPERIMENTS.get(snapshot.config.experiment), snapshot.config
    scene = snapshot.scene
    if not config.zero_gradients:
        yield "Zeroing is off: a step adds its gradient to those before and uses the sum."
        yield with_keys(
            "Guess where that leads the loss, then {key.run_or_pause}; {key.zeroing} zeroes again."
        )
        return
    if known and any(getattr(config, name) != getattr(known.config, name) for name in _ABOUT):
        known = None
    if known:
        about = known.about[0].upper() + known.about[1:]
    elif config.data not in MADE_DATA:
        about = _columns(scene)
    else:  # a formula keeps its letters: Y is not y
        about = f"{scene.formula}, on {scene.source}"
    scaled = " Scaled: mean 0, deviation 1." if scene.scaled else ""
    told = [f"{about}.{'' if 'scaled' in about else scaled}"]
    # Of a table of one's own first what was left out: nothing else on the screen tells that.
    place = 1 if known else 0
    told[place:place] = _left_out(scene, has_one_line=any(far_from_1(snapshot)))
    if said := too_large(config.batch_size, scene.rows):
        yield f"{said.capitalize()}."
    yield from told
    chosen = snapshot.chosen
    takes = "{key.step} takes one step down the gradient, {key.into} goes into it"
    if scene.is_listed_by_layer or chosen is None:
        yield with_keys(f"{takes}; {{key.run_or_pause}} lets it run.")
    else:
        yield with_keys(f"{takes}; {{key.lower+raise}} moves {chosen.label} by hand.")
