"""From a table and a choice of its columns to inputs, targets and the Schema that made them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nn_core.arrays import Array
from nn_core.data.choosing import Choice
from nn_core.data.schema import Column, Schema, require_features
from nn_core.data.table import Table
from nn_core.errors import RequestError
from nn_core.formatting import listed, times

NAMED = 4  # most rows that are named one by one
MOST_LEVELS = 100  # different texts in a column of inputs
MOST_CLASSES = 1000
_TRUTHS = ("False", "True")
_HELD_BACK = frozenset({"test", "validation", "valid", "val", "held back", "holdout", "yes", "1"})
Draw = Callable[[int], Array]  # of so many rows, a mask of those that are held back


@dataclass(frozen=True, eq=False)
class Prepared:
    """Rows as they are trained on: `raw` (rows, columns), inputs x and targets y.

    `held` is a mask of the rows that are held back; None where none are.  `lines` are the lines of
    the file at which the rows stand, where they are known.
    """

    schema: Schema
    raw: Array
    x: Array
    y: Array
    held: Array | None = None
    dropped: int = 0
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    lines: Array | None = None


def prepare(
    table: Table,
    choice: Choice,
    missing: str = "drop",
    classes: bool = False,
    features: tuple[str, ...] = (),
    draw: Draw | None = None,
    constants: bool = False,
) -> Prepared:
    """Make rows to train on of a table.

    Columns with one value are left out unless `constants` are wanted.  With `classes` the different
    numbers of a target are classes, as texts always are.  What fills a missing cell is the mean, or
    the most frequent text, of the rows that aren't held back.
    `RequestError` where the rows or the columns aren't enough to learn from.
    """
    whole, (table, absent) = table, _complete(table, choice, missing)
    dropped = len(absent)
    source, notes = table.source, list(choice.notes)
    if dropped:
        kind, _, first = whole.place(absent[0]).partition(" ")
        others = (whole.place(row).split()[1] for row in absent[1:])
        which = f"{kind}{'s' * (dropped > 1)} {listed([first, *others], NAMED)}"
        notes.append(f"{times(dropped, 'row')} with missing cells dropped ({which})")
    if len(table.values) < 2:
        left = "one row of data is" if len(table.values) else "0 rows of data are"
        why = f", {notes[-1]}" if dropped else ""
        raise RequestError(f"{source}{why}: {left} not enough; at least 2 are needed")
    held = _marked(table, choice.marker) if choice.marker else None
    if draw is not None:
        held = draw(len(table.values))
    training = table if held is None else table.rows(~held)
    columns: list[Column] = []
    left_out: dict[str, list[str]] = {}
    for name in choice.inputs:
        column, why = _column(table, training, name, choice, missing, constants)
        columns += [column] if column else []
        if not column:
            left_out.setdefault(why, []).append(name)
    if not columns:
        reasons = [f"{name!r} is {why}" for why, names in left_out.items() for name in names]
        raise RequestError(
            f"{source}: column {listed(reasons, 3)}; nothing can be learnt from a constant column"
        )
    notes += [f"left out: {listed(names)} ({why})" for why, names in left_out.items()]
    require_features(features, columns)
    schema = Schema(tuple(columns), choice.targets, features=features)
    schema, y = _targets(table, choice, schema, classes)
    raw = columns_of(table, schema)
    filled = int(sum(np.isnan(table.column(column.name)).sum() for column in columns))
    if filled:
        notes.append(f"{times(filled, 'missing cell')} filled")
    return Prepared(
        schema, raw, schema.featured(raw), y, held, dropped, choice.texts, tuple(notes),
        table.lines,
    )  # fmt: skip


def columns_of(table: Table, schema: Schema) -> Array:
    """The values (rows, columns) that a Schema's inputs are made of, missing ones filled.

    `RequestError` where the table has a text that the Schema doesn't know.
    """
    found = []
    for column in schema.columns:
        values = table.column(column.name)
        if column.levels:
            values = _places(table, column.name, column.levels)
        if column.fill is not None:
            values = np.where(np.isnan(values), column.fill, values)
        found.append(values)
    return np.column_stack(found)


def targets_of(table: Table, schema: Schema) -> Array:
    """The targets (rows, outputs) of another table; `RequestError` for a class that is new."""
    if not schema.classes:
        return np.column_stack([table.column(name) for name in schema.targets])
    name = schema.targets[0]
    table, found = _labelled(table, name)
    return schema.one_hot(_places(table, name, schema.classes, found))


def _places(
    table: Table, name: str, known: tuple[str, ...], found: tuple[str, ...] | None = None
) -> Array:
    """A column's codes as places in texts that are known already."""
    found = table.levels.get(name, ()) if found is None else found
    if found == known:
        return table.column(name)
    codes = table.column(name)
    present = {found[int(code)] for code in np.unique(codes[~np.isnan(codes)])}
    new = sorted(present - set(known))
    if new:
        raise RequestError(
            f"{table.source}: column {name!r} has {listed(map(repr, new), 3)}, which the rows "
            f"to train on don’t have; they have {listed(known)}"
        )
    places = np.array([known.index(text) if text in known else np.nan for text in found] + [np.nan])
    translated: Array = places[np.where(np.isnan(codes), -1, codes).astype(int)]
    return translated


