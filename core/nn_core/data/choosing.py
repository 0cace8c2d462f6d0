"""Which columns of a table become inputs and targets, and why others are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from nn_core.data.cells import READ_AS, Kind
from nn_core.errors import RequestError
from nn_core.formatting import listed

ALL = "all"  # as the only input: every column that can be one
# Why a column that nobody named isn't an input.
_REASONS: Mapping[Kind, str] = {
    "text": "text",
    "truth": "True and False",
    "date": "dates",
    "empty": "no values",
    "index": "it numbers the rows",
    "names": "nearly every text another",
}
_USED_AS: Mapping[Kind, Kind] = {"empty": "number", **READ_AS}


@dataclass(frozen=True)
class Choice:
    """The columns that are inputs and targets, what each holds, and what there is to say about it.

    `named` are the inputs that were asked for one by one: they aren't left out without an error.
    """

    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    kinds: dict[str, Kind]
    named: frozenset[str] = frozenset()
    marker: str = ""  # the column that says which rows are held back
    texts: tuple[str, ...] = ()  # that are neither, and could be targets
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are to be read."""
        return (*self.inputs, *self.targets, *([self.marker] if self.marker else []))


def choose(
    names: Sequence[str],
    kinds: Mapping[str, Kind],
    source: str,
    x: Sequence[str] = (),
    y: Sequence[str] = (),
    drop: Sequence[str] = (),
    marker: str = "",
) -> Choice:
    """Choose by names and wildcards such as `pixel_*`.

    Unless named, the target is the last column that can be one, and the inputs are all other
    columns of numbers; `x` "all" takes columns of texts and of True and False too.  `RequestError`
    where a name fits no column.
    """
    known = [name for name in names if name]
    dropped = set(_expanded(drop, known, source))
    left = [name for name in known if name not in dropped]
    if marker:
        _expanded([marker], known, source)
        left = [name for name in left if name != marker]
    if len(left) < 2:
        one = "one column is" if left else "no column is"
        cut = " " in "".join(known) and len(known) == 1
        cells = ", with commas, semicolons, tabs or | between cells" if cut else ""
        raise RequestError(f"{source}: {one} not enough; inputs and a target are needed{cells}")
    targets = tuple(_expanded(y, known, source)) or (_last(left, kinds),)
    if not y and kinds[targets[0]] == "names":
        raise RequestError(
            f"{source}: {targets[0]!r}, the last column, holds neither numbers nor classes: "
            f"{_REASONS['names']}; --y names another target, numbers stand without units"
        )
    takes_all = tuple(x) == (ALL,) and ALL not in known
    chosen = [] if takes_all else _expanded(x, known, source)
    for name in targets:
        if name in chosen and name in x:
            raise RequestError(f"{source}: {name!r} can’t be an input and the target")
        if kinds[name] in ("date", "empty"):
            raise RequestError(
                f"{source}: the target {name!r} holds {_REASONS[kinds[name]]}; "
                "numbers or classes can be learnt"
            )
    named = frozenset(name for name in chosen if name in x)
    inputs: list[str] = []
    reasons: dict[str, list[str]] = {why: [] for why in _REASONS.values()}
    for name in chosen or left:
        kind = kinds[name]
        if name in targets or name in dropped or name == marker:
            continue
        if name in named and kind == "date":
            raise RequestError(f"{source}: {name!r} holds dates; they can’t be an input")
        usable = {"number", "text", "truth"} if takes_all or chosen else {"number"}
        if kind in usable or name in named:
            inputs.append(name)
        else:
            reasons[_REASONS[kind]].append(name)
    if not inputs:  # then what counts the rows is better than nothing
        inputs = reasons.pop(_REASONS["index"])
    if not inputs:
        others = [name for name in left if name not in targets]
        texts = [name for name in others if kinds[name] != "names"]
        remedy = f"name some of {listed(texts)} with --x"
        if not texts:
            remedy = f"in {listed(others)} nearly every text is another; numbers have no units"
        raise RequestError(f"{source}: no column of numbers is left as an input; {remedy}")
    notes = [f"left out: {listed(found)} ({why})" for why, found in reasons.items() if found]
    if not y and targets != (left[-1],):
        notes.insert(0, f"target: {targets[0]}, the last column that can be one")
    if not names[0]:
        notes.insert(0, "left out: the first column, which has no name")
    of_values: dict[str, Kind] = {
        name: _USED_AS.get(kinds[name], kinds[name])
        for name in (*inputs, *targets, *([marker] if marker else []))
    }
    used = (*inputs, *targets)
    unused = tuple(each for each in left if each not in used and kinds[each] in ("text", "truth"))
    return Choice(tuple(inputs), targets, of_values, named, marker, unused, tuple(notes))


def _last(names: Sequence[str], kinds: Mapping[str, Kind]) -> str:
    """The last column that can be a target, where there is one, and another to learn it from."""
    able = [name for name in names if kinds[name] in ("number", "truth", "text")]
    return able[-1] if len(able) > 1 else names[-1]


def _expanded(patterns: Sequence[str], names: Sequence[str], source: str) -> list[str]:
    """The columns that these names and wildcards mean, each once, in the order asked for."""
    found: dict[str, None] = {}
    for pattern in patterns:
        if pattern in names:
            found[pattern] = None
            continue
        fitting = [name for name in names if fnmatchcase(name, pattern)]
        if not fitting:
            raise RequestError(
                f"{source}: there is no column {pattern!r}; there are {listed(names)}"
            )
        found |= dict.fromkeys(fitting)
    return list(found)