def _complete(table: Table, choice: Choice, missing: str) -> tuple[Table, list[int]]:
    """The rows in which nothing is missing that is needed, and which others there are."""
    needed = choice.targets if missing == "mean" else (*choice.inputs, *choice.targets)
    absent = np.zeros(len(table.values), bool)
    for name in needed:
        empty = np.isnan(table.column(name))
        if missing == "refuse" and empty.any():
            place = table.place(int(empty.argmax()))
            raise RequestError(f"{table.source}: {place}, column {name!r}: a value is missing")
        absent |= empty
    dropped = np.flatnonzero(absent).tolist()
    return (table.rows(~absent), dropped) if dropped else (table, [])


def _column(
    table: Table, training: Table, name: str, choice: Choice, missing: str, constants: bool
) -> tuple[Column | None, str]:
    """What a column becomes; or None, and why it is left out."""
    kind, values = choice.kinds[name], table.column(name)
    present = values[~np.isnan(values)]
    if not len(present):
        return None, "no values"
    low, high = float(present.min()), float(present.max())
    levels: tuple[str, ...] = ()
    if kind == "text":
        levels = tuple(table.levels[name][int(code)] for code in np.unique(present))
        if len(levels) > MOST_LEVELS:
            why = f"{len(levels)} different texts; at most {MOST_LEVELS} become inputs"
            if name in choice.named:
                raise RequestError(f"{table.source}: column {name!r} has {why}")
            return None, why
    if low == high and not (constants and kind == "number"):
        return None, f"{levels[0] if levels else f'{low:g}'} in every row"
    fill = None
    if missing == "mean":
        seen = training.column(name)
        seen = seen[~np.isnan(seen)]
        if not len(seen):
            return None, "no values in the rows to train on"
        fill = float(seen.mean())
        if levels:
            most = int(np.bincount(seen.astype(int)).argmax())
            fill = float(levels.index(table.levels[name][most]))
    return Column(name, levels, kind, fill), ""


def _targets(table: Table, choice: Choice, schema: Schema, classes: bool) -> tuple[Schema, Array]:
    texts = [name for name in choice.targets if choice.kinds[name] != "number"]
    if not (texts or classes):
        y = np.column_stack([table.column(name) for name in choice.targets])
        for name, column in zip(choice.targets, y.T, strict=True):
            if column.min() == column.max():
                raise RequestError(
                    f"{table.source}: column {name!r} is {column[0]:g} in every row; "
                    "nothing can be learnt from a constant column"
                )
        return schema, y
    name = (texts or choice.targets)[0]
    if len(choice.targets) > 1:
        raise RequestError(
            f"{table.source}: {name!r} holds classes; they are learnt alone, not beside "
            + listed(other for other in choice.targets if other != name)
        )
    table, found = _labelled(table, name)
    codes = table.column(name)
    present = tuple(found[int(code)] for code in np.unique(codes))
    if len(present) < 2:
        raise RequestError(
            f"{table.source}: column {name!r} is {present[0]} in every row; "
            "at least two classes are needed"
        )
    if len(present) > MOST_CLASSES:
        advice = "" if texts else "; --loss mse takes numbers as numbers"
        raise RequestError(
            f"{table.source}: column {name!r} has {len(present)} different values; "
            f"at most {MOST_CLASSES} classes are learnt{advice}"
        )
    schema = replace(schema, classes=present)
    return schema, schema.one_hot(_places(table, name, present, found))


def _labelled(table: Table, name: str) -> tuple[Table, tuple[str, ...]]:
    """A table in which a target's values are codes, and the classes that these stand for.

    Numbers are in order of size, texts in that of the alphabet.
    """
    if name in table.levels:
        return table, table.levels[name]
    if table.kind(name) == "truth":
        return table, _TRUTHS
    place = table.names.index(name)
    numbers, codes = np.unique(table.values[:, place], return_inverse=True)
    values = table.values.copy()
    values[:, place] = codes
    texts = tuple(f"{number:.12g}" for number in numbers.tolist())
    return replace(table, values=values), texts


def _marked(table: Table, name: str) -> Array:
    """A mask of the rows that a column says are held back."""
    values = table.column(name)
    texts = table.levels.get(name)
    if texts is None:
        held: Array = values == 1.0
    else:
        held = np.isin(values, [at for at, text in enumerate(texts) if text.lower() in _HELD_BACK])
    if not held.any() or held.all():
        raise RequestError(
            f"{table.source}: column {name!r} holds back {'every row' if held.all() else 'no row'};"
            " 1, True or the word test in it does so"
        )
    return held
